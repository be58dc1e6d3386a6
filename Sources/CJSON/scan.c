// SPDX-License-Identifier: Apache-2.0
#include "record.h"

/// Takes back what was noted of the record at hand.
static void take_back(ingest_json *json) {
  for (size_t column = 0; column < json->columns; column++) {
    json_key *k = &json->keys[json->column_keys[column]];
    if (k->filled > json->rows) k->filled = (uint32_t)json->rows;
  }
}

static inline const uint8_t *take(scan *s, const uint8_t *p, scan_mode mode) {
  s->mode = mode;
  s->json->record++;
  return s->json->set->take(s, p);
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
  s->has_unknown = 0;
  const uint8_t *p = take(s, start, adds ? json_checks : json_takes);
  const uint8_t *behind = p;
  if (p && (size_t)(p - start) > json->form.record_bytes) p = fails(&s->fault, INGEST_JSON_LONG_RECORD, start);
  if (p) p = pass(s, p, answer);
  // The keys of a record that is not sound do not count, so it is passed over twice.
  if (adds) return p && take(s, start, json_adds) ? p : NULL;
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
