// SPDX-License-Identifier: Apache-2.0
#include "record.h"

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

/// Passes at least one digit.
static const uint8_t *skip_digits(const uint8_t *p, const uint8_t *end, fault *f) {
  if (p == end) return fails(f, INGEST_JSON_CUT, p);
  if (!is_digit(*p)) return fails(f, INGEST_JSON_BAD_NUMBER, p);
  do p++;
  while (p < end && is_digit(*p));
  return p;
}

const uint8_t *ingest_json_skip_number(const uint8_t *p, const uint8_t *end, fault *f) {
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

ingest_json_skipped ingest_json_skip(const uint8_t *text, size_t length, uint32_t depth, int32_t set) {
  const uint8_t *end = text + length, *p = skip_blanks(text, end, 0);
  fault f = {INGEST_JSON_SOUND, text};
  p = p == end ? fails(&f, INGEST_JSON_CUT, p) : ingest_json_set(set)->skip(p, end, depth, &f);
  return (ingest_json_skipped){(size_t)((p ? p : f.at) - text), f.code};
}
