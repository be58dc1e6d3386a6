// SPDX-License-Identifier: Apache-2.0
#include "cell.h"

size_t ingest_convert_integers(
    const ingest_column *column, size_t from, int32_t is_signed, int64_t *values, uint8_t *valid, size_t *nulls) {
  const ingest_column c = *column;
  for (size_t row = from; row < c.rows; row++) {
    cell found = cell_at(&c, row);
    if (is_null(&found, &valid[row], nulls)) {
      values[row] = 0;
      continue;
    }
    trim(c.text, &found);
    if (found.start == found.end) return row;
    const int is_negative = is_signed && c.text[found.start] == '-';
    const uint32_t start = found.start + (is_negative ? 1 : 0);
    const uint32_t count = found.end - start;
    uint64_t value;
    if (count - 1 > 17 || (c.text[start] == '0' && (count > 1 || is_negative))) return row;
    if (!read_digits(&c, start, count, &value)) return row;
    values[row] = is_negative ? -(int64_t)value : (int64_t)value;
    valid[row] = 1;
  }
  return c.rows;
}

size_t ingest_convert_booleans(
    const ingest_column *column, size_t from, uint8_t *values, uint8_t *valid, size_t *nulls) {
  const ingest_column c = *column;
  for (size_t row = from; row < c.rows; row++) {
    cell found = cell_at(&c, row);
    if (is_null(&found, &valid[row], nulls)) {
      values[row] = 0;
      continue;
    }
    trim(c.text, &found);
    const uint32_t count = found.end - found.start;
    if (count != 4 && count != 5) return row;
    uint32_t word;
    memcpy(&word, c.text + found.start, 4);
    word |= 0x20202020;
    if (count == 4 && word == 0x65757274 /* true */) {
      values[row] = 1;
    } else if (count == 5 && word == 0x736C6166 /* fals */ && (c.text[found.start + 4] | 0x20) == 'e') {
      values[row] = 0;
    } else {
      return row;
    }
    valid[row] = 1;
  }
  return c.rows;
}

void ingest_pack_bits(uint8_t *bits, size_t at, const uint8_t *valid, size_t count) {
  size_t done = 0;
  for (; done < count && (at + done) % 8; done++) bits[(at + done) / 8] |= (uint8_t)(valid[done] << (at + done) % 8);
  for (; done + 8 <= count; done += 8) {
    // Eight bytes of 0 or 1, side by side in the highest byte of the product.
    bits[(at + done) / 8] = (uint8_t)(load8(valid + done) * 0x0102040810204080ULL >> 56);
  }
  for (; done < count; done++) bits[(at + done) / 8] |= (uint8_t)(valid[done] << (at + done) % 8);
}
