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
    // Which cells are empty is hard to foresee, so nothing branches on it.
    valid[row] = (count != 0) | found.is_quoted;
    missing += !valid[row];
    if (found.is_quoted && memchr(from, c.quote, count)) {
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

enum { LONGEST_WORD = 7 };

/// A number for each cell of at most seven bytes, quoted or not; all ones for a longer one.
static inline uint64_t word_of(const ingest_column *c, cell found) {
  const uint32_t count = found.end - found.start;
  if (count > LONGEST_WORD) return ~0ULL;
  uint64_t word = 0;
  if ((size_t)found.start + 8 <= c->readable) {
    word = load8(c->text + found.start) & ((1ULL << 8 * count) - 1);
  } else {
    memcpy(&word, c->text + found.start, count);
  }
  return word | (uint64_t)(count << 1 | found.is_quoted) << 56;
}

/// Counts a cell if it is a word met before. Which one it is is hard to foresee, so nothing branches on it.
static inline int count_word(ingest_text_tally *tally, const uint64_t *words, uint64_t word) {
  int is_known = word == 0;
  tally->absent += (size_t)is_known;
  for (size_t number = 0; number < INGEST_TEXT_WORDS; number++) {
    const int is_this = word == words[number];
    tally->words[number].count += (size_t)is_this;
    is_known |= is_this;
  }
  return is_known;
}

size_t ingest_screen_text(
    const ingest_column *column, const uint64_t *mask, ingest_text_tally *tally, uint32_t *others) {
  const ingest_column c = *column;
  size_t count = 0;
  uint32_t digits = 0;
  // One byte in none: a word that no cell is.
  uint64_t words[INGEST_TEXT_WORDS] = {1, 1, 1, 1};
  for (size_t row = 0; row < c.rows; row++) {
    cell found = cell_at(&c, row);
    const uint64_t word = word_of(&c, found);
    if (tally->word_count && count_word(tally, words, word)) continue;
    if (word == 0) {
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
    } else if (kind == OTHER && word != ~0ULL && tally->word_count < INGEST_TEXT_WORDS) {
      words[tally->word_count] = word;
      tally->words[tally->word_count++] = (ingest_text_word){1, (uint32_t)row};
    } else if (kind == OTHER) {
      others[count++] = (uint32_t)row;
    } else if (tally->plain++ == 0) {
      tally->first_plain = (uint32_t)row;
    }
  }
  return count;
}
