// SPDX-License-Identifier: Apache-2.0
#include "cell.h"
#include "vectors.h"

#if defined(__x86_64__)

typedef struct {
  const uint8_t *end[ingest_batch];
  uint32_t digits[ingest_batch], is_negative[ingest_batch];
} integers;

/// Finds the digits of the numbers from row `from` on; returns how many there are before something else.
INGEST_AVX2 static inline size_t find_digits(
    const ingest_column *c, size_t from, size_t count, uint32_t is_signed, integers *n, uint8_t *valid) {
  size_t k = 0;
  for (; k < count; k++) {
    const cell found = cell_at(c, from + k);
    if (found.start == found.end) {
      if (found.is_quoted) break;
      n->end[k] = ingest_zeros + 16;
      n->digits[k] = n->is_negative[k] = 0;
      valid[from + k] = 0;
      continue;
    }
    const uint32_t is_negative = is_signed & (c->text[found.start] == '-');
    const uint32_t start = found.start + is_negative, digits = found.end - start;
    // The vector is read from sixteen bytes before the end.
    if (start < 16 || (digits - 1 > 15) | ((c->text[start] == '0') & ((digits > 1) | is_negative))) break;
    n->end[k] = c->text + found.end;
    n->digits[k] = digits;
    n->is_negative[k] = is_negative;
    valid[from + k] = 1;
  }
  return k;
}

/// Reads the numbers; returns how many there are before something that is no digit.
INGEST_AVX2 static inline size_t read_integers(const integers *n, size_t count, int64_t *values) {
  for (size_t k = 0; k < count; k++) {
    const __m128i keep = ingest_load16(ingest_kept + n->digits[k]);
    const __m128i digits = _mm_and_si128(_mm_sub_epi8(ingest_load16(n->end[k] - 16), _mm_set1_epi8('0')), keep);
    const __m128i others = _mm_subs_epu8(digits, _mm_set1_epi8(9));
    if (!_mm_testz_si128(others, others)) return k;
    const int64_t value = (int64_t)ingest_joined(ingest_eights(digits));
    const int64_t sign = -(int64_t)n->is_negative[k];
    values[k] = (value ^ sign) - sign;
  }
  return count;
}

INGEST_AVX2 size_t ingest_integers_avx2(
    const ingest_column *column, size_t from, int32_t is_signed, int64_t *values, uint8_t *valid, size_t *nulls) {
  const ingest_column c = *column;
  integers n;
  size_t row = from;
  while (row < c.rows) {
    const size_t wanted = c.rows - row < ingest_batch ? c.rows - row : ingest_batch;
    const size_t done = read_integers(&n, find_digits(&c, row, wanted, is_signed != 0, &n, valid), values + row);
    for (size_t k = 0; k < done; k++) *nulls += !valid[row + k];
    row += done;
    if (done < wanted) break;
  }
  return row - from;
}

#endif
