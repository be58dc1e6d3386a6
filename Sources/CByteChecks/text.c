// SPDX-License-Identifier: Apache-2.0

#include "CByteChecks.h"

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif
#include <string.h>

// Up to `at`, less the begin of a character that goes on behind it.
static size_t ingest_whole_characters(const uint8_t *bytes, size_t at) {
  for (size_t back = 1; back <= 3 && back <= at; back++) {
    const uint8_t byte = bytes[at - back];
    if ((byte & 0xC0) == 0x80) continue;
    const size_t length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
    return length > back ? at - back : at;
  }
  return at;
}

// Eight bytes at a time, as long as they are ASCII: the caller goes on byte by byte for a while, and calls again.
static size_t clean_text_portable(const uint8_t *bytes, size_t count, int refuse) {
  const uint64_t ones = 0x0101010101010101, tops = 0x8080808080808080;
  size_t at = 0;
  for (; count - at >= 8; at += 8) {
    uint64_t word;
    memcpy(&word, bytes + at, 8);
    if (word & tops) break;
    if (!(refuse & INGEST_REFUSE_CONTROLS)) continue;
    // Exact for bytes below 80: none is below 20 (those that are allowed make the caller look) or is 7F.
    const uint64_t low = tops & ~(word + ones * 0x60);
    const uint64_t del = tops & (word + ones);
    if (low | del) break;
  }
  return at;
}

#if defined(__x86_64__)

#define NAME(name) name##_ssse3
#define V __m128i
#define LOAD(p) _mm_loadu_si128((const __m128i *)(p))
#define SPLAT(x) _mm_set1_epi8((char)(x))
#define TABLE(...) LOAD(((const uint8_t[16]){__VA_ARGS__}))
#define LOOKUP(table, index) _mm_shuffle_epi8(table, index)
#define HIGH_NIBBLE(v) _mm_and_si128(_mm_srli_epi16(v, 4), SPLAT(0x0F))
#define AND(a, b) _mm_and_si128(a, b)
#define OR(a, b) _mm_or_si128(a, b)
#define XOR(a, b) _mm_xor_si128(a, b)
#define MINUS_TO_ZERO(a, b) _mm_subs_epu8(a, b)
#define BEFORE(v, last, n) _mm_alignr_epi8(v, last, 16 - (n))
#define HAS_TOP_BIT(v) (_mm_movemask_epi8(v) != 0)
#define IS_NOT_ZERO(v) (_mm_movemask_epi8(_mm_cmpeq_epi8(v, SPLAT(0))) != 0xFFFF)
#pragma clang attribute push(__attribute__((target("ssse3"))), apply_to = function)
#include "text_vector.h"
#pragma clang attribute pop
#undef NAME
#undef V
#undef LOAD
#undef SPLAT
#undef TABLE
#undef LOOKUP
#undef HIGH_NIBBLE
#undef AND
#undef OR
#undef XOR
#undef MINUS_TO_ZERO
#undef BEFORE
#undef HAS_TOP_BIT
#undef IS_NOT_ZERO

#define NAME(name) name##_avx2
#define V __m256i
#define LOAD(p) _mm256_loadu_si256((const __m256i *)(p))
#define SPLAT(x) _mm256_set1_epi8((char)(x))
#define TABLE(...)                                                                                                     \
  _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)((const uint8_t[16]){__VA_ARGS__})))
#define LOOKUP(table, index) _mm256_shuffle_epi8(table, index)
#define HIGH_NIBBLE(v) _mm256_and_si256(_mm256_srli_epi16(v, 4), SPLAT(0x0F))
#define AND(a, b) _mm256_and_si256(a, b)
#define OR(a, b) _mm256_or_si256(a, b)
#define XOR(a, b) _mm256_xor_si256(a, b)
#define MINUS_TO_ZERO(a, b) _mm256_subs_epu8(a, b)
#define BEFORE(v, last, n) _mm256_alignr_epi8(v, _mm256_permute2x128_si256(last, v, 0x21), 16 - (n))
#define HAS_TOP_BIT(v) (_mm256_movemask_epi8(v) != 0)
#define IS_NOT_ZERO(v) (!_mm256_testz_si256(v, v))
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#include "text_vector.h"
#pragma clang attribute pop

#elif defined(__aarch64__)

#define NAME(name) name##_neon
#define V uint8x16_t
#define LOAD(p) vld1q_u8(p)
#define SPLAT(x) vdupq_n_u8(x)
#define TABLE(...) ((uint8x16_t){__VA_ARGS__})
#define LOOKUP(table, index) vqtbl1q_u8(table, index)
#define HIGH_NIBBLE(v) vshrq_n_u8(v, 4)
#define AND(a, b) vandq_u8(a, b)
#define OR(a, b) vorrq_u8(a, b)
#define XOR(a, b) veorq_u8(a, b)
#define MINUS_TO_ZERO(a, b) vqsubq_u8(a, b)
#define BEFORE(v, last, n) vextq_u8(last, v, 16 - (n))
#define HAS_TOP_BIT(v) (vmaxvq_u8(v) >= 0x80)
#define IS_NOT_ZERO(v) (vmaxvq_u8(v) != 0)
#include "text_vector.h"

#endif

size_t ingest_clean_text(const uint8_t *bytes, size_t count, int vectors, int refuse, int *found) {
  switch (vectors) {
#if defined(__x86_64__)
  case INGEST_AVX2: return clean_text_avx2(bytes, count, refuse, found);
  case INGEST_SSSE3: return clean_text_ssse3(bytes, count, refuse, found);
#elif defined(__aarch64__)
  case INGEST_NEON: return clean_text_neon(bytes, count, refuse, found);
#endif
  default: return clean_text_portable(bytes, count, refuse);
  }
}
