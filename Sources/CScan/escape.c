// SPDX-License-Identifier: Apache-2.0
#include "cell.h"

/// Copies a text without the backslashes that escape and, where it was quoted, with doubled quotes as one. Returns the
/// end of what was written.
static uint8_t *copy_escaped(
    uint8_t *out, const uint8_t *from, const uint8_t *end, uint8_t quote, const uint64_t *escapable) {
  while (from < end) {
    if (from + 1 < end) {
      const uint8_t next = from[1];
      const int is_doubled = quote && *from == quote && next == quote;
      if (is_doubled || (*from == '\\' && escapable[next >> 6] >> (next & 63) & 1)) from++;
    }
    *out++ = *from++;
  }
  return out;
}

size_t ingest_gather_escaped(
    const ingest_column *column, const uint64_t *escapable, int32_t base, uint8_t *text, int32_t *offsets,
    uint8_t *valid, size_t *nulls) {
  const ingest_column c = *column;
  uint8_t *out = text;
  for (size_t row = 0; row < c.rows; row++) {
    const cell found = cell_at(&c, row);
    const uint32_t count = found.end - found.start;
    const uint8_t *from = c.text + found.start;
    valid[row] = 1;
    if (count == 0) {
      if (!found.is_quoted) {
        valid[row] = 0;
        ++*nulls;
      }
    } else if (memchr(from, '\\', count) || (found.is_quoted && memchr(from, c.quote, count))) {
      out = copy_escaped(out, from, from + count, found.is_quoted ? c.quote : 0, escapable);
    } else {
      memcpy(out, from, count);
      out += count;
    }
    offsets[row] = base + (int32_t)(out - text);
  }
  return (size_t)(out - text);
}

void ingest_field_starts(const ingest_column *column, uint32_t *starts) {
  const ingest_column c = *column;
  for (size_t row = 0; row < c.rows; row++) {
    const size_t first = row * c.columns;
    starts[first] = c.starts[row];
    for (size_t k = 1; k < c.columns; k++) starts[first + k] = c.ends[first + k - 1] + c.gap;
  }
}
