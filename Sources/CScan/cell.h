// SPDX-License-Identifier: Apache-2.0
#ifndef INGEST_CSCAN_CELL_H
#define INGEST_CSCAN_CELL_H

#include "CScan.h"

#include <string.h>

/// Where a cell's content lies, from the column's text.
typedef struct {
  uint32_t start;
  uint32_t end;
  uint8_t is_quoted;
} cell;

/// The cell of a row, without its quotes. Whether there are any varies from row to row, so nothing branches on it.
static inline cell cell_at(const ingest_column *c, size_t row) {
  const size_t number = row * c->columns + c->column;
  const uint32_t start = c->column ? c->ends[number - 1] + c->gap : c->starts[row], end = c->ends[number];
  const uint32_t quoted = c->quote ? (uint32_t)(c->text[end > start ? start : 0] == c->quote) & (uint32_t)(end > start) : 0;
  return (cell){start + quoted, end - quoted, (uint8_t)quoted};
}

/// Whether a cell is empty without quotes; then its row is null.
static inline int is_null(const cell *c, uint8_t *valid, size_t *nulls) {
  if (c->start != c->end || c->is_quoted) return 0;
  *valid = 0;
  ++*nulls;
  return 1;
}

static inline int is_blank(uint8_t byte) { return byte == ' ' || byte == '\t'; }

/// Takes the blanks off both ends.
static inline void trim(const uint8_t *text, cell *c) {
  while (c->start < c->end && is_blank(text[c->start])) c->start++;
  while (c->end > c->start && is_blank(text[c->end - 1])) c->end--;
}

/// Eight bytes, the first one lowest, as all machines lay them out that this is built for.
static inline uint64_t load8(const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, 8);
  return word;
}

/// `count` bytes at the high end of a word, below them digits of zero; `count` is 1 to 8.
static inline uint64_t load_digits(const ingest_column *c, uint32_t start, uint32_t count) {
  uint64_t word;
  if ((size_t)start + 8 <= c->readable) {
    word = load8(c->text + start);
  } else {
    word = 0;
    memcpy(&word, c->text + start, count);
  }
  if (count == 8) return word;
  return word << (64 - 8 * count) | 0x3030303030303030ULL >> (8 * count);
}

static inline int are_digits(uint64_t word) {
  return (((word & 0xF0F0F0F0F0F0F0F0ULL) ^ 0x3030303030303030ULL) |
          (((word + 0x0606060606060606ULL) & 0xF0F0F0F0F0F0F0F0ULL) ^ 0x3030303030303030ULL)) == 0;
}

/// The number that eight digits are: pairs, then fours, then all.
static inline uint64_t number_of(uint64_t word) {
  word = (word & 0x0F0F0F0F0F0F0F0FULL) * 2561 >> 8;
  word = (word & 0x00FF00FF00FF00FFULL) * 6553601 >> 16;
  return (word & 0x0000FFFF0000FFFFULL) * 42949672960001ULL >> 32;
}

/// Reads `count` digits, 1 to 18; 0 where there is anything else.
static inline int read_digits(const ingest_column *c, uint32_t start, uint32_t count, uint64_t *value) {
  const uint32_t head = count <= 8 ? count : count <= 16 ? count - 8 : count - 16;
  uint64_t word = load_digits(c, start, head);
  if (!are_digits(word)) return 0;
  uint64_t sum = number_of(word);
  for (uint32_t at = head; at < count; at += 8) {
    word = load8(c->text + start + at);
    if (!are_digits(word)) return 0;
    sum = sum * 100000000ULL + number_of(word);
  }
  *value = sum;
  return 1;
}

#endif
