// SPDX-License-Identifier: Apache-2.0

// The least and the greatest of a column's values, in loops that the compiler turns into vectors where all rows have one.

#include "CByteChecks.h"
#include "machines.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

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

// The bytes of a word that texts of 0 to 8 bytes have.
static const uint64_t used_bytes[9] = {
    0, 0xFFULL << 56, 0xFFFFULL << 48, 0xFFFFFFULL << 40, 0xFFFFFFFFULL << 32, 0xFFFFFFFFFFULL << 24,
    0xFFFFFFFFFFFFULL << 16, 0xFFFFFFFFFFFFFFULL << 8, ~0ULL};

// Which texts are short or without a byte is hard to foresee, so nothing branches on it.
BODY compared_text text_at(const uint8_t *text, size_t start, size_t size, size_t length) {
  uint64_t word = 0;
  if (__builtin_expect(length - start >= 8, 1)) {
    memcpy(&word, text + start, 8);
  } else {
    memcpy(&word, text + start, size < 8 ? size : 8);
  }
  return (compared_text){__builtin_bswap64(word) & used_bytes[size < 8 ? size : 8], start, size};
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

BODY uint64_t word_from(const uint8_t *text, int32_t at) {
  uint64_t word;
  memcpy(&word, text + at, 8);
  return word;
}

// What is known of a column's texts so far.
typedef struct {
  compared_text low, high;
  size_t least, most;
  int any;
} bounds;

BODY void add_text(bounds *known, const uint8_t *text, compared_text found, size_t row) {
  if (!known->any) {
    known->low = known->high = found;
    known->least = known->most = row;
    known->any = 1;
  } else if (found.word <= known->low.word &&
             (found.word < known->low.word || compare_rest(text, found, known->low) < 0)) {
    known->low = found;
    known->least = row;
  } else if (found.word >= known->high.word &&
             (found.word > known->high.word || compare_rest(text, found, known->high) > 0)) {
    known->high = found;
    known->most = row;
  }
}

// Adds rows of one word of the validity, from `from` on. Returns whether their offsets lie in the text.
static int add_rows(
    bounds *known, const uint8_t *offsets, uint64_t missing, size_t at, size_t from, size_t to, const uint8_t *text,
    int64_t base, size_t length) {
  for (size_t row = from; row < to; row++) {
    const int64_t start = number_at(offsets, at * 64 + row) - base;
    const int64_t end = number_at(offsets, at * 64 + row + 1) - base;
    if (start < 0 || start > end || (uint64_t)end > length) return 0;
    if (missing >> row & 1) continue;
    add_text(known, text, text_at(text, (size_t)start, (size_t)(end - start), length), at * 64 + row);
  }
  return 1;
}

#if defined(__x86_64__)
// Four texts at a time: most lie between the bounds, or are one of them again. The others go through `add_rows`.
__attribute__((target("avx2"))) static int add_word_avx2(
    bounds *known, const uint8_t *offsets, uint64_t missing, size_t at, size_t rows, const uint8_t *text, int64_t base,
    size_t length) {
  const __m256i sign = _mm256_set1_epi64x(INT64_MIN);
  const __m256i reversed = _mm256_broadcastsi128_si256(_mm_setr_epi8(7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8));
  const __m128i first = _mm_set1_epi32((int32_t)base), last = _mm_set1_epi32((int32_t)(base + (int64_t)length));
  // Eight bytes can be read from here on.
  const __m128i readable = _mm_set1_epi32((int32_t)(base + (int64_t)length - 8));
  __m256i low, high, low_size, high_size;
  size_t row = 0;
  int is_fresh = 0;
  for (; row + 4 <= rows; row += 4) {
    if (!is_fresh) {
      low = _mm256_set1_epi64x((int64_t)known->low.word);
      high = _mm256_set1_epi64x((int64_t)known->high.word);
      // No text has the size -1.
      low_size = _mm256_set1_epi64x(known->any && known->low.size <= 8 ? (int64_t)known->low.size : -1);
      high_size = _mm256_set1_epi64x(known->any && known->high.size <= 8 ? (int64_t)known->high.size : -1);
      is_fresh = 1;
    }
    const __m128i starts = _mm_loadu_si128((const __m128i *)(offsets + (at * 64 + row) * 4));
    const __m128i ends = _mm_loadu_si128((const __m128i *)(offsets + (at * 64 + row + 1) * 4));
    const __m128i unsound = _mm_or_si128(
        _mm_or_si128(_mm_cmpgt_epi32(first, starts), _mm_cmpgt_epi32(starts, ends)),
        _mm_or_si128(_mm_cmpgt_epi32(ends, last), _mm_cmpgt_epi32(starts, readable)));
    unsigned is_known = 0;
    if (__builtin_expect(_mm_movemask_epi8(unsound) == 0, 1)) {
      const __m128i places = _mm_sub_epi32(starts, first);
      const __m256i sizes = _mm256_cvtepi32_epi64(_mm_sub_epi32(ends, starts));
      const __m256i words = _mm256_shuffle_epi8(
          _mm256_setr_epi64x(
              (int64_t)word_from(text, _mm_extract_epi32(places, 0)), (int64_t)word_from(text, _mm_extract_epi32(places, 1)),
              (int64_t)word_from(text, _mm_extract_epi32(places, 2)), (int64_t)word_from(text, _mm_extract_epi32(places, 3))),
          reversed);
      const __m256i eight = _mm256_set1_epi64x(8);
      const __m256i is_long = _mm256_cmpgt_epi64(sizes, eight);
      const __m256i shifts = _mm256_slli_epi64(_mm256_sub_epi64(eight, _mm256_blendv_epi8(sizes, eight, is_long)), 3);
      const __m256i found = _mm256_sllv_epi64(_mm256_srlv_epi64(words, shifts), shifts);
      const __m256i ordered = _mm256_xor_si256(found, sign);
      const __m256i lies_within = _mm256_and_si256(
          _mm256_cmpgt_epi64(ordered, _mm256_xor_si256(low, sign)),
          _mm256_cmpgt_epi64(_mm256_xor_si256(high, sign), ordered));
      const __m256i is_low = _mm256_and_si256(_mm256_cmpeq_epi64(found, low), _mm256_cmpeq_epi64(sizes, low_size));
      const __m256i is_high = _mm256_and_si256(_mm256_cmpeq_epi64(found, high), _mm256_cmpeq_epi64(sizes, high_size));
      is_known = (unsigned)_mm256_movemask_pd(
          _mm256_castsi256_pd(_mm256_or_si256(lies_within, _mm256_or_si256(is_low, is_high))));
      is_known |= (unsigned)(missing >> row) & 15;
    }
    if (__builtin_expect(is_known == 15, 1)) continue;
    if (!add_rows(known, offsets, missing, at, row, row + 4, text, base, length)) return 0;
    is_fresh = 0;
  }
  return add_rows(known, offsets, missing, at, row, rows, text, base, length);
}
#endif

int ingest_text_bounds(
    int vectors, const uint8_t *offsets, const uint8_t *validity, size_t count, const uint8_t *text, int64_t base,
    size_t length, size_t *least, size_t *most) {
  bounds known = {{0, 0, 0}, {0, 0, 0}, 0, 0, 0};
  for (size_t at = 0; at * 64 < count; at++) {
    const size_t rows = rows_at(at, count);
    const uint64_t missing = missing_at(validity, at, count);
    int is_sound;
#if defined(__x86_64__)
    if (vectors == INGEST_AVX2 && base >= 0 && base + (int64_t)length <= INT32_MAX && length >= 8) {
      is_sound = add_word_avx2(&known, offsets, missing, at, rows, text, base, length);
    } else
#endif
      is_sound = add_rows(&known, offsets, missing, at, 0, rows, text, base, length);
    if (!is_sound) return -1;
  }
  (void)vectors;
  *least = known.least;
  *most = known.most;
  return known.any;
}
