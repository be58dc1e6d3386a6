// SPDX-License-Identifier: Apache-2.0
#ifndef INGEST_CJSON_VALUE_H
#define INGEST_CJSON_VALUE_H

#include "CJSON.h"

#include <string.h>

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
  if (p < end && *p > ' ') return p;
  while (p < end && *p <= ' ' && (*p == ' ' || *p == '\t' || *p == '\r' || (*p == '\n' && !are_lines))) p++;
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

static inline int is_digit(uint8_t byte) { return (uint8_t)(byte - '0') < 10; }

/// Passes a number; whether something may stand behind it is not its matter, but that no digit does is.
const uint8_t *ingest_json_skip_number(const uint8_t *p, const uint8_t *end, fault *f);

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

/// The kinds of the containers around a place: a bit each, 1 for an object.
typedef struct {
  uint64_t bits[INGEST_JSON_DEEPEST / 64];
  uint32_t depth;
} levels;

static inline void push(levels *l, int is_object) {
  const uint64_t bit = 1ULL << (l->depth % 64);
  if (is_object) {
    l->bits[l->depth / 64] |= bit;
  } else {
    l->bits[l->depth / 64] &= ~bit;
  }
  l->depth++;
}

static inline int is_in_object(const levels *l) {
  return l->bits[(l->depth - 1) / 64] >> ((l->depth - 1) % 64) & 1;
}

#endif
