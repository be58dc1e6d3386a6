// SPDX-License-Identifier: Apache-2.0
#ifndef INGEST_CJSON_KEYS_H
#define INGEST_CJSON_KEYS_H

#include "value.h"

#pragma clang assume_nonnull begin

/// The bytes of a key's token that are compared without a loop.
enum { json_head = 16 };

/// A key of records, or of objects within them. What each value needs comes first.
typedef struct {
  /// The first bytes of the token, and which bits of as many bytes they are.
  uint64_t head[json_head / 8];
  uint64_t mask[json_head / 8];
  /// The record in which the key was last met.
  uint64_t record;
  /// Where its column's cells start; NULL where there is no column.
  uint32_t *_Nullable cells;
  uint32_t token_length;
  /// The key that followed it last: a guess, as `first` is.
  int32_t next;
  /// The rows that the column has so far.
  uint32_t filled;
  uint8_t kinds;
  uint8_t has_value;
  uint8_t has_null;
  uint8_t has_members;
  /// The key as it stands in a text, with its quotes and a colon; NULL where it never stands so.
  const uint8_t *_Nullable token;
  /// The first key of its object.
  int32_t first;
  /// The same key once more in one object.
  int32_t twin;
  /// The last such that a record has, and that record.
  int32_t recent;
  uint64_t recent_record;
  int32_t parent;
  uint32_t repeat;
  /// The key's text.
  const uint8_t *key;
  uint32_t key_length;
  /// The last of the keys that are the same as this one, which is their first; itself where there is no other.
  int32_t last_twin;
} json_key;

typedef struct json_block json_block;

struct ingest_json {
  ingest_json_form form;
  /// The code for the form's set of instructions.
  const struct json_set *set;
  json_key *keys;
  uint32_t count;
  uint32_t room;
  /// The first key of the record, as `first` is for others.
  int32_t first;
  uint32_t value_columns;
  /// Numbers of keys by their hashes, and one less than how many there is room for.
  int32_t *slots;
  uint32_t slot_mask;
  /// The texts of keys.
  json_block *texts;
  // The last scan
  size_t columns;
  size_t capacity;
  size_t rows;
  /// For each column the starts of its cells, then their ends; `stride` numbers each.
  uint32_t *cells;
  size_t stride;
  /// The key of each column.
  int32_t *column_keys;
  uint32_t *starts;
  uint32_t *ends;
  uint64_t record;
  uint8_t *unescaped;
  size_t unescaped_room;
};

/// The starts of a column's cells; their ends follow `stride` behind.
static inline uint32_t *starts_of(const ingest_json *json, size_t column) {
  return json->cells + column * 2 * json->stride;
}

/// The key of an object, the first of its name; -1 where there is none.
int32_t ingest_json_find(const ingest_json *json, int32_t parent, const uint8_t *key, size_t length);

/// Adds a key; its number, or -1 where there is no room.
int32_t ingest_json_append(ingest_json *json, int32_t parent, const uint8_t *key, size_t length, uint32_t repeat);

/// Memory, or the end of the process.
void *_Nonnull ingest_json_grow(void *_Nullable old, size_t bytes);

#pragma clang assume_nonnull end

#endif
