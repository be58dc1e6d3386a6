// SPDX-License-Identifier: Apache-2.0
#include "general.h"

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

// MARK: Portable: eight bytes at a time

static inline uint64_t equal_bytes(const uint8_t *bytes, uint8_t wanted) {
  uint64_t mask = 0;
  for (int word = 0; word < 8; word++) {
    uint64_t eight;
    memcpy(&eight, bytes + 8 * word, 8);
    const uint64_t low = 0x7F7F7F7F7F7F7F7FULL;
    const uint64_t other = eight ^ (0x0101010101010101ULL * wanted);
    // The high bit of each byte that is zero, without a carry between bytes; then all of them side by side.
    const uint64_t zeros = ~(((other & low) + low) | other | low);
    mask |= ((zeros >> 7) * 0x0102040810204080ULL >> 56) << (8 * word);
  }
  return mask;
}

static inline void masks_portable(
    const uint8_t *bytes, ingest_structure s, uint64_t *delimiters, uint64_t *quotes, uint64_t *newlines,
    uint64_t *returns) {
  *delimiters = equal_bytes(bytes, s.delimiter);
  *quotes = s.quote ? equal_bytes(bytes, s.quote) : 0;
  *newlines = equal_bytes(bytes, '\n');
  *returns = equal_bytes(bytes, '\r');
}

#define SCAN_NAME scan_portable
#define SCAN_TARGET
#define SCAN_MASKS masks_portable
#define SCAN_EQUAL equal_bytes
#include "scans.inc"

#if defined(__x86_64__)

// MARK: SSE2, which every x86-64 has

static inline uint64_t equal_sse2(const __m128i *four, uint8_t wanted) {
  const __m128i all = _mm_set1_epi8((char)wanted);
  const uint64_t a = (uint16_t)_mm_movemask_epi8(_mm_cmpeq_epi8(four[0], all));
  const uint64_t b = (uint16_t)_mm_movemask_epi8(_mm_cmpeq_epi8(four[1], all));
  const uint64_t c = (uint16_t)_mm_movemask_epi8(_mm_cmpeq_epi8(four[2], all));
  const uint64_t d = (uint16_t)_mm_movemask_epi8(_mm_cmpeq_epi8(four[3], all));
  return a | b << 16 | c << 32 | d << 48;
}

static inline void masks_sse2(
    const uint8_t *bytes, ingest_structure s, uint64_t *delimiters, uint64_t *quotes, uint64_t *newlines,
    uint64_t *returns) {
  __m128i four[4];
  for (int k = 0; k < 4; k++) four[k] = _mm_loadu_si128((const __m128i *)(bytes + 16 * k));
  *delimiters = equal_sse2(four, s.delimiter);
  *quotes = s.quote ? equal_sse2(four, s.quote) : 0;
  *newlines = equal_sse2(four, '\n');
  *returns = equal_sse2(four, '\r');
}

static inline uint64_t equal_bytes_sse2(const uint8_t *bytes, uint8_t wanted) {
  __m128i four[4];
  for (int k = 0; k < 4; k++) four[k] = _mm_loadu_si128((const __m128i *)(bytes + 16 * k));
  return equal_sse2(four, wanted);
}

#define SCAN_NAME scan_sse2
#define SCAN_TARGET
#define SCAN_MASKS masks_sse2
#define SCAN_EQUAL equal_bytes_sse2
#include "scans.inc"

// MARK: AVX2

#define AVX2 __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt")))

AVX2 static inline uint64_t equal_avx2(__m256i low, __m256i high, uint8_t wanted) {
  const __m256i all = _mm256_set1_epi8((char)wanted);
  const uint32_t a = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, all));
  const uint32_t b = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, all));
  return a | (uint64_t)b << 32;
}

AVX2 static inline void masks_avx2(
    const uint8_t *bytes, ingest_structure s, uint64_t *delimiters, uint64_t *quotes, uint64_t *newlines,
    uint64_t *returns) {
  const __m256i low = _mm256_loadu_si256((const __m256i *)bytes);
  const __m256i high = _mm256_loadu_si256((const __m256i *)(bytes + 32));
  *delimiters = equal_avx2(low, high, s.delimiter);
  *quotes = equal_avx2(low, high, s.quote);
  *newlines = equal_avx2(low, high, '\n');
  *returns = equal_avx2(low, high, '\r');
}

