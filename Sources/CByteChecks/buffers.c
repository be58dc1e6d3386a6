// SPDX-License-Identifier: Apache-2.0

// Plain loops without a way out inside, which the compiler turns into vectors. Each exists twice: for AVX2, and for any
// machine of the architecture.

#include "CByteChecks.h"
#include "machines.h"

BODY size_t count_bits(const uint8_t *bytes, size_t count) {
  size_t bits = 0, whole = count / 8;
  for (size_t at = 0; at < whole; at++) bits += (size_t)__builtin_popcountll(word_at(bytes, at));
  for (size_t at = whole * 8; at < count; at++) bits += (size_t)__builtin_popcount(bytes[at]);
  return bits;
}
COMPILED_FOR_EACH_MACHINE(size_t, count_bits, (const uint8_t *bytes, size_t count), (bytes, count))

BODY int is_zero(const uint8_t *bytes, size_t count) {
  uint8_t any = 0;
  for (size_t at = 0; at < count; at++) any |= bytes[at];
  return any == 0;
}
COMPILED_FOR_EACH_MACHINE(int, is_zero, (const uint8_t *bytes, size_t count), (bytes, count))

BODY int is_subset(const uint8_t *bits, const uint8_t *allowed, size_t count) {
  uint8_t any = 0;
  for (size_t at = 0; at < count; at++) any |= bits[at] & (uint8_t)~allowed[at];
  return any == 0;
}
COMPILED_FOR_EACH_MACHINE(
    int, is_subset, (const uint8_t *bits, const uint8_t *allowed, size_t count), (bits, allowed, count))

BODY int are_days(const uint8_t *values, size_t count, int32_t least, int32_t most) {
  int wrong = 0;
  for (size_t at = 0; at < count; at++) {
    const int32_t value = number_at(values, at);
    wrong |= (value < least) | (value > most);
  }
  return !wrong;
}
COMPILED_FOR_EACH_MACHINE(
    int, are_days, (const uint8_t *values, size_t count, int32_t least, int32_t most), (values, count, least, most))

BODY int are_times(const uint8_t *values, size_t count, int64_t least, int64_t most) {
  int64_t wrong = 0;
  for (size_t at = 0; at < count; at++) {
    const int64_t value = (int64_t)word_at(values, at);
    wrong |= (int64_t)((value < least) | (value > most));
  }
  return !wrong;
}
COMPILED_FOR_EACH_MACHINE(
    int, are_times, (const uint8_t *values, size_t count, int64_t least, int64_t most), (values, count, least, most))

// Sixty-four rows at a time, of which mostly all have a value, or none has.
BODY int are_words_zero(const uint8_t *values, const uint8_t *validity, size_t count) {
  uint64_t any = 0;
  for (size_t at = 0; at * 64 < count; at++) {
    const uint64_t missing = missing_at(validity, at, count);
    if (missing == 0) continue;
    const size_t rows = count - at * 64 < 64 ? count - at * 64 : 64;
    for (size_t row = 0; row < rows; row++)
      any |= word_at(values, at * 64 + row) & (0 - (missing >> row & 1));
  }
  return any == 0;
}

BODY int are_numbers_zero(const uint8_t *values, const uint8_t *validity, size_t count) {
  uint32_t any = 0;
  for (size_t at = 0; at * 64 < count; at++) {
    const uint64_t missing = missing_at(validity, at, count);
    if (missing == 0) continue;
    const size_t rows = count - at * 64 < 64 ? count - at * 64 : 64;
    for (size_t row = 0; row < rows; row++)
      any |= (uint32_t)number_at(values, at * 64 + row) & (uint32_t)(0 - (missing >> row & 1));
  }
  return any == 0;
}

BODY int are_bytes_zero(const uint8_t *values, size_t width, const uint8_t *validity, size_t count) {
  uint8_t any = 0;
  for (size_t at = 0; at * 64 < count; at++) {
    for (uint64_t missing = missing_at(validity, at, count); missing != 0; missing &= missing - 1) {
      const size_t row = at * 64 + (size_t)__builtin_ctzll(missing);
      for (size_t byte = 0; byte < width; byte++) any |= values[row * width + byte];
    }
  }
  return any == 0;
}

BODY int are_nulls_zero(const uint8_t *values, size_t width, const uint8_t *validity, size_t count) {
  switch (width) {
  case 4: return are_numbers_zero(values, validity, count);
  case 8: return are_words_zero(values, validity, count);
  default: return are_bytes_zero(values, width, validity, count);
  }
}
COMPILED_FOR_EACH_MACHINE(
    int, are_nulls_zero, (const uint8_t *values, size_t width, const uint8_t *validity, size_t count),
    (values, width, validity, count))

BODY int are_offsets(const uint8_t *offsets, const uint8_t *validity, size_t count) {
  int wrong = 0;
  for (size_t row = 0; row < count; row++) wrong |= number_at(offsets, row + 1) < number_at(offsets, row);
  for (size_t at = 0; at * 64 < count; at++) {
    const uint64_t missing = missing_at(validity, at, count);
    if (missing == 0) continue;
    const size_t rows = count - at * 64 < 64 ? count - at * 64 : 64;
    for (size_t row = 0; row < rows; row++) {
      const size_t place = at * 64 + row;
      const int differs = number_at(offsets, place + 1) != number_at(offsets, place);
      wrong |= differs & (int)(missing >> row & 1);
    }
  }
  return !wrong;
}
COMPILED_FOR_EACH_MACHINE(
    int, are_offsets, (const uint8_t *offsets, const uint8_t *validity, size_t count), (offsets, validity, count))

int ingest_are_boundaries(
    const uint8_t *offsets, size_t count, const uint8_t *text, int64_t base, size_t length, size_t *used) {
  int wrong = 0;
  size_t row = 0;
  for (; row < count; row++) {
    const int64_t place = number_at(offsets, row) - base;
    if (place < 0) continue;
    if ((uint64_t)place >= length) break;
    wrong |= (text[place] & 0xC0) == 0x80;
  }
  *used = row;
  return !wrong;
}
