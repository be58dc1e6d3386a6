// SPDX-License-Identifier: Apache-2.0
#include "cell.h"
#include "days.h"
#include "vectors.h"

/// Whether eight bytes are digits and separators: `word` holds what is left of each when the pattern's byte is taken off
/// by an exclusive or, so a digit is below ten and a separator is zero.
static inline int fits(uint64_t word, uint64_t slack) {
  return ((word | (word + slack)) & 0x8080808080808080ULL) == 0;
}

#define BYTE(word, k) ((uint32_t)((word) >> (8 * (k))) & 0xFF)
#define PAIR(word, k) (BYTE(word, k) * 10 + BYTE(word, (k) + 1))
#define DIGIT 0x76ULL
#define EXACT 0x7FULL
#define SLACK(a, b, c, d, e, f, g, h) \
  ((a) | (b) << 8 | (c) << 16 | (d) << 24 | (e) << 32 | (f) << 40 | (g) << 48 | (h) << 56)

/// `YYYY-MM-` and `DD?HH:MM`, or a date's first eight bytes.
static inline uint64_t pattern(const char *eight, uint8_t separator, int first, int second) {
  uint64_t word;
  memcpy(&word, eight, 8);
  word |= (uint64_t)separator << (8 * first);
  return second < 0 ? word : word | (uint64_t)separator << (8 * second);
}

static inline int read_date(const uint8_t *text, int32_t order, uint8_t separator, int32_t *days) {
  const uint64_t first = load8(text);
  const uint32_t ninth = text[8] ^ '0', tenth = text[9] ^ '0';
  if (ninth > 9 || tenth > 9) return 0;
  if (order == INGEST_YEAR_MONTH_DAY) {
    const uint64_t word = first ^ pattern("0000\0" "00\0", separator, 4, 7);
    if (!fits(word, SLACK(DIGIT, DIGIT, DIGIT, DIGIT, EXACT, DIGIT, DIGIT, EXACT))) return 0;
    return read_day(PAIR(word, 0) * 100 + PAIR(word, 2), PAIR(word, 5), ninth * 10 + tenth, days);
  }
  const uint64_t word = first ^ pattern("00\0" "00\0" "00", separator, 2, 5);
  if (!fits(word, SLACK(DIGIT, DIGIT, EXACT, DIGIT, DIGIT, EXACT, DIGIT, DIGIT))) return 0;
  const uint32_t year = PAIR(word, 6) * 100 + ninth * 10 + tenth;
  const uint32_t a = PAIR(word, 0), b = PAIR(word, 3);
  return order == INGEST_DAY_MONTH_YEAR ? read_day(year, b, a, days) : read_day(year, a, b, days);
}

size_t ingest_convert_dates(
    const ingest_column *column, size_t from, int32_t order, uint8_t separator, int32_t *values, uint8_t *valid,
    size_t *nulls) {
  const ingest_column c = *column;
  for (size_t row = from; row < c.rows; row++) {
    cell found = cell_at(&c, row);
    if (is_null(&found, &valid[row], nulls)) {
      values[row] = 0;
      continue;
    }
    // Blanks around a cell are rare, and looking for them costs as much as the date.
    if (found.end - found.start != 10) trim(c.text, &found);
    if (found.end - found.start != 10) return row;
    if (!read_date(c.text + found.start, order, separator, &values[row])) return row;
    valid[row] = 1;
  }
  return c.rows;
}

/// The fraction of a second at `*at`, in microseconds; 0 where it has no digit or more than six.
static inline int read_fraction(const uint8_t *text, uint32_t *at, uint32_t end, uint32_t *micros) {
  uint32_t value = 0, digits = 0;
  for (; *at < end && (uint8_t)(text[*at] - '0') <= 9; ++*at) {
    if (++digits > 6) return 0;
    value = value * 10 + (uint32_t)(text[*at] - '0');
  }
  if (digits == 0) return 0;
  for (; digits < 6; digits++) value *= 10;
  *micros = value;
  return 1;
}

size_t ingest_convert_timestamps(
    const ingest_column *column, size_t from, uint8_t between, int32_t is_zoned, int64_t *values, uint8_t *valid,
    size_t *nulls) {
  const ingest_column c = *column;
  const uint64_t clock_pattern = pattern("00\0" "00:00", between, 2, -1);
  const uint64_t date_pattern = pattern("0000-00-", 0, 0, -1);
  for (size_t row = from; row < c.rows; row++) {
#if defined(__x86_64__)
    if (c.set == INGEST_SCAN_AVX2) row += ingest_timestamps_avx2(&c, row, between, is_zoned, values, valid, nulls);
    if (row == c.rows) break;
#endif
    cell found = cell_at(&c, row);
    if (is_null(&found, &valid[row], nulls)) {
      values[row] = 0;
      continue;
    }
    trim(c.text, &found);
    uint32_t end = found.end;
    if (is_zoned) {
      if (end - found.start < 17 || c.text[end - 1] != 'Z') return row;
      end--;
    }
    if (end - found.start < 16) return row;
    const uint8_t *text = c.text + found.start;
    const uint64_t date = load8(text) ^ date_pattern;
    const uint64_t clock = load8(text + 8) ^ clock_pattern;
    if (!fits(date, SLACK(DIGIT, DIGIT, DIGIT, DIGIT, EXACT, DIGIT, DIGIT, EXACT)) ||
        !fits(clock, SLACK(DIGIT, DIGIT, EXACT, DIGIT, DIGIT, EXACT, DIGIT, DIGIT)))
      return row;
    int32_t days;
    if (!read_day(PAIR(date, 0) * 100 + PAIR(date, 2), PAIR(date, 5), PAIR(clock, 0), &days)) return row;
    const uint32_t hour = PAIR(clock, 3), minute = PAIR(clock, 6);
    if (hour > 23 || minute > 59) return row;
    uint32_t second = 0, micros = 0, at = found.start + 16;
    if (at < end) {
      if (end - at < 3 || c.text[at] != ':') return row;
      const uint32_t tens = c.text[at + 1] ^ '0', ones = c.text[at + 2] ^ '0';
      if (tens > 5 || ones > 9) return row;
      second = tens * 10 + ones;
      at += 3;
      if (at < end) {
        if (c.text[at] != '.') return row;
        at++;
        if (!read_fraction(c.text, &at, end, &micros) || at != end) return row;
      }
    }
    values[row] =
        ((int64_t)days * 86400 + (int64_t)(hour * 3600 + minute * 60 + second)) * 1000000 + (int64_t)micros;
    valid[row] = 1;
  }
  return c.rows;
}
