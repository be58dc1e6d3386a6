// SPDX-License-Identifier: Apache-2.0
#include "value.h"

const uint8_t *ingest_json_skip_escape(const uint8_t *p, const uint8_t *end, fault *f) {
  if (end - p < 2) return fails(f, INGEST_JSON_CUT, end);
  switch (p[1]) {
    case '"': case '\\': case '/': case 'b': case 'f': case 'n': case 'r': case 't': return p + 2;
    case 'u': break;
    default: return fails(f, INGEST_JSON_BAD_ESCAPE, p);
  }
  if (end - p < 6) return fails(f, memchr(p, '"', (size_t)(end - p)) ? INGEST_JSON_BAD_ESCAPE : INGEST_JSON_CUT, p);
  const int32_t first = hex4(p + 2);
  if (first < 0) return fails(f, INGEST_JSON_BAD_ESCAPE, p);
  if (first < 0xD800 || first > 0xDFFF) return p + 6;
  if (first > 0xDBFF || end - p < 12 || p[6] != '\\' || p[7] != 'u') return fails(f, INGEST_JSON_BAD_SURROGATE, p);
  const int32_t second = hex4(p + 8);
  if (second < 0) return fails(f, INGEST_JSON_BAD_ESCAPE, p + 6);
  return second >= 0xDC00 && second <= 0xDFFF ? p + 12 : fails(f, INGEST_JSON_BAD_SURROGATE, p);
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

/// Passes a key and its colon.
static const uint8_t *skip_key(const uint8_t *p, const uint8_t *end, int are_lines, fault *f) {
  if (p == end) return fails(f, INGEST_JSON_CUT, p);
  if (*p != '"') return fails(f, INGEST_JSON_NO_KEY, p);
  uint8_t kinds;
  p = skip_string(p + 1, end, &kinds, f);
  if (!p) return NULL;
  p = skip_blanks(p + 1, end, are_lines);
  if (p == end) return fails(f, INGEST_JSON_CUT, p);
  return *p == ':' ? p + 1 : fails(f, INGEST_JSON_NO_COLON, p);
}

/// Passes a value that is no container.
static inline const uint8_t *skip_scalar(const uint8_t *p, const uint8_t *end, fault *f) {
  if (*p == '"') {
    uint8_t kinds;
    p = skip_string(p + 1, end, &kinds, f);
    return p ? p + 1 : NULL;
  }
  return *p == '-' || is_digit(*p) ? skip_number(p, end, f) : skip_word(p, end, f);
}

const uint8_t *ingest_json_skip_container(
    const uint8_t *p, const uint8_t *end, int are_lines, uint32_t depth, fault *f) {
  levels l;
  l.depth = 0;
  if (depth > INGEST_JSON_DEEPEST) depth = INGEST_JSON_DEEPEST;
  for (;;) {
    // A value starts here.
    const uint8_t byte = *p;
    if (byte == '{' || byte == '[') {
      if (l.depth >= depth) return fails(f, INGEST_JSON_TOO_DEEP, p);
      push(&l, byte == '{');
      p = skip_blanks(p + 1, end, are_lines);
      if (p == end) return fails(f, INGEST_JSON_CUT, p);
      if (*p != (byte == '{' ? '}' : ']')) {
        if (byte == '{') {
          p = skip_key(p, end, are_lines, f);
          if (!p) return NULL;
          p = skip_blanks(p, end, are_lines);
          if (p == end) return fails(f, INGEST_JSON_CUT, p);
        }
        continue;
      }
    } else {
      p = skip_scalar(p, end, f);
      if (!p) return NULL;
      p = skip_blanks(p, end, are_lines);
      if (p == end) return fails(f, INGEST_JSON_CUT, p);
    }
    // A value has ended, or a container is about to: close what closes, up to the next value.
    while (*p == (is_in_object(&l) ? '}' : ']')) {
      p++;
      if (--l.depth == 0) return p;
      p = skip_blanks(p, end, are_lines);
      if (p == end) return fails(f, INGEST_JSON_CUT, p);
    }
    if (*p != ',') return fails(f, INGEST_JSON_NO_COMMA, p);
    p = skip_blanks(p + 1, end, are_lines);
    if (is_in_object(&l)) {
      p = skip_key(p, end, are_lines, f);
      if (!p) return NULL;
      p = skip_blanks(p, end, are_lines);
    }
    if (p == end) return fails(f, INGEST_JSON_CUT, p);
  }
}

ingest_json_skipped ingest_json_skip(const uint8_t *text, size_t length, uint32_t depth) {
  const uint8_t *end = text + length, *p = skip_blanks(text, end, 0);
  fault f = {INGEST_JSON_SOUND, text};
  if (p == end) {
    p = fails(&f, INGEST_JSON_CUT, p);
  } else {
    p = *p == '{' || *p == '[' ? ingest_json_skip_container(p, end, 0, depth, &f) : skip_scalar(p, end, &f);
  }
  return (ingest_json_skipped){(size_t)((p ? p : f.at) - text), f.code};
}
