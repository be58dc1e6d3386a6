// SPDX-License-Identifier: Apache-2.0
#include "vectors.h"

#if defined(__x86_64__)
#include <emmintrin.h>

// Sixteen bytes at a time, as every x86-64 can.

static inline uint32_t bits_of(__m128i low, __m128i high) {
  return (uint32_t)_mm_movemask_epi8(low) | (uint32_t)_mm_movemask_epi8(high) << 16;
}

static inline __m128i are_special(__m128i bytes) {
  const __m128i quotes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
  const __m128i slashes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
  const __m128i controls = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes);
  return _mm_or_si128(_mm_or_si128(quotes, slashes), controls);
}

static inline __m128i are_digits(__m128i bytes) {
  const __m128i values = _mm_sub_epi8(bytes, _mm_set1_epi8('0'));
  return _mm_cmpeq_epi8(_mm_min_epu8(values, _mm_set1_epi8(9)), values);
}

static inline uint32_t sse2_specials(const uint8_t *bytes) {
  const __m128i low = _mm_loadu_si128((const __m128i *)bytes), high = _mm_loadu_si128((const __m128i *)(bytes + 16));
  return bits_of(are_special(low), are_special(high));
}

static inline uint32_t sse2_digits(const uint8_t *bytes, uint32_t *points) {
  const __m128i low = _mm_loadu_si128((const __m128i *)bytes), high = _mm_loadu_si128((const __m128i *)(bytes + 16));
  const __m128i point = _mm_set1_epi8('.');
  *points = bits_of(_mm_cmpeq_epi8(low, point), _mm_cmpeq_epi8(high, point));
  return bits_of(are_digits(low), are_digits(high));
}

#define TARGET
#define NAME(x) sse2_##x
#include "values.inc"
#include "records.inc"

const json_set ingest_json_sse2 = {sse2_take, sse2_skip};

#endif
