// SPDX-License-Identifier: Apache-2.0

// The least and the greatest of a column's values, in loops that the compiler turns into vectors where all rows have one.

#include "CByteChecks.h"
#include "machines.h"

// The rows of the word at `index`.
BODY size_t rows_at(size_t index, size_t count) { return count - index * 64 < 64 ? count - index * 64 : 64; }

BODY void word_bounds(
    const uint8_t *values, const uint8_t *validity, size_t count, uint64_t flip, int64_t *least, int64_t *most) {
  int64_t low = *least, high = *most;
  for (size_t at = 0; at * 64 < count; at++) {
    const size_t rows = rows_at(at, count);
    const uint64_t missing = missing_at(validity, at, count);
    if (missing == 0 && rows == 64) {
      for (size_t row = 0; row < 64; row++) {
        const int64_t value = (int64_t)(word_at(values, at * 64 + row) ^ flip);
        low = value < low ? value : low;
        high = value > high ? value : high;
      }
    } else {
      for (size_t row = 0; row < rows; row++) {
        if (missing >> row & 1) continue;
        const int64_t value = (int64_t)(word_at(values, at * 64 + row) ^ flip);
        low = value < low ? value : low;
        high = value > high ? value : high;
      }
    }
  }
  *least = low;
  *most = high;
}
COMPILED_FOR_EACH_MACHINE(
    void, word_bounds,
    (const uint8_t *values, const uint8_t *validity, size_t count, uint64_t flip, int64_t *least, int64_t *most),
    (values, validity, count, flip, least, most))

BODY void day_bounds(
    const uint8_t *values, const uint8_t *validity, size_t count, int64_t *least, int64_t *most) {
  int32_t low = INT32_MAX, high = INT32_MIN;
  for (size_t at = 0; at * 64 < count; at++) {
    const size_t rows = rows_at(at, count);
    const uint64_t missing = missing_at(validity, at, count);
    for (size_t row = 0; row < rows; row++) {
      if (missing >> row & 1) continue;
      const int32_t value = number_at(values, at * 64 + row);
      low = value < low ? value : low;
      high = value > high ? value : high;
    }
  }
  // Nothing was there where the least is above the greatest.
  if (low > high) return;
  if (low < *least) *least = low;
  if (high > *most) *most = high;
}
COMPILED_FOR_EACH_MACHINE(
    void, day_bounds,
    (const uint8_t *values, const uint8_t *validity, size_t count, int64_t *least, int64_t *most),
    (values, validity, count, least, most))

BODY double float_at(const uint8_t *bytes, size_t index) {
  const uint64_t word = word_at(bytes, index);
  double value;
  memcpy(&value, &word, 8);
  return value;
}

// No comparison with a NaN is true, so that it is passed over.
BODY void float_bounds(const uint8_t *values, const uint8_t *validity, size_t count, double *least, double *most) {
  double low = *least, high = *most;
  for (size_t at = 0; at * 64 < count; at++) {
    const size_t rows = rows_at(at, count);
    const uint64_t missing = missing_at(validity, at, count);
    if (missing == 0 && rows == 64) {
      for (size_t row = 0; row < 64; row++) {
        const double value = float_at(values, at * 64 + row);
        low = value < low ? value : low;
        high = value > high ? value : high;
      }
    } else {
      for (size_t row = 0; row < rows; row++) {
        if (missing >> row & 1) continue;
        const double value = float_at(values, at * 64 + row);
        low = value < low ? value : low;
        high = value > high ? value : high;
      }
    }
  }
  *least = low;
  *most = high;
}
COMPILED_FOR_EACH_MACHINE(
    void, float_bounds,
    (const uint8_t *values, const uint8_t *validity, size_t count, double *least, double *most),
    (values, validity, count, least, most))

// The first eight bytes as a number that compares as they do; what is missing counts as zero.
BODY uint64_t start_of(const uint8_t *text, size_t start, size_t end, size_t length) {
  uint64_t word = 0;
  if (length - start >= 8) {
    memcpy(&word, text + start, 8);
    word = __builtin_bswap64(word);
    return end - start >= 8 ? word : end == start ? 0 : word & ~(uint64_t)0 << (64 - 8 * (end - start));
  }
  memcpy(&word, text + start, end - start);
  return __builtin_bswap64(word);
}

static int compare(const uint8_t *text, size_t start, size_t end, size_t other, size_t other_end) {
  const size_t size = end - start, other_size = other_end - other, common = size < other_size ? size : other_size;
  const int order = memcmp(text + start, text + other, common);
  return order != 0 ? order : size < other_size ? -1 : size > other_size;
}

int ingest_text_bounds(
    const uint8_t *offsets, const uint8_t *validity, size_t count, const uint8_t *text, int64_t base,
    size_t length, size_t *least, size_t *most) {
  int any = 0;
  uint64_t low = 0, high = 0;
  size_t low_start = 0, low_end = 0, high_start = 0, high_end = 0;
  for (size_t at = 0; at * 64 < count; at++) {
    const size_t rows = rows_at(at, count);
    const uint64_t missing = missing_at(validity, at, count);
    for (size_t row = 0; row < rows; row++) {
      if (missing >> row & 1) continue;
      const size_t start = (size_t)(number_at(offsets, at * 64 + row) - base);
      const size_t end = (size_t)(number_at(offsets, at * 64 + row + 1) - base);
      if (start > end || end > length) return -1;
      const uint64_t word = start_of(text, start, end, length);
      if (!any || word < low || (word == low && compare(text, start, end, low_start, low_end) < 0)) {
        low = word, low_start = start, low_end = end;
        *least = at * 64 + row;
      }
      if (!any || word > high || (word == high && compare(text, start, end, high_start, high_end) > 0)) {
        high = word, high_start = start, high_end = end;
        *most = at * 64 + row;
      }
      any = 1;
    }
  }
  return any;
}
