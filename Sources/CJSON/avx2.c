// SPDX-License-Identifier: Apache-2.0
#include "vectors.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define TARGET __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt")))

TARGET static inline uint32_t bits_of(__m256i bytes) { return (uint32_t)_mm256_movemask_epi8(bytes); }

TARGET static inline uint32_t avx2_specials(const uint8_t *text) {
  const __m256i bytes = _mm256_loadu_si256((const __m256i *)text);
  const __m256i quotes = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('"'));
  const __m256i slashes = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\\'));
  const __m256i controls = _mm256_cmpeq_epi8(_mm256_min_epu8(bytes, _mm256_set1_epi8(0x1F)), bytes);
  return bits_of(_mm256_or_si256(_mm256_or_si256(quotes, slashes), controls));
}

TARGET static inline uint32_t avx2_digits(const uint8_t *text, uint32_t *points) {
  const __m256i bytes = _mm256_loadu_si256((const __m256i *)text);
  const __m256i values = _mm256_sub_epi8(bytes, _mm256_set1_epi8('0'));
  *points = bits_of(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('.')));
  return bits_of(_mm256_cmpeq_epi8(_mm256_min_epu8(values, _mm256_set1_epi8(9)), values));
}

#define NAME(x) avx2_##x
#include "values.inc"
#include "records.inc"

const json_set ingest_json_avx2 = {avx2_take, avx2_skip};

#endif
