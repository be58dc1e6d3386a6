// SPDX-License-Identifier: Apache-2.0
#ifndef INGEST_CSCAN_VECTORS_H
#define INGEST_CSCAN_VECTORS_H

#include "CScan.h"

// Kernels for processors with AVX2. Each converts rows from `from` on as its namesake in CScan.h does, as long as their
// cells are of the most common form, and returns how many rows that were.
//
// They take 32 cells at a time, and one step of all of them before the next step of any: the steps of one cell wait for
// each other, and those of several do not.

#if defined(__x86_64__)

#include <immintrin.h>

#define INGEST_AVX2 __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt")))

#ifdef __cplusplus
extern "C" {
#endif

/// `[-]digits[point digits]` without blanks, of at most 17 digits.
size_t ingest_doubles_avx2(
    const ingest_column *column, size_t from, uint8_t point, double *values, uint8_t *valid, size_t *nulls);

/// `[-]digits` without blanks, of at most 16 digits.
size_t ingest_integers_avx2(
    const ingest_column *column, size_t from, int32_t is_signed, int64_t *values, uint8_t *valid, size_t *nulls);

/// `YYYY-MM-DD?HH:MM:SS` without blanks, with `Z` behind it where `is_zoned`.
size_t ingest_timestamps_avx2(
    const ingest_column *column, size_t from, uint8_t between, int32_t is_zoned, int64_t *values, uint8_t *valid,
    size_t *nulls);

#ifdef __cplusplus
}
#endif

/// The cells that are converted together.
enum { ingest_batch = 32 };

/// From `ingest_kept + n` on, the last `n` of sixteen bytes are ones.
static const uint8_t ingest_kept[32] = {0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,
                                        0,   0,   0,   0,   0,   255, 255, 255, 255, 255, 255,
                                        255, 255, 255, 255, 255, 255, 255, 255, 255, 255};

/// What rows without a value are read from: sixteen digits of zero on either side of its middle.
static const uint8_t ingest_zeros[33] = "00000000000000000000000000000000";

INGEST_AVX2 static inline __m128i ingest_load16(const uint8_t *bytes) {
  return _mm_loadu_si128((const __m128i *)bytes);
}

/// Two numbers of eight digits as one of sixteen.
INGEST_AVX2 static inline uint64_t ingest_joined(__m128i eights) {
  const uint64_t both = (uint64_t)_mm_cvtsi128_si64(eights);
  return (both & 0xFFFFFFFF) * 100000000ULL + (both >> 32);
}

/// Sixteen digits, each a byte of 0 to 9, as two numbers of eight: pairs, then fours, then eights.
INGEST_AVX2 static inline __m128i ingest_eights(__m128i digits) {
  const __m128i pairs = _mm_maddubs_epi16(digits, _mm_set1_epi16(0x010A));
  const __m128i fours = _mm_madd_epi16(pairs, _mm_set1_epi32(0x00010064));
  return _mm_madd_epi16(_mm_packus_epi32(fours, fours), _mm_set1_epi32(0x00012710));
}

#endif
#endif
