// SPDX-License-Identifier: Apache-2.0
#include "cell.h"
#include "vectors.h"

size_t ingest_convert_integers(
    const ingest_column *column, size_t from, int32_t is_signed, int64_t *values, uint8_t *valid, size_t *nulls) {
  const ingest_column c = *column;
  for (size_t row = from; row < c.rows; row++) {
#if defined(__x86_64__)
    if (c.set == INGEST_SCAN_AVX2) row += ingest_integers_avx2(&c, row, is_signed, values, valid, nulls);
    if (row == c.rows) break;
#endif
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

/// 1 for `true`, 0 for `false`, 2 for anything else. Which of the first two it is varies from row to row, so nothing branches
/// on it.
static inline uint32_t read_truth(const uint8_t *text, cell found) {
  const uint32_t count = found.end - found.start;
  if (count - 4 > 1) return 2;
  uint32_t word;
  memcpy(&word, text + found.start, 4);
  word |= 0x20202020;
  const uint32_t is_true = (count == 4) & (word == 0x65757274 /* true */);
  const uint32_t is_false = (count == 5) & (word == 0x736C6166 /* fals */) & ((text[found.end - 1] | 0x20) == 'e');
  return is_true | (2 * !(is_true | is_false));
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
    uint32_t truth = read_truth(c.text, found);
    if (truth == 2) {
      trim(c.text, &found);
      truth = read_truth(c.text, found);
      if (truth == 2) return row;
    }
    values[row] = (uint8_t)truth;
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
