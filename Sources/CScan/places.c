// SPDX-License-Identifier: Apache-2.0
#include "CScan.h"
#include "vectors.h"

// A set has a bit for each high half of an ASCII byte, kept by its low half: sixteen bytes that one shuffle looks up.

static inline int holds(const uint8_t set[16], uint8_t byte) {
  return byte < 0x80 && (set[byte & 15] >> (byte >> 4) & 1);
}

#if defined(__x86_64__)

INGEST_AVX2 static inline uint32_t found32(__m256i set, const uint8_t *bytes) {
  const __m256i half = _mm256_set1_epi8(0x0F);
  const __m256i bits = _mm256_setr_epi8(
      1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0);
  const __m256i text = _mm256_loadu_si256((const __m256i *)bytes);
  const __m256i low = _mm256_shuffle_epi8(set, _mm256_and_si256(text, half));
  const __m256i high = _mm256_shuffle_epi8(bits, _mm256_and_si256(_mm256_srli_epi16(text, 4), half));
  const __m256i none = _mm256_cmpeq_epi8(_mm256_and_si256(low, high), _mm256_setzero_si256());
  return ~(uint32_t)_mm256_movemask_epi8(none);
}

/// As its namesake without a suffix does, for whole words of 64 bytes.
INGEST_AVX2 static size_t find_avx2(const uint8_t *text, size_t words, const uint8_t set[16], uint32_t *places) {
  const __m256i wanted = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)set));
  uint32_t *out = places;
  for (size_t word = 0; word < words; word++) {
    const uint32_t at = (uint32_t)(64 * word);
    uint64_t rest = found32(wanted, text + at) | (uint64_t)found32(wanted, text + at + 32) << 32;
    for (; rest; rest &= rest - 1) *out++ = at + (uint32_t)__builtin_ctzll(rest);
  }
  return (size_t)(out - places);
}

#endif

size_t ingest_find_places(
    int32_t set, const uint8_t *text, size_t length, const uint8_t *wanted, uint32_t *places) {
  size_t count = 0, at = 0;
#if defined(__x86_64__)
  if (set == INGEST_SCAN_AVX2) {
    count = find_avx2(text, length / 64, wanted, places);
    at = length / 64 * 64;
  }
#else
  (void)set;
#endif
  for (; at < length; at++) {
    places[count] = (uint32_t)at;
    count += (size_t)holds(wanted, text[at]);
  }
  return count;
}

size_t ingest_count_short_cells(
    const uint32_t *ends, size_t columns, uint32_t start, uint32_t gap, int32_t has_quotes) {
  const uint32_t other = has_quotes ? 2 : 0;
  uint32_t count = ends[0] == start || ends[0] == start + other;
  for (size_t column = 1; column < columns; column++) {
    const uint32_t length = ends[column] - ends[column - 1] - gap;
    count += (length == 0) | (length == other);
  }
  return count;
}