// No text that is checked holds a zero, but one that is not yet may.
AVX2 static inline void masks_avx2_checked(
    const uint8_t *bytes, ingest_structure s, uint64_t *delimiters, uint64_t *quotes, uint64_t *newlines,
    uint64_t *returns) {
  masks_avx2(bytes, s, delimiters, quotes, newlines, returns);
  if (!s.quote) *quotes = 0;
}

AVX2 static inline uint64_t equal_bytes_avx2(const uint8_t *bytes, uint8_t wanted) {
  return equal_avx2(
      _mm256_loadu_si256((const __m256i *)bytes), _mm256_loadu_si256((const __m256i *)(bytes + 32)), wanted);
}

#define SCAN_NAME scan_avx2
#define SCAN_TARGET AVX2
#define SCAN_MASKS masks_avx2_checked
#define SCAN_EQUAL equal_bytes_avx2
#include "scans.inc"

#elif defined(__aarch64__)

// MARK: NEON

static inline uint64_t equal_neon(const uint8x16_t *four, uint8_t wanted) {
  const uint8x16_t all = vdupq_n_u8(wanted);
  const uint8x16_t bits = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  uint8x16_t a = vpaddq_u8(vandq_u8(vceqq_u8(four[0], all), bits), vandq_u8(vceqq_u8(four[1], all), bits));
  uint8x16_t b = vpaddq_u8(vandq_u8(vceqq_u8(four[2], all), bits), vandq_u8(vceqq_u8(four[3], all), bits));
  a = vpaddq_u8(a, b);
  a = vpaddq_u8(a, a);
  return vgetq_lane_u64(vreinterpretq_u64_u8(a), 0);
}

static inline void masks_neon(
    const uint8_t *bytes, ingest_structure s, uint64_t *delimiters, uint64_t *quotes, uint64_t *newlines,
    uint64_t *returns) {
  uint8x16_t four[4];
  for (int k = 0; k < 4; k++) four[k] = vld1q_u8(bytes + 16 * k);
  *delimiters = equal_neon(four, s.delimiter);
  *quotes = s.quote ? equal_neon(four, s.quote) : 0;
  *newlines = equal_neon(four, '\n');
  *returns = equal_neon(four, '\r');
}

static inline uint64_t equal_bytes_neon(const uint8_t *bytes, uint8_t wanted) {
  uint8x16_t four[4];
  for (int k = 0; k < 4; k++) four[k] = vld1q_u8(bytes + 16 * k);
  return equal_neon(four, wanted);
}

#define SCAN_NAME scan_neon
#define SCAN_TARGET
#define SCAN_MASKS masks_neon
#define SCAN_EQUAL equal_bytes_neon
#include "scans.inc"

#endif

int32_t ingest_scan_has(int32_t set) {
  switch (set) {
  case INGEST_SCAN_PORTABLE:
    return 1;
#if defined(__x86_64__)
  case INGEST_SCAN_SSE2:
    return 1;
  case INGEST_SCAN_AVX2:
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
           __builtin_cpu_supports("lzcnt") && __builtin_cpu_supports("popcnt");
#elif defined(__aarch64__)
  case INGEST_SCAN_NEON:
    return 1;
#endif
  default:
    return 0;
  }
}

int32_t ingest_scan_best(void) {
#if defined(__aarch64__)
  return INGEST_SCAN_NEON;
#else
  return ingest_scan_has(INGEST_SCAN_AVX2)  ? INGEST_SCAN_AVX2
         : ingest_scan_has(INGEST_SCAN_SSE2) ? INGEST_SCAN_SSE2
                                             : INGEST_SCAN_PORTABLE;
#endif
}

void ingest_scan_records(
    int32_t set, const uint8_t *text, size_t length, size_t limit, ingest_structure structure, size_t columns,
    uint32_t *ends, uint32_t *starts, ingest_scan *answer) {
  const int is_general =
      structure.second | structure.ends_with_return | structure.escapes | structure.comment_length;
  switch (set) {
#if defined(__x86_64__)
  case INGEST_SCAN_AVX2:
    (is_general ? scan_avx2_general : scan_avx2_plain)(text, length, limit, structure, columns, ends, starts, answer);
    return;
  case INGEST_SCAN_SSE2:
    (is_general ? scan_sse2_general : scan_sse2_plain)(text, length, limit, structure, columns, ends, starts, answer);
    return;
#elif defined(__aarch64__)
  case INGEST_SCAN_NEON:
    (is_general ? scan_neon_general : scan_neon_plain)(text, length, limit, structure, columns, ends, starts, answer);
    return;
#endif
  default:
    (is_general ? scan_portable_general : scan_portable_plain)(
        text, length, limit, structure, columns, ends, starts, answer);
  }
}
