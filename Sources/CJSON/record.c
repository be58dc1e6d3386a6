// SPDX-License-Identifier: Apache-2.0
#include "record.h"

const json_set *ingest_json_set(int32_t set) {
  switch (set) {
#if defined(__x86_64__)
    case INGEST_JSON_SSE2: return &ingest_json_sse2;
    case INGEST_JSON_AVX2: return &ingest_json_avx2;
#endif
    default: return &ingest_json_portable;
  }
}

int ingest_json_note(scan *s, json_key *k, const uint8_t *start, const uint8_t *end, uint8_t kind) {
  ingest_json *json = s->json;
  if (s->mode == json_checks) {
    if (!kind || (size_t)(end - start) <= json->form.cell_bytes) return 1;
    s->fault = (fault){INGEST_JSON_LONG_CELL, start};
    return 0;
  }
  if (!kind) {
    k->has_null = 1;
  } else if (!k->has_value) {
    if (json->value_columns >= json->form.columns) {
      s->fault = (fault){INGEST_JSON_TOO_MANY_COLUMNS, start};
      return 0;
    }
    k->has_value = 1;
    json->value_columns++;
  }
  return 1;
}

int32_t ingest_json_twin(scan *s, int32_t number) {
  ingest_json *json = s->json;
  json_key *first = &json->keys[number];
  const int32_t recent = first->recent_record == json->record ? first->recent : number;
  first->recent_record = json->record;
  int32_t twin = json->keys[recent].twin;
  if (twin < 0 && s->mode == json_adds) {
    const json_key *k = &json->keys[number];
    twin = ingest_json_append(json, k->parent, k->key, k->key_length, json->keys[recent].repeat + 1);
    if (twin < 0) return -2;
  }
  json->keys[number].recent = twin >= 0 ? twin : recent;
  return twin;
}

int32_t ingest_json_key_at(
    scan *s, const uint8_t *key, const uint8_t *end, uint8_t kinds, int32_t parent, int32_t guess) {
  ingest_json *json = s->json;
  size_t length = (size_t)(end - key);
  if (kinds & INGEST_JSON_ESCAPED) {
    if (json->unescaped_room < length) {
      json->unescaped = ingest_json_grow(json->unescaped, length);
      json->unescaped_room = length;
    }
    length = ingest_json_unescape(key, length, json->unescaped);
    key = json->unescaped;
  }
  const json_key *guessed = guess >= 0 ? &json->keys[guess] : NULL;
  if (guessed && guessed->key_length == length && memcmp(guessed->key, key, length) == 0) return guess;
  int32_t number = ingest_json_find(json, parent, key, length);
  if (number < 0 && s->mode == json_adds) {
    number = ingest_json_append(json, parent, key, length, 0);
    if (number < 0) number = -2;
  }
  return number;
}
