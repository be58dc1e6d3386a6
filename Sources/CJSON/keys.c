// SPDX-License-Identifier: Apache-2.0
#include "record.h"

#include <stdlib.h>

void *ingest_json_grow(void *_Nullable old, size_t bytes) {
  void *memory = realloc(old, bytes ? bytes : 1);
  // The worker has its own limit of memory, and ends when it is reached.
  if (!memory) abort();
  return memory;
}

// MARK: Hashes

static inline uint64_t rotated(uint64_t word, int bits) { return word << bits | word >> (64 - bits); }

static inline void mix(uint64_t v[4]) {
  v[0] += v[1];
  v[1] = rotated(v[1], 13) ^ v[0];
  v[0] = rotated(v[0], 32);
  v[2] += v[3];
  v[3] = rotated(v[3], 16) ^ v[2];
  v[0] += v[3];
  v[3] = rotated(v[3], 21) ^ v[0];
  v[2] += v[1];
  v[1] = rotated(v[1], 17) ^ v[2];
  v[2] = rotated(v[2], 32);
}

/// SipHash with one round for each word and three at the end, of the parent's number and the key.
static uint64_t hash(const uint64_t seed[2], int32_t parent, const uint8_t *key, size_t length) {
  uint64_t v[4] = {
      seed[0] ^ 0x736F6D6570736575ULL, seed[1] ^ 0x646F72616E646F6DULL, seed[0] ^ 0x6C7967656E657261ULL,
      seed[1] ^ 0x7465646279746573ULL};
  const uint64_t head = (uint64_t)(uint32_t)parent << 32 | (uint32_t)length;
  v[3] ^= head;
  mix(v);
  v[0] ^= head;
  for (size_t at = 0; at < length; at += 8) {
    uint64_t word = 0;
    memcpy(&word, key + at, length - at < 8 ? length - at : 8);
    v[3] ^= word;
    mix(v);
    v[0] ^= word;
  }
  v[2] ^= 0xFF;
  for (int round = 0; round < 3; round++) mix(v);
  return v[0] ^ v[1] ^ v[2] ^ v[3];
}

static uint32_t slot_of(const ingest_json *json, int32_t parent, const uint8_t *key, size_t length) {
  uint32_t slot = (uint32_t)hash(json->form.seed, parent, key, length) & json->slot_mask;
  for (; json->slots[slot] >= 0; slot = (slot + 1) & json->slot_mask) {
    const json_key *k = &json->keys[json->slots[slot]];
    if (k->parent == parent && k->key_length == length && memcmp(k->key, key, length) == 0) break;
  }
  return slot;
}

int32_t ingest_json_find(const ingest_json *json, int32_t parent, const uint8_t *key, size_t length) {
  return json->slots[slot_of(json, parent, key, length)];
}

static void make_slots(ingest_json *json, uint32_t count) {
  json->slot_mask = count - 1;
  json->slots = ingest_json_grow(json->slots, count * sizeof(int32_t));
  for (uint32_t slot = 0; slot < count; slot++) json->slots[slot] = -1;
  for (uint32_t number = 0; number < json->count; number++) {
    const json_key *k = &json->keys[number];
    if (k->repeat == 0) json->slots[slot_of(json, k->parent, k->key, k->key_length)] = (int32_t)number;
  }
}

// MARK: Texts

struct json_block {
  json_block *next;
  size_t used;
  size_t room;
  uint8_t bytes[];
};

static uint8_t *keep(ingest_json *json, size_t wanted) {
  const size_t least = 64 << 10;
  if (!json->texts || json->texts->room - json->texts->used < wanted) {
    const size_t room = wanted > least ? wanted : least;
    json_block *block = ingest_json_grow(NULL, sizeof(json_block) + room);
    block->next = json->texts;
    block->used = 0;
    block->room = room;
    json->texts = block;
  }
  uint8_t *text = json->texts->bytes + json->texts->used;
  json->texts->used += wanted;
  return text;
}

static void free_texts(ingest_json *json) {
  while (json->texts) {
    json_block *block = json->texts;
    json->texts = block->next;
    free(block);
  }
}

// MARK: Keys

