// SPDX-License-Identifier: Apache-2.0
#ifndef INGEST_CJSON_RECORD_H
#define INGEST_CJSON_RECORD_H

#include "keys.h"

#pragma clang assume_nonnull begin

/// What becomes of a record's values: they are only looked at, are cells, or say something of their keys.
typedef enum { json_checks, json_takes, json_adds } scan_mode;

/// One scan, which takes cells or adds keys.
typedef struct {
  ingest_json *json;
  const uint8_t *text;
  const uint8_t *end;
  scan_mode mode;
  int are_lines;
  /// Whether the text ends where this does.
  int is_last;
  /// Whether a comma was passed that a record must follow.
  int is_open;
  uint8_t has_unknown;
  fault fault;
} scan;

/// An object that is taken apart: the key that it is the value of, -1 for the record, and the last key in it.
typedef struct {
  int32_t key;
  int32_t last;
} object;

/// No key: the object ends.
enum { json_closes = -2 };

/// What each set of instructions has.
typedef struct json_set {
  /// Takes one record; NULL where it has a fault.
  const uint8_t *_Nullable (*_Nonnull take)(scan *s, const uint8_t *p);
  /// Passes one value.
  const uint8_t *_Nullable (*_Nonnull skip)(const uint8_t *p, const uint8_t *end, uint32_t depth, fault *f);
} json_set;

extern const json_set ingest_json_portable;
#if defined(__x86_64__)
extern const json_set ingest_json_sse2, ingest_json_avx2;
#endif

/// The code for a set of instructions.
const json_set *ingest_json_set(int32_t set);

/// A value of a key that is no cell: it is looked at, or says something of the key.
int ingest_json_note(scan *s, json_key *k, const uint8_t *start, const uint8_t *end, uint8_t kind);

/// The key that stands once more in an object; -1 where it is not known, -2 where there is no room for it.
int32_t ingest_json_twin(scan *s, int32_t number);

/// The key that stands between two quotes, which was not the one that was guessed; -1 and -2 as above.
int32_t ingest_json_key_at(
    scan *s, const uint8_t *key, const uint8_t *end, uint8_t kinds, int32_t parent, int32_t guess);

/// Notes a value of a key; 0 where there is no column for it, or it is too long.
static inline int put(scan *s, json_key *k, const uint8_t *start, const uint8_t *end, uint8_t kind) {
  if (s->mode != json_takes) return ingest_json_note(s, k, start, end, kind);
  if (!kind) return 1;
  if ((size_t)(end - start) > s->json->form.cell_bytes) {
    s->fault = (fault){INGEST_JSON_LONG_CELL, start};
    return 0;
  }
  if (!k->cells) {
    s->has_unknown = 1;
    return 1;
  }
  const size_t row = s->json->rows;
  uint32_t *starts = k->cells, *ends = starts + s->json->stride;
  for (size_t gap = k->filled; gap < row; gap++) starts[gap] = ends[gap] = 0;
  starts[row] = (uint32_t)(start - s->text);
  ends[row] = (uint32_t)(end - s->text);
  k->filled = (uint32_t)row + 1;
  k->kinds |= kind;
  return 1;
}

/// Whether the first bytes at `p`, sixteen of which may be read, are those of a key's token.
static inline int has_head(const json_key *k, const uint8_t *p) {
  uint64_t head[json_head / 8];
  memcpy(head, p, json_head);
  return (((head[0] & k->mask[0]) ^ k->head[0]) | ((head[1] & k->mask[1]) ^ k->head[1])) == 0;
}

/// Whether the others are, of a token that has more.
static inline int has_tail(const json_key *k, const uint8_t *p) {
  return memcmp(p + json_head, k->token + json_head, k->token_length - json_head) == 0;
}

/// Whether a key's token stands at `p`, with something behind it.
static inline int has_token(const json_key *k, const uint8_t *p, const uint8_t *end) {
  if (end - p <= json_head || !has_head(k, p)) return 0;
  return k->token_length <= json_head || ((size_t)(end - p) > k->token_length && has_tail(k, p));
}

/// Marks a key as met in this record; the number of the one that counts.
static inline int32_t meet(scan *s, int32_t number) {
  json_key *k = &s->json->keys[number];
  if (k->record == s->json->record) return ingest_json_twin(s, number);
  k->record = s->json->record;
  return number;
}

/// Where the guess for the key behind the last one is kept.
static inline int32_t *guess_of(ingest_json *json, const object *o) {
  if (o->last >= 0) return &json->keys[o->last].next;
  return o->key < 0 ? &json->first : &json->keys[o->key].first;
}

#pragma clang assume_nonnull end

#endif
