// SPDX-License-Identifier: Apache-2.0
#include "cell.h"
#include "days.h"
#include "vectors.h"

#if defined(__x86_64__)

typedef struct {
  /// Nothing for rows without a value.
  const uint8_t *text[ingest_batch];
  uint16_t year[ingest_batch], month_day[ingest_batch], minutes[ingest_batch], seconds[ingest_batch];
} times;

/// Finds the cells from row `from` on that are as long as a timestamp is; returns how many there are before another.
INGEST_AVX2 static inline size_t find_times(
    const ingest_column *c, size_t from, size_t count, uint32_t length, times *t, uint8_t *valid) {
  size_t k = 0;
  for (; k < count; k++) {
    const cell found = cell_at(c, from + k);
    if (found.start == found.end && !found.is_quoted) {
      t->text[k] = 0;
      valid[from + k] = 0;
      continue;
    }
    if (found.end - found.start != length) break;
    t->text[k] = c->text + found.start;
    valid[from + k] = 1;
  }
  return k;
}

/// Reads the parts of the timestamps; returns how many there are before one of another form.
INGEST_AVX2 static inline size_t read_parts(times *t, size_t count, uint8_t between, int32_t is_zoned) {
  const char b = (char)between;
  const __m128i form = _mm_setr_epi8('0', '0', '0', '0', '-', '0', '0', '-', '0', '0', b, '0', '0', ':', '0', '0');
  const __m128i most = _mm_setr_epi8(9, 9, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9);
  // The digits side by side: year, month and day, hour and minute.
  const __m128i order = _mm_setr_epi8(0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, -1, -1, -1, -1);
  const __m128i weights = _mm_setr_epi16(100, 1, 100, 1, 60, 1, 0, 0);
  for (size_t k = 0; k < count; k++) {
    const uint8_t *text = t->text[k];
    if (!text) continue;
    const __m128i parts = _mm_sub_epi8(ingest_load16(text), form);
    const __m128i others = _mm_subs_epu8(parts, most);
    const uint32_t tens = text[17] ^ '0', ones = text[18] ^ '0';
    const int is_tail = (text[16] == ':') & (tens <= 5) & (ones <= 9) & (!is_zoned | (text[18 + !!is_zoned] == 'Z'));
    if (!_mm_testz_si128(others, others) | !is_tail) return k;
    const __m128i pairs = _mm_maddubs_epi16(_mm_shuffle_epi8(parts, order), _mm_set1_epi16(0x010A));
    // A minute of 60 and more would hide in the next hour.
    if (_mm_extract_epi16(pairs, 4) > 23 || _mm_extract_epi16(pairs, 5) > 59) return k;
    const __m128i values = _mm_madd_epi16(pairs, weights);
    t->year[k] = (uint16_t)_mm_extract_epi16(values, 0);
    t->month_day[k] = (uint16_t)_mm_extract_epi16(values, 2);
    t->minutes[k] = (uint16_t)_mm_extract_epi16(values, 4);
    t->seconds[k] = (uint16_t)(tens * 10 + ones);
  }
  return count;
}

INGEST_AVX2 static inline size_t add_up(const times *t, size_t count, int64_t *values) {
  for (size_t k = 0; k < count; k++) {
    if (!t->text[k]) {
      values[k] = 0;
      continue;
    }
    int32_t days;
    if (!read_day(t->year[k], t->month_day[k] / 100U, t->month_day[k] % 100U, &days)) return k;
    values[k] = ((int64_t)days * 86400 + t->minutes[k] * 60 + t->seconds[k]) * 1000000;
  }
  return count;
}

INGEST_AVX2 size_t ingest_timestamps_avx2(
    const ingest_column *column, size_t from, uint8_t between, int32_t is_zoned, int64_t *values, uint8_t *valid,
    size_t *nulls) {
  const ingest_column c = *column;
  times t;
  size_t row = from;
  while (row < c.rows) {
    const size_t wanted = c.rows - row < ingest_batch ? c.rows - row : ingest_batch;
    const size_t found = find_times(&c, row, wanted, 19 + (is_zoned != 0), &t, valid);
    const size_t done = add_up(&t, read_parts(&t, found, between, is_zoned), values + row);
    for (size_t k = 0; k < done; k++) *nulls += !valid[row + k];
    row += done;
    if (done < wanted) break;
  }
  return row - from;
}

#endif
