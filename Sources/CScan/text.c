// SPDX-License-Identifier: Apache-2.0
#include "cell.h"

size_t ingest_text_bytes(const ingest_column *column) {
  const ingest_column c = *column;
  size_t sum = 0;
  for (size_t row = 0; row < c.rows; row++) {
    const size_t number = row * c.columns + c.column;
    sum += c.ends[number] - (c.column ? c.ends[number - 1] + c.gap : c.starts[row]);
  }
  return sum;
}

/// Copies a quoted text in which every quote is doubled. Returns the end of what was written.
static uint8_t *copy_unescaped(uint8_t *out, const uint8_t *from, const uint8_t *end, uint8_t quote) {
  while (from < end) {
    const uint8_t *found = memchr(from, quote, (size_t)(end - from));
    const uint8_t *stop = found ? found + 1 : end;
    memcpy(out, from, (size_t)(stop - from));
    out += stop - from;
    from = found ? found + 2 : end;
  }
  return out;
}

size_t ingest_gather_text(
    const ingest_column *column, int32_t base, uint8_t *text, int32_t *offsets, uint8_t *valid, size_t *nulls) {
  const ingest_column c = *column;
  uint8_t *out = text;
  size_t missing = 0;
  for (size_t row = 0; row < c.rows; row++) {
    const cell found = cell_at(&c, row);
    const uint32_t count = found.end - found.start;
    const uint8_t *from = c.text + found.start;
    valid[row] = 1;
    if (count == 0) {
      if (!found.is_quoted) {
        valid[row] = 0;
        missing++;
      }
    } else if (found.is_quoted && memchr(from, c.quote, count)) {
      out = copy_unescaped(out, from, from + count, c.quote);
    } else if (count <= 32 && (size_t)found.start + 32 <= c.readable) {
      // A fixed length is two moves; what lies behind is written over by the next text.
      memcpy(out, from, 32);
      out += count;
    } else {
      memcpy(out, from, count);
      out += count;
    }
    offsets[row] = base + (int32_t)(out - text);
  }
  *nulls += missing;
  return (size_t)(out - text);
}

enum { PLAIN, NATURAL, OTHER };

/// What a cell looks like; `digits` gets the length of a natural number.
static inline int look(const ingest_column *c, cell found, const uint64_t *mask, uint32_t *digits) {
  const uint8_t first = found.start < found.end ? c->text[found.start] : 0;
  if (!(mask[first >> 6] >> (first & 63) & 1)) return is_blank(first) ? OTHER : PLAIN;
  const uint32_t count = found.end - found.start;
  uint64_t value;
  if ((uint8_t)(first - '0') > 9 || count > 15 || !read_digits(c, found.start, count, &value)) return OTHER;
  *digits = count;
  return first == '0' && count > 1 ? PLAIN : NATURAL;
}

size_t ingest_screen_text(
    const ingest_column *column, const uint64_t *mask, ingest_text_tally *tally, uint32_t *others) {
  const ingest_column c = *column;
  size_t count = 0;
  uint32_t digits = 0;
  for (size_t row = 0; row < c.rows; row++) {
    cell found = cell_at(&c, row);
    if (found.start == found.end && !found.is_quoted) {
      tally->absent++;
      continue;
    }
    // Blanks around a cell are rare, and looking for them costs more than all that follows.
    int kind = look(&c, found, mask, &digits);
    if (kind == OTHER) {
      trim(c.text, &found);
      kind = look(&c, found, mask, &digits);
    }
    if (kind == NATURAL) {
      if (tally->naturals++ == 0) tally->first_natural = (uint32_t)row;
      if (digits > tally->most_digits) {
        tally->most_digits = digits;
        tally->longest_natural = (uint32_t)row;
      }
    } else if (kind == OTHER) {
      others[count++] = (uint32_t)row;
    } else if (tally->plain++ == 0) {
      tally->first_plain = (uint32_t)row;
    }
  }
  return count;
}
