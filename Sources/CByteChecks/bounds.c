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

// A text as it is compared: its first eight bytes as a number that orders as they do, with zeros for what is missing.
typedef struct {
  uint64_t word;
  size_t start, size;
} compared_text;

BODY compared_text text_at(const uint8_t *text, size_t start, size_t size, size_t length) {
  compared_text found = {0, start, size};
  if (size == 0) return found;
  const unsigned unused = size < 8 ? (unsigned)(64 - 8 * size) : 0;
  if (length - start >= 8) {
    memcpy(&found.word, text + start, 8);
    found.word = __builtin_bswap64(found.word) >> unused << unused;
  } else {
    memcpy(&found.word, text + start, size);
    found.word = __builtin_bswap64(found.word);
  }
  return found;
}

// The order of two texts whose first eight bytes are the same; only of longer ones is there more to compare.
static int compare_rest(const uint8_t *text, compared_text one, compared_text other) {
  if (one.size > 8 && other.size > 8) {
    const size_t common = one.size < other.size ? one.size : other.size;
    const int order = memcmp(text + one.start + 8, text + other.start + 8, common - 8);
    if (order != 0) return order;
  }
  return one.size < other.size ? -1 : one.size > other.size;
}

int ingest_text_bounds(
    const uint8_t *offsets, const uint8_t *validity, size_t count, const uint8_t *text, int64_t base,
    size_t length, size_t *least, size_t *most) {
  int any = 0;
  compared_text low = {0, 0, 0}, high = {0, 0, 0};
  for (size_t at = 0; at * 64 < count; at++) {
    const size_t rows = rows_at(at, count);
    const uint64_t missing = missing_at(validity, at, count);
    int64_t next = number_at(offsets, at * 64) - base;
    for (size_t row = 0; row < rows; row++) {
      const int64_t start = next;
      next = number_at(offsets, at * 64 + row + 1) - base;
      if (missing >> row & 1) continue;
      if (start < 0 || start > next || (uint64_t)next > length) return -1;
      const compared_text found = text_at(text, (size_t)start, (size_t)(next - start), length);
      if (__builtin_expect(!any, 0)) {
        low = high = found;
        *least = *most = at * 64 + row;
        any = 1;
      } else if (found.word <= low.word && (found.word < low.word || compare_rest(text, found, low) < 0)) {
        low = found;
        *least = at * 64 + row;
      } else if (found.word >= high.word && (found.word > high.word || compare_rest(text, found, high) > 0)) {
        high = found;
        *most = at * 64 + row;
      }
    }
  }
  return any;
}
