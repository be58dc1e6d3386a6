// SPDX-License-Identifier: Apache-2.0
#ifndef INGEST_CSCAN_GENERAL_H
#define INGEST_CSCAN_GENERAL_H

// What the general form of the scan does beyond the plain one, on masks of 64 bytes.

#include "CScan.h"

#include <string.h>

/// The bytes that a backslash escapes; `carry` says whether one is, as the first of its word.
static inline uint64_t escaped_bytes(uint64_t backslashes, uint64_t *carry) {
  uint64_t escaped = *carry;
  // A backslash that is escaped escapes nothing.
  uint64_t rest = backslashes & ~*carry;
  *carry = 0;
  while (rest) {
    const uint64_t bit = rest & (0 - rest);
    escaped |= bit << 1;
    *carry = bit >> 63;
    rest &= ~(bit | bit << 1);
  }
  return escaped;
}

/// The first bytes of delimiters of two bytes, among all bytes like them and those before a second one.
///
/// Where both are the same, pairs are counted from the start of each run.
static inline uint64_t first_bytes(uint64_t alike, uint64_t before_second, int is_doubled) {
  if (is_doubled) {
    const uint64_t even = 0x5555555555555555ULL;
    const uint64_t runs = alike & ~(alike << 1);
    // Adding a run's first bit clears its bits and sets one behind it, where none of the bytes stands.
    const uint64_t from_even = alike & ~(alike + (runs & even));
    alike = (from_even & even) | (alike & ~from_even & ~even);
  }
  return alike & before_second;
}

/// Where the first comment of a word starts, among the bytes that start a record and look like one; `length` where none
/// does. `before` gets the bytes before it.
static inline size_t comment_start(
    ingest_structure structure, const uint8_t *text, size_t at, size_t length, uint64_t record_starts, uint64_t alike,
    uint64_t *before) {
  if (structure.comment_length == 0) return length;
  for (uint64_t rest = record_starts & alike; rest; rest &= rest - 1) {
    const size_t start = at + (size_t)__builtin_ctzll(rest);
    // One that is cut is no comment yet, but no record either.
    const size_t known = length - start < structure.comment_length ? length - start : structure.comment_length;
    if (memcmp(text + start, structure.comment, known) != 0) continue;
    *before = (rest & (0 - rest)) - 1;
    return start;
  }
  return length;
}

/// How a line of comment ends.
enum { COMMENT_CUT, COMMENT_BARE, COMMENT_PAIR, COMMENT_IRREGULAR };

/// Where the line behind a comment starts.
static inline int comment_end(
    ingest_structure structure, const uint8_t *text, size_t start, size_t length, size_t *behind) {
  const int common = structure.ends_with_return ? '\r' : '\n';
  const uint8_t *end = memchr(text + start, common, length - start);
  if (!end) return COMMENT_CUT;
  const uint8_t *other = memchr(text + start, common ^ '\r' ^ '\n', (size_t)(end - (text + start)));
  *behind = (size_t)(end - text) + 1;
  if (structure.ends_with_return) {
    if (other) return COMMENT_IRREGULAR;
    if (*behind == length) return COMMENT_CUT;
    return text[*behind] == '\n' ? COMMENT_IRREGULAR : COMMENT_BARE;
  }
  if (!other) return COMMENT_BARE;
  return other + 1 == end ? COMMENT_PAIR : COMMENT_IRREGULAR;
}

#endif