static void set_key(ingest_json *json, json_key *k, const uint8_t *key, size_t length) {
  uint8_t *text = keep(json, length + 3);
  text[0] = text[length + 1] = '"';
  memcpy(text + 1, key, length);
  text[length + 2] = ':';
  k->key = text + 1;
  k->key_length = (uint32_t)length;
  for (size_t at = 0; at < length; at++) {
    if (key[at] == '"' || key[at] == '\\' || key[at] < 0x20) return;
  }
  k->token = text;
  k->token_length = (uint32_t)length + 3;
  const size_t head = k->token_length < json_head ? k->token_length : json_head;
  k->head[0] = 0;
  memcpy(k->head, text, head);
  memset(k->mask, 0xFF, head);
}

int32_t ingest_json_append(ingest_json *json, int32_t parent, const uint8_t *key, size_t length, uint32_t repeat) {
  // Objects that hold others are no columns, but there are not more of them than that.
  if (json->count >= 2 * (size_t)json->form.columns + 1) return -1;
  if (json->count == json->room) {
    json->room = json->room ? 2 * json->room : 64;
    json->keys = ingest_json_grow(json->keys, json->room * sizeof(json_key));
  }
  const int32_t number = (int32_t)json->count++;
  json_key *k = &json->keys[number];
  memset(k, 0, sizeof *k);
  // Without a token it is like no bytes.
  k->head[0] = 1;
  k->next = k->first = k->twin = -1;
  k->last_twin = number;
  k->parent = parent;
  k->repeat = repeat;
  if (json->form.are_arrays) return number;
  if (repeat) {
    // The text is the first one's.
    json_key *first = &json->keys[ingest_json_find(json, parent, key, length)];
    k->key = first->key;
    k->key_length = first->key_length;
    json->keys[first->last_twin].twin = number;
    first->last_twin = number;
  } else {
    set_key(json, k, key, length);
    if (2 * (uint64_t)json->count > json->slot_mask) {
      make_slots(json, 4 * (json->slot_mask + 1));
    } else {
      json->slots[slot_of(json, parent, key, length)] = number;
    }
  }
  if (parent >= 0) json->keys[parent].has_members = 1;
  return number;
}

ingest_json *ingest_json_new(ingest_json_form form) {
  ingest_json *json = ingest_json_grow(NULL, sizeof(ingest_json));
  memset(json, 0, sizeof *json);
  json->form = form;
  if (json->form.depth > INGEST_JSON_DEEPEST) json->form.depth = INGEST_JSON_DEEPEST;
  if (json->form.flat_depth > json->form.depth) json->form.flat_depth = json->form.depth;
  json->set = ingest_json_set(form.set);
  json->first = -1;
  make_slots(json, 256);
  return json;
}

void ingest_json_clear(ingest_json *json) {
  json->count = 0;
  json->first = -1;
  json->value_columns = 0;
  free_texts(json);
  make_slots(json, 256);
}

void ingest_json_free(ingest_json *json) {
  free_texts(json);
  free(json->keys);
  free(json->slots);
  free(json->cells);
  free(json->column_keys);
  free(json->starts);
  free(json->ends);
  free(json->unescaped);
  free(json);
}

size_t ingest_json_count(const ingest_json *json) { return json->count; }

ingest_json_key ingest_json_get(const ingest_json *json, size_t number) {
  const json_key *k = &json->keys[number];
  return (ingest_json_key){
      .parent = k->parent, .repeat = k->repeat, .key = k->key, .length = k->key_length, .has_value = k->has_value,
      .has_null = k->has_null, .has_members = k->has_members};
}

int32_t ingest_json_add(ingest_json *json, ingest_json_key key) {
  static const uint8_t none;
  const int32_t number =
      ingest_json_append(json, key.parent, key.key ? key.key : &none, key.key ? key.length : 0, key.repeat);
  if (number < 0) return 0;
  json_key *k = &json->keys[number];
  k->has_value = key.has_value;
  k->has_null = key.has_null;
  json->value_columns += key.has_value;
  // The first guess: keys follow in the order in which they were found.
  if (key.repeat) return 1;
  int32_t *first = key.parent < 0 ? &json->first : &json->keys[key.parent].first;
  if (*first < 0) *first = number;
  return 1;
}
