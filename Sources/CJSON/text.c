// SPDX-License-Identifier: Apache-2.0
#include "value.h"

/// Writes a character as UTF-8.
static uint8_t *put(uint8_t *out, uint32_t character) {
  if (character < 0x80) {
    *out++ = (uint8_t)character;
  } else if (character < 0x800) {
    *out++ = (uint8_t)(0xC0 | character >> 6);
    *out++ = (uint8_t)(0x80 | (character & 0x3F));
  } else if (character < 0x10000) {
    *out++ = (uint8_t)(0xE0 | character >> 12);
    *out++ = (uint8_t)(0x80 | (character >> 6 & 0x3F));
    *out++ = (uint8_t)(0x80 | (character & 0x3F));
  } else {
    *out++ = (uint8_t)(0xF0 | character >> 18);
    *out++ = (uint8_t)(0x80 | (character >> 12 & 0x3F));
    *out++ = (uint8_t)(0x80 | (character >> 6 & 0x3F));
    *out++ = (uint8_t)(0x80 | (character & 0x3F));
  }
  return out;
}

static uint8_t plain(uint8_t letter) {
  switch (letter) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return letter;
  }
}

size_t ingest_json_unescape(const uint8_t *text, size_t length, uint8_t *out) {
  const uint8_t *p = text, *end = text + length, *start = out;
  while (p < end) {
    const uint8_t *found = memchr(p, '\\', (size_t)(end - p));
    const uint8_t *stop = found ? found : end;
    memcpy(out, p, (size_t)(stop - p));
    out += stop - p;
    // A cell that was cut for display may end within an escape.
    if (!found || end - found < 2 || (found[1] == 'u' && end - found < 6)) break;
    if (found[1] != 'u') {
      *out++ = plain(found[1]);
      p = found + 2;
      continue;
    }
    const int32_t first = hex4(found + 2);
    p = found + 6;
    if (first < 0xD800 || first > 0xDFFF) {
      out = put(out, (uint32_t)(first < 0 ? 0xFFFD : first));
    } else {
      const int32_t second = end - p >= 6 ? hex4(p + 2) : -1;
      if (first > 0xDBFF || second < 0xDC00 || second > 0xDFFF) break;
      out = put(out, 0x10000u + ((uint32_t)(first - 0xD800) << 10) + (uint32_t)(second - 0xDC00));
      p += 6;
    }
  }
  return (size_t)(out - start);
}

/// Copies a text; what lies behind it is written over by the next one.
static inline uint8_t *copy(uint8_t *out, const uint8_t *from, uint32_t count, const uint8_t *last) {
  if (count <= 32 && from + 32 <= last) {
    memcpy(out, from, 32);
  } else {
    memcpy(out, from, count);
  }
  return out + count;
}

size_t ingest_json_gather(
    const uint8_t *text, size_t readable, ingest_json_cells cells, size_t rows, int32_t base, uint8_t *out,
    int32_t *offsets, uint8_t *valid, size_t *nulls) {
  const uint8_t *start = out, *last = text + readable;
  const int has_escapes = cells.kinds & INGEST_JSON_ESCAPED;
  size_t missing = 0;
  for (size_t row = 0; row < rows; row++) {
    const uint8_t *from = text + cells.starts[row];
    uint32_t count = cells.ends[row] - cells.starts[row];
    valid[row] = count != 0;
    missing += count == 0;
    if (count && *from == '"') {
      from++;
      count -= 2;
      if (has_escapes && memchr(from, '\\', count)) {
        out += ingest_json_unescape(from, count, out);
        offsets[row] = base + (int32_t)(out - start);
        continue;
      }
    }
    out = copy(out, from, count, last);
    offsets[row] = base + (int32_t)(out - start);
  }
  *nulls += missing;
  return (size_t)(out - start);
}
