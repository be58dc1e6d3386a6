// SPDX-License-Identifier: Apache-2.0
#include "vectors.h"

// Eight bytes at a time, for every processor.

static const uint64_t ones = 0x0101010101010101ULL, lows = 0x7F7F7F7F7F7F7F7FULL, highs = 0x8080808080808080ULL;

/// The high bit of each byte of a word that is at least `least`, 1 to 128; no carry leaves a byte.
static inline uint64_t at_least(uint64_t word, uint8_t least) {
  return (((word & lows) + ones * (uint8_t)(128 - least)) | word) & highs;
}

static inline uint64_t equal(uint64_t word, uint8_t byte) { return at_least(word ^ (ones * byte), 1) ^ highs; }

/// The high bits of a word's bytes side by side.
static inline uint32_t gather(uint64_t bits) { return (uint32_t)((bits >> 7) * 0x0102040810204080ULL >> 56); }

static inline uint64_t load(const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, 8);
  return word;
}

static inline uint32_t portable_specials(const uint8_t *bytes) {
  uint32_t mask = 0;
  for (int k = 0; k < 4; k++) {
    const uint64_t word = load(bytes + 8 * k);
    mask |= gather(equal(word, '"') | equal(word, '\\') | (at_least(word, 0x20) ^ highs)) << (8 * k);
  }
  return mask;
}

static inline uint32_t portable_digits(const uint8_t *bytes, uint32_t *points) {
  uint32_t mask = 0;
  *points = 0;
  for (int k = 0; k < 4; k++) {
    const uint64_t word = load(bytes + 8 * k);
    mask |= gather(at_least(word, '0') & ~at_least(word, '9' + 1)) << (8 * k);
    *points |= gather(equal(word, '.')) << (8 * k);
  }
  return mask;
}

#define TARGET
#define NAME(x) portable_##x
#include "values.inc"
#include "records.inc"

const json_set ingest_json_portable = {portable_take, portable_skip};
