// SPDX-License-Identifier: Apache-2.0
#ifndef INGEST_CJSON_VALUE_H
#define INGEST_CJSON_VALUE_H

#include "CJSON.h"

#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/// The first fault of a text.
typedef struct {
  int32_t code;
  const uint8_t *at;
} fault;

static inline const uint8_t *fails(fault *f, int32_t code, const uint8_t *at) {
  f->code = code;
  f->at = at;
  return NULL;
}

/// Passes blanks; a line end is one unless `are_lines`.
static inline const uint8_t *skip_blanks(const uint8_t *p, const uint8_t *end, int are_lines) {
  while (p < end && *p <= ' ' && (*p == ' ' || *p == '\t' || *p == '\r' || (*p == '\n' && !are_lines))) p++;
  return p;
}

/// The first byte from `p` on that ends a string or may not stand in it as it is; `end` where there is none.
static inline const uint8_t *find_special(const uint8_t *p, const uint8_t *end) {
#if defined(__SSE2__)
  const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\'), control = _mm_set1_epi8(0x1F);
  while (end - p >= 16) {
    const __m128i bytes = _mm_loadu_si128((const __m128i *)p);
    const __m128i found = _mm_or_si128(
        _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, slash)),
        _mm_cmpeq_epi8(_mm_min_epu8(bytes, control), bytes));
    const int mask = _mm_movemask_epi8(found);
    if (mask) return p + __builtin_ctz((unsigned)mask);
    p += 16;
  }
#else
  const uint64_t ones = 0x0101010101010101ULL, highs = 0x8080808080808080ULL;
  while (end - p >= 8) {
    uint64_t word;
    memcpy(&word, p, 8);
    const uint64_t quotes = word ^ (ones * '"'), slashes = word ^ (ones * '\\');
    // A byte of zero, or one below a blank, sets its high bit; what is set above the first does not count.
    const uint64_t found = ((quotes - ones) & ~quotes) | ((slashes - ones) & ~slashes) | ((word - ones * 0x20) & ~word);
    if (found & highs) break;
    p += 8;
  }
#endif
  while (p < end && *p != '"' && *p != '\\' && *p >= 0x20) p++;
  return p;
}

/// Four hexadecimal digits; -1 where there is anything else.
static inline int32_t hex4(const uint8_t *p) {
  int32_t value = 0;
  for (int k = 0; k < 4; k++) {
    const uint8_t byte = p[k], letter = byte | 0x20;
    if ((uint8_t)(byte - '0') < 10) {
      value = value << 4 | (byte - '0');
    } else if ((uint8_t)(letter - 'a') < 6) {
      value = value << 4 | (letter - 'a' + 10);
    } else {
      return -1;
    }
  }
  return value;
}

/// Passes an escape, of which `p` is the backslash.
const uint8_t *ingest_json_skip_escape(const uint8_t *p, const uint8_t *end, fault *f);

/// Passes a string from behind its opening quote; returns where its closing quote stands. `kinds` gets what it is.
static inline const uint8_t *skip_string(const uint8_t *p, const uint8_t *end, uint8_t *kinds, fault *f) {
  *kinds = INGEST_JSON_STRING;
  for (;;) {
    p = find_special(p, end);
    if (p == end) return fails(f, INGEST_JSON_CUT, p);
    if (*p == '"') return p;
    if (*p != '\\') return fails(f, *p == '\n' ? INGEST_JSON_OPEN_STRING : INGEST_JSON_CONTROL, p);
    *kinds = INGEST_JSON_STRING | INGEST_JSON_ESCAPED;
    p = ingest_json_skip_escape(p, end, f);
    if (!p) return NULL;
  }
}

static inline int is_digit(uint8_t byte) { return (uint8_t)(byte - '0') < 10; }

/// Passes at least one digit.
static inline const uint8_t *skip_digits(const uint8_t *p, const uint8_t *end, fault *f) {
  if (p == end) return fails(f, INGEST_JSON_CUT, p);
  if (!is_digit(*p)) return fails(f, INGEST_JSON_BAD_NUMBER, p);
  do p++;
  while (p < end && is_digit(*p));
  return p;
}

/// Passes a number; whether something may stand behind it is not its matter, but that no digit does is.
static inline const uint8_t *skip_number(const uint8_t *p, const uint8_t *end, fault *f) {
  if (*p == '-') {
    p++;
    if (p == end) return fails(f, INGEST_JSON_CUT, p);
  }
  if (*p == '0') {
    p++;
    if (p < end && is_digit(*p)) return fails(f, INGEST_JSON_BAD_NUMBER, p);
  } else {
    p = skip_digits(p, end, f);
    if (!p) return NULL;
  }
  if (p < end && *p == '.') {
    p = skip_digits(p + 1, end, f);
    if (!p) return NULL;
  }
  if (p < end && (*p | 0x20) == 'e') {
    p++;
    if (p < end && (*p == '+' || *p == '-')) p++;
    p = skip_digits(p, end, f);
  }
  return p;
}

/// Passes `true`, `false` or `null`.
static inline const uint8_t *skip_word(const uint8_t *p, const uint8_t *end, fault *f) {
  const size_t room = (size_t)(end - p);
  if (room >= 4 && memcmp(p, "true", 4) == 0) return p + 4;
  if (room >= 4 && memcmp(p, "null", 4) == 0) return p + 4;
  if (room >= 5 && memcmp(p, "false", 5) == 0) return p + 5;
  // So that a text that was cut is told from one that is wrong.
  const size_t wanted = *p == 'f' ? 5 : 4;
  const char *word = *p == 't' ? "true" : *p == 'f' ? "false" : *p == 'n' ? "null" : "";
  const int is_cut = *word && room < wanted && memcmp(p, word, room) == 0;
  return fails(f, is_cut ? INGEST_JSON_CUT : INGEST_JSON_NO_VALUE, is_cut ? end : p);
}

/// Passes a list or an object from its opening bracket on; `depth` more may lie in one another.
const uint8_t *ingest_json_skip_container(
    const uint8_t *p, const uint8_t *end, int are_lines, uint32_t depth, fault *f);

#endif
