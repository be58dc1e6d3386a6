// SPDX-License-Identifier: Apache-2.0
#include "keys.h"

void ingest_json_bind(ingest_json *json, const int32_t *columns, size_t count, size_t column_count) {
  // Few rows where there are many columns: their cells should not leave the caches.
  const size_t most = column_count ? (512u << 10) / column_count : 4096;
  json->columns = column_count;
  json->capacity = most > 4096 ? 4096 : most < 64 ? 64 : most;
  // A cache line more, or all columns' cells of one row would share a few places in the cache.
  json->stride = json->capacity + 16;
  json->rows = 0;
  json->cells = ingest_json_grow(json->cells, column_count * 2 * json->stride * sizeof(uint32_t));
  json->column_keys = ingest_json_grow(json->column_keys, column_count * sizeof(int32_t));
  json->starts = ingest_json_grow(json->starts, (json->capacity + 1) * sizeof(uint32_t));
  json->ends = ingest_json_grow(json->ends, (json->capacity + 1) * sizeof(uint32_t));
  for (size_t number = 0; number < json->count; number++) {
    const int32_t column = number < count ? columns[number] : -1;
    const int has_column = column >= 0 && (size_t)column < column_count;
    json->keys[number].cells = has_column ? starts_of(json, (size_t)column) : NULL;
    if (has_column) json->column_keys[column] = (int32_t)number;
  }
}

ingest_json_cells ingest_json_column(ingest_json *json, size_t column) {
  json_key *k = &json->keys[json->column_keys[column]];
  uint32_t *starts = starts_of(json, column), *ends = starts + json->stride;
  if (k->kinds) {
    for (size_t gap = k->filled; gap < json->rows; gap++) starts[gap] = ends[gap] = 0;
    if (k->filled < json->rows) k->filled = (uint32_t)json->rows;
  }
  return (ingest_json_cells){starts, ends, k->kinds};
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
    uint32_t *starts = starts_of(json, column);
    remove_from(starts, json->rows, removed, count);
    remove_from(starts + json->stride, json->rows, removed, count);
    json->keys[json->column_keys[column]].filled = (uint32_t)(json->rows - count);
  }
  remove_from(json->starts, json->rows, removed, count);
  remove_from(json->ends, json->rows, removed, count);
  json->rows -= count;
}
