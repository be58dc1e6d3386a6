// SPDX-License-Identifier: Apache-2.0
#include "keys.h"

/// One scan, which takes cells or adds keys.
typedef struct {
  ingest_json *json;
  const uint8_t *text;
  const uint8_t *end;
  int are_lines;
  /// Whether keys are added, and nothing is taken.
  int adds;
  /// Whether the text ends where this does.
  int is_last;
  /// Whether a comma was passed that a record must follow.
  int is_open;
  uint8_t has_unknown;
  fault fault;
} scan;

// MARK: Cells

/// Notes a value of a key; 0 where there is no column for it, or it is too long.
static inline int put(scan *s, int32_t number, const uint8_t *start, const uint8_t *end, uint8_t kind) {
  ingest_json *json = s->json;
  json_key *k = &json->keys[number];
  if (s->adds) {
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
  if (!kind) return 1;
  if ((size_t)(end - start) > json->form.cell_bytes) {
    s->fault = (fault){INGEST_JSON_LONG_CELL, start};
    return 0;
  }
  if (k->column < 0) {
    s->has_unknown = 1;
    return 1;
  }
  const size_t row = json->rows, first = (size_t)k->column * json->capacity;
  uint32_t *starts = json->cell_starts + first, *ends = json->cell_ends + first;
  for (size_t gap = k->filled; gap < row; gap++) starts[gap] = ends[gap] = 0;
  starts[row] = (uint32_t)(start - s->text);
  ends[row] = (uint32_t)(end - s->text);
  k->filled = (uint32_t)row + 1;
  k->kinds |= kind;
  if (json->touched_count == json->touched_room) {
    json->touched_room = json->touched_room ? 2 * json->touched_room : 64;
    json->touched = ingest_json_grow(json->touched, json->touched_room * sizeof(int32_t));
  }
  json->touched[json->touched_count++] = number;
  return 1;
}

/// Takes back what was noted of a record.
static void take_back(ingest_json *json) {
  for (size_t n = 0; n < json->touched_count; n++) json->keys[json->touched[n]].filled = (uint32_t)json->rows;
  json->touched_count = 0;
}

// MARK: Keys

/// Whether a quote stands at `p`, and a key's token behind it.
static inline int has_token(const json_key *k, const uint8_t *p, const uint8_t *end) {
  const size_t room = (size_t)(end - p) - 1, length = k->token_length;
  if (*p != '"' || room < 8 || room < length || length == 0) return 0;
  uint64_t word;
  memcpy(&word, p + 1, 8);
  return (word & k->mask) == k->prefix && (length <= 8 || memcmp(p + 9, k->token + 8, length - 8) == 0);
}

/// The key that stands once more in an object; -1 where it is not known, -2 where there is no room for it.
static int32_t twin_of(scan *s, int32_t number) {
  ingest_json *json = s->json;
  const int32_t recent = json->keys[number].recent;
  int32_t twin = json->keys[recent].twin;
  if (twin < 0 && s->adds) {
    const json_key *k = &json->keys[number];
    twin = ingest_json_append(json, k->parent, k->key, k->key_length, json->keys[recent].repeat + 1);
    if (twin < 0) return -2;
  }
  if (twin >= 0) json->keys[number].recent = twin;
  return twin;
}

/// Marks a key as met in this record; the number of the one that counts.
static inline int32_t meet(scan *s, int32_t number) {
  json_key *k = &s->json->keys[number];
  if (k->record == s->json->record) return twin_of(s, number);
  k->record = s->json->record;
  k->recent = number;
  return number;
}

/// Reads a key that is not the one that was guessed. Returns where its value may start; `found` gets the key, -1 where it
/// is not known, -2 where there is no room for it.
static const uint8_t *read_key(
    scan *s, const uint8_t *p, int32_t parent, int32_t guess, int32_t *primary, int32_t *found) {
  ingest_json *json = s->json;
  if (*p != '"') return fails(&s->fault, INGEST_JSON_NO_KEY, p);
  uint8_t kinds;
  const uint8_t *key = p + 1;
  p = skip_string(key, s->end, &kinds, &s->fault);
  if (!p) return NULL;
  size_t length = (size_t)(p - key);
  p = skip_blanks(p + 1, s->end, s->are_lines);
  if (p == s->end) return fails(&s->fault, INGEST_JSON_CUT, p);
  if (*p != ':') return fails(&s->fault, INGEST_JSON_NO_COLON, p);
  if (kinds & INGEST_JSON_ESCAPED) {
    if (json->unescaped_room < length) {
      json->unescaped = ingest_json_grow(json->unescaped, length);
      json->unescaped_room = length;
    }
    length = ingest_json_unescape(key, length, json->unescaped);
    key = json->unescaped;
  }
  const json_key *guessed = guess >= 0 ? &json->keys[guess] : NULL;
  int32_t number =
      guessed && guessed->key_length == length && memcmp(guessed->key, key, length) == 0
          ? guess : ingest_json_find(json, parent, key, length);
  if (number < 0 && s->adds) {
    number = ingest_json_append(json, parent, key, length, 0);
    if (number < 0) number = -2;
  }
  *primary = number;
  *found = number < 0 ? number : meet(s, number);
  return p + 1;
}

// MARK: Objects

/// The objects around a place, from the record on.
typedef struct {
  /// The key that the object is the value of, and the last key in it.
  int32_t key[INGEST_JSON_DEEPEST];
  int32_t last[INGEST_JSON_DEEPEST];
  uint32_t depth;
} objects;

/// Where the guess for the key behind the last one is kept.
static inline int32_t *guess_of(ingest_json *json, const objects *o) {
  const int32_t last = o->last[o->depth - 1], key = o->key[o->depth - 1];
  if (last >= 0) return &json->keys[last].next;
  return key < 0 ? &json->first : &json->keys[key].first;
}

/// Reads the next key with its colon; `found` gets its number, -1 where it is not known.
static inline const uint8_t *next_key(scan *s, const uint8_t *p, objects *o, int32_t *found) {
  ingest_json *json = s->json;
  const int32_t guess = *guess_of(json, o);
  int32_t primary = guess;
  if (guess >= 0 && has_token(&json->keys[guess], p, s->end)) {
    p += 1 + json->keys[guess].token_length;
    *found = meet(s, guess);
  } else {
    const uint8_t *at = p;
    p = read_key(s, p, o->key[o->depth - 1], guess, &primary, found);
    if (!p) return NULL;
    if (*found == -2) return fails(&s->fault, INGEST_JSON_TOO_MANY_COLUMNS, at);
    if (primary >= 0) *guess_of(json, o) = primary;
  }
  if (*found == -2) return fails(&s->fault, INGEST_JSON_TOO_MANY_COLUMNS, p);
  if (primary >= 0) o->last[o->depth - 1] = primary;
  if (*found < 0) s->has_unknown = 1;
  return p;
}

/// Takes a value that is no object to be taken apart.
static inline const uint8_t *take_value(scan *s, const uint8_t *p, int32_t number, uint32_t depth) {
  const uint8_t *start = p;
  uint8_t kind;
  if (*p == '"') {
    p = skip_string(p + 1, s->end, &kind, &s->fault);
    if (!p) return NULL;
    p++;
  } else if (*p == '-' || is_digit(*p)) {
    p = skip_number(p, s->end, &s->fault);
    kind = INGEST_JSON_NUMBER;
  } else if (*p == '{' || *p == '[') {
    p = ingest_json_skip_container(p, s->end, s->are_lines, s->json->form.depth - depth, &s->fault);
    kind = INGEST_JSON_NESTED;
  } else {
    kind = *p == 'n' ? 0 : INGEST_JSON_BOOL;
    p = skip_word(p, s->end, &s->fault);
  }
  if (!p) return NULL;
  return number < 0 || put(s, number, start, p, kind) ? p : NULL;
}

/// Takes an object from behind its opening bracket on.
static const uint8_t *take_object(scan *s, const uint8_t *p) {
  ingest_json *json = s->json;
  const uint8_t *end = s->end;
  objects o;
  o.key[0] = o.last[0] = -1;
  o.depth = 1;
  p = skip_blanks(p, end, s->are_lines);
  if (p == end) return fails(&s->fault, INGEST_JSON_CUT, p);
  if (*p == '}') return p + 1;
  for (;;) {
    int32_t number;
    p = next_key(s, p, &o, &number);
    if (!p) return NULL;
    p = skip_blanks(p, end, s->are_lines);
    if (p == end) return fails(&s->fault, INGEST_JSON_CUT, p);
    if (*p == '{' && number >= 0 && o.depth < json->form.flat_depth) {
      const uint8_t *inner = skip_blanks(p + 1, end, s->are_lines);
      if (inner == end) return fails(&s->fault, INGEST_JSON_CUT, inner);
      if (*inner != '}') {
        o.key[o.depth] = number;
        o.last[o.depth] = -1;
        o.depth++;
        p = inner;
        continue;
      }
    }
    p = take_value(s, p, number, o.depth);
    if (!p) return NULL;
    p = skip_blanks(p, end, s->are_lines);
    while (p < end && *p == '}') {
      p++;
      if (--o.depth == 0) return p;
      p = skip_blanks(p, end, s->are_lines);
    }
    if (p == end) return fails(&s->fault, INGEST_JSON_CUT, p);
    if (*p != ',') return fails(&s->fault, INGEST_JSON_NO_COMMA, p);
    p = skip_blanks(p + 1, end, s->are_lines);
    if (p == end) return fails(&s->fault, INGEST_JSON_CUT, p);
  }
}

/// Takes an array from behind its opening bracket on: its elements are cells.
static const uint8_t *take_array(scan *s, const uint8_t *p) {
  ingest_json *json = s->json;
  const uint8_t *end = s->end;
  p = skip_blanks(p, end, s->are_lines);
  if (p == end) return fails(&s->fault, INGEST_JSON_CUT, p);
  if (*p == ']') return p + 1;
  for (size_t place = 0;; place++) {
    int32_t number = place < json->count ? (int32_t)place : -1;
    if (number < 0 && s->adds) {
      number = ingest_json_append(json, -1, p, 0, 0);
      if (number < 0) return fails(&s->fault, INGEST_JSON_TOO_MANY_COLUMNS, p);
    }
    if (number < 0) s->has_unknown = 1;
    p = take_value(s, p, number, 1);
    if (!p) return NULL;
    p = skip_blanks(p, end, s->are_lines);
    if (p == end) return fails(&s->fault, INGEST_JSON_CUT, p);
    if (*p == ']') return p + 1;
    if (*p != ',') return fails(&s->fault, INGEST_JSON_NO_COMMA, p);
    p = skip_blanks(p + 1, end, s->are_lines);
    if (p == end) return fails(&s->fault, INGEST_JSON_CUT, p);
  }
}

/// Takes a value that is no record, to see whether it is sound; that is a fault in either case.
static const uint8_t *refuse(scan *s, const uint8_t *p) {
  const uint8_t *start = p;
  p = take_value(s, p, -1, 0);
  return p ? fails(&s->fault, INGEST_JSON_NO_RECORD, start) : NULL;
}

static inline const uint8_t *take(scan *s, const uint8_t *p) {
  s->json->record++;
  if (s->json->form.are_arrays) return *p == '[' ? take_array(s, p + 1) : refuse(s, p);
  return *p == '{' ? take_object(s, p + 1) : refuse(s, p);
}

/// Passes what stands behind a record: the end of its line, or a comma. Returns where the next one may start.
static inline const uint8_t *pass(scan *s, const uint8_t *p, ingest_json_answer *answer) {
  s->is_open = 0;
  p = skip_blanks(p, s->end, s->are_lines);
  if (p == s->end) return s->is_last ? p : fails(&s->fault, INGEST_JSON_LONG_RECORD, p);
  if (*p != (s->are_lines ? '\n' : ',')) {
    return fails(&s->fault, s->are_lines ? INGEST_JSON_TRAILING : INGEST_JSON_NO_COMMA, p);
  }
  if (!s->are_lines) {
    s->is_open = 1;
    return skip_blanks(p + 1, s->end, 0);
  }
  if (p[-1] == '\r') {
    answer->has_pair = 1;
  } else {
    answer->has_bare_newline = 1;
  }
  return p + 1;
}

/// Takes a record, or adds its keys where it is sound.
static inline const uint8_t *take_record(scan *s, const uint8_t *start, ingest_json_answer *answer, int adds) {
  ingest_json *json = s->json;
  s->adds = 0;
  s->has_unknown = 0;
  json->touched_count = 0;
  const uint8_t *p = take(s, start);
  const uint8_t *behind = p;
  if (p && (size_t)(p - start) > json->form.record_bytes) p = fails(&s->fault, INGEST_JSON_LONG_RECORD, start);
  if (p) p = pass(s, p, answer);
  if (p && adds) {
    take_back(json);
    s->adds = 1;
    if (!take(s, start)) return NULL;
    return p;
  }
  if (!p) {
    take_back(json);
    return NULL;
  }
  answer->has_unknown |= s->has_unknown;
  json->starts[json->rows] = (uint32_t)(start - s->text);
  json->ends[json->rows] = (uint32_t)(behind - s->text);
  json->rows++;
  return p;
}

/// Says what is wrong with a record, and where the next one may be.
static const uint8_t *blame(scan *s, const uint8_t *start, int is_last, ingest_json_answer *answer) {
  const uint8_t *from = s->fault.at > start ? s->fault.at : start;
  const uint8_t *newline = s->are_lines ? memchr(from, '\n', (size_t)(s->end - from)) : NULL;
  const uint8_t *stop = newline ? newline : s->end;
  if (!newline && !is_last) s->fault = (fault){INGEST_JSON_LONG_RECORD, start};
  answer->fault = s->fault.code;
  answer->fault_offset = (size_t)(s->fault.at - s->text);
  answer->record_start = (size_t)(start - s->text);
  answer->record_end = (size_t)(stop - s->text) - (newline && stop > start && stop[-1] == '\r');
  return newline ? newline + 1 : stop;
}

static void run(
    ingest_json *json, const uint8_t *text, size_t length, size_t limit, int32_t is_first, int32_t is_last, int adds,
    ingest_json_answer *answer) {
  scan s = {
      .json = json, .text = text, .end = text + length, .are_lines = json->form.are_lines, .is_last = is_last,
      .is_open = !is_first, .fault = {INGEST_JSON_SOUND, text}};
  memset(answer, 0, sizeof *answer);
  json->rows = 0;
  for (size_t column = 0; column < json->columns; column++) {
    json_key *k = &json->keys[json->column_keys[column]];
    k->filled = k->kinds = 0;
  }
  const uint8_t *p = text;
  while ((size_t)(p - text) < limit && (adds || json->rows < json->capacity)) {
    const uint8_t *start = skip_blanks(p, s.end, s.are_lines);
    if (start == s.end) {
      p = start;
      if (s.are_lines || !s.is_open) break;
      s.fault = (fault){INGEST_JSON_NO_VALUE, start};
    } else if (s.are_lines && *start == '\n') {
      if (answer->blanks++ == 0) answer->first_blank = (size_t)(p - text);
      p = start + 1;
      continue;
    } else {
      // What starts behind the limit is the next scan's.
      if (!s.are_lines && (size_t)(start - text) >= limit) {
        p = start;
        break;
      }
      p = take_record(&s, start, answer, adds);
      if (p) continue;
    }
    p = blame(&s, start, is_last, answer);
    break;
  }
  if (!answer->fault && !s.are_lines && s.is_open && p == s.end) {
    s.fault = (fault){INGEST_JSON_NO_VALUE, p};
    p = blame(&s, p, is_last, answer);
  }
  answer->records = json->rows;
  answer->consumed = (size_t)(p - text);
}

void ingest_json_scan(
    ingest_json *json, const uint8_t *text, size_t length, size_t limit, int32_t is_first, int32_t is_last,
    ingest_json_answer *answer) {
  run(json, text, length, limit, is_first, is_last, 0, answer);
}

void ingest_json_discover(
    ingest_json *json, const uint8_t *text, size_t length, size_t limit, int32_t is_first, int32_t is_last,
    ingest_json_answer *answer) {
  run(json, text, length, limit, is_first, is_last, 1, answer);
}

// MARK: What was taken

ingest_json_cells ingest_json_column(ingest_json *json, size_t column) {
  json_key *k = &json->keys[json->column_keys[column]];
  const size_t first = column * json->capacity;
  ingest_json_cells cells = {json->cell_starts + first, json->cell_ends + first, k->kinds};
  if (!k->kinds) return cells;
  for (size_t gap = k->filled; gap < json->rows; gap++) {
    json->cell_starts[first + gap] = json->cell_ends[first + gap] = 0;
  }
  if (k->filled < json->rows) k->filled = (uint32_t)json->rows;
  return cells;
}

const uint32_t *ingest_json_starts(const ingest_json *json) { return json->starts; }
const uint32_t *ingest_json_ends(const ingest_json *json) { return json->ends; }

static void remove_from(uint32_t *values, size_t rows, const uint32_t *removed, size_t count) {
  size_t kept = 0, next = 0;
  for (size_t row = 0; row < rows; row++) {
    if (next < count && removed[next] == row) {
      next++;
    } else {
      values[kept++] = values[row];
    }
  }
}

void ingest_json_remove(ingest_json *json, const uint32_t *removed, size_t count) {
  for (size_t column = 0; column < json->columns; column++) {
    if (!ingest_json_column(json, column).kinds) continue;
    remove_from(json->cell_starts + column * json->capacity, json->rows, removed, count);
    remove_from(json->cell_ends + column * json->capacity, json->rows, removed, count);
    json->keys[json->column_keys[column]].filled = (uint32_t)(json->rows - count);
  }
  remove_from(json->starts, json->rows, removed, count);
  remove_from(json->ends, json->rows, removed, count);
  json->rows -= count;
}
