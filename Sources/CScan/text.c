// SPDX-License-Identifier: Apache-2.0
#include "cell.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

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

/// Copies the text of one cell that is long, lies at the end, or has quotes in it. Returns the end of what was written.
static __attribute__((noinline)) uint8_t *copy_cell(uint8_t *out, const ingest_column *c, cell found) {
  const uint8_t *from = c->text + found.start;
  const uint32_t count = found.end - found.start;
  if (found.is_quoted && memchr(from, c->quote, count)) return copy_unescaped(out, from, from + count, c->quote);
  memcpy(out, from, count);
  return out + count;
}

/// Which of 32 bytes are `byte`.
static inline uint32_t find32(const uint8_t *text, uint8_t byte) {
#if defined(__SSE2__)
  const __m128i wanted = _mm_set1_epi8((char)byte);
  const __m128i low = _mm_loadu_si128((const __m128i *)text), high = _mm_loadu_si128((const __m128i *)(text + 16));
  return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(low, wanted)) |
         (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(high, wanted)) << 16;
#else
  uint32_t found = 0;
  for (unsigned at = 0; at < 32; at++) found |= (uint32_t)(text[at] == byte) << at;
  return found;
#endif
}

/// Where a column's texts go, and how far that has come.
typedef struct {
  uint8_t *out;
  int32_t *offsets;
  uint8_t *valid;
  /// What makes the address of a text's end its offset.
  intptr_t bias;
} gathered;

static inline __attribute__((always_inline)) uint32_t start_of(
    const ingest_column *column, int is_first, const uint32_t *ends, size_t row) {
  return is_first ? column->starts[row] : ends[-1] + column->gap;
}

/// Notes the end of a row's text.
static inline __attribute__((always_inline)) void end_text(gathered *to, size_t row, uint32_t is_present) {
  to->valid[row] = (uint8_t)is_present;
  to->offsets[row] = (int32_t)((intptr_t)to->out + to->bias);
}

/// Copies the text of a row that is long, or lies at the end.
static void gather_cell(const ingest_column *column, size_t row, gathered *to) {
  const cell found = cell_at(column, row);
  to->out = copy_cell(to->out, column, found);
  end_text(to, row, (uint32_t)(found.start != found.end) | found.is_quoted);
}

/// The rows before the first whose text starts where 32 bytes cannot be read.
static size_t readable_rows(const ingest_column *column, int is_first) {
  const size_t readable = column->readable < 32 ? 0 : column->readable - 31;
  size_t rows = column->rows;
  while (rows > 0 &&
         start_of(column, is_first, column->ends + (rows - 1) * column->columns + column->column, rows - 1) >= readable)
    rows--;
  return rows;
}

#if defined(__SSE2__)
typedef __m128i watched;
#else
typedef uint8_t watched;
#endif

/// Copies 32 bytes, and notes in `seen` whether the first one is `quote`.
static inline __attribute__((always_inline)) void copy32(
    uint8_t *restrict out, const uint8_t *restrict from, watched quote, watched *seen) {
#if defined(__SSE2__)
  const __m128i low = _mm_loadu_si128((const __m128i *)from), high = _mm_loadu_si128((const __m128i *)(from + 16));
  *seen = _mm_or_si128(*seen, _mm_cmpeq_epi8(low, quote));
  _mm_storeu_si128((__m128i *)out, low);
  _mm_storeu_si128((__m128i *)(out + 16), high);
#else
  *seen |= (uint8_t)(*from == quote);
  memcpy(out, from, 32);
#endif
}

/// Copies the texts of a column without quotes; returns whether there is one after all, and what was copied is wrong.
///
/// `is_first` is known where this is compiled. A short text costs a few steps, all of them in registers, and none branches
/// on what is hard to foresee, such as which are empty: what is copied behind it is written over by the next.
static inline __attribute__((always_inline)) int gather_plain(
    const ingest_column *column, int is_first, gathered *progress) {
  gathered to = *progress;
  const uint8_t *const from = column->text;
  const size_t rows = column->rows, columns = column->columns, readable = readable_rows(column, is_first);
  const uint32_t *ends = column->ends + column->column;
#if defined(__SSE2__)
  const watched quote = _mm_set1_epi8((char)column->quote);
  watched seen = _mm_setzero_si128();
#else
  const watched quote = column->quote;
  watched seen = 0;
#endif
  for (size_t row = 0; row < rows; row++, ends += columns) {
    for (; row < readable; row++, ends += columns) {
      const uint32_t start = start_of(column, is_first, ends, row), count = *ends - start;
      if (__builtin_expect(count > 32, 0)) break;
      copy32(to.out, from + start, quote, &seen);
      to.out += count;
      end_text(&to, row, count != 0);
    }
    if (row == rows) break;
    gather_cell(column, row, &to);
  }
  *progress = to;
#if defined(__SSE2__)
  return column->quote != 0 && (_mm_cvtsi128_si32(seen) & 1);
#else
  return column->quote != 0 && seen;
#endif
}

/// Copies the texts of a column in which there may be quotes: that takes twice the time.
static inline __attribute__((always_inline)) void gather_quoted(
    const ingest_column *column, int is_first, gathered *progress) {
  gathered to = *progress;
  const uint8_t *const from = column->text;
  const uint32_t *ends = column->ends + column->column;
  const size_t rows = column->rows, columns = column->columns, readable = readable_rows(column, is_first);
  const uint8_t quote = column->quote;
  for (size_t row = 0; row < rows; row++, ends += columns) {
    uint32_t start = start_of(column, is_first, ends, row), count = *ends - start;
    // A quote moves the start by one.
    if (__builtin_expect(row + 1 < readable && count <= 32, 1)) {
      // Behind an empty cell stands no quote: what ends it does.
      const uint32_t quoted = (uint32_t)(from[start] == quote) & (uint32_t)(count != 0);
      start += quoted;
      count -= 2 * quoted;
      // A fixed length is two moves; what lies behind is written over by the next text.
      memcpy(to.out, from + start, 32);
      // Only within quotes can there be more of them.
      if (__builtin_expect((find32(from + start, quote) & ((1ULL << count) - 1)) != 0, 0))
        to.out = copy_cell(to.out, column, (cell){start, start + count, 1});
      else
        to.out += count;
      end_text(&to, row, (uint32_t)(count != 0) | quoted);
    } else {
      gather_cell(column, row, &to);
    }
  }
  *progress = to;
}

/// Whether one of a column's first cells is quoted.
static int starts_with_quotes(const ingest_column *column) {
  enum { LOOKED_AT = 16 };
  for (size_t row = 0; row < column->rows && row < LOOKED_AT; row++)
    if (cell_at(column, row).is_quoted) return 1;
  return 0;
}

size_t ingest_gather_text(
    const ingest_column *column, int32_t base, uint8_t *text, int32_t *offsets, uint8_t *valid, size_t *nulls) {
  const gathered start = {text, offsets, valid, base - (intptr_t)text};
  gathered to = start;
  const int is_first = column->column == 0;
  // Which columns are quoted is mostly one thing for all rows.
  int has_quotes = column->quote && starts_with_quotes(column);
  if (!has_quotes) has_quotes = is_first ? gather_plain(column, 1, &to) : gather_plain(column, 0, &to);
  if (has_quotes) {
    to = start;
    if (is_first) gather_quoted(column, 1, &to);
    else gather_quoted(column, 0, &to);
  }
  size_t present = 0;
  for (size_t row = 0; row < column->rows; row++) present += valid[row];
  *nulls += column->rows - present;
  return (size_t)(to.out - text);
}

static int are_all_digits(const uint8_t *text, size_t count) {
  for (size_t at = 0; at < count; at++)
    if ((uint8_t)(text[at] - '0') > 9) return 0;
  return 1;
}

size_t ingest_count_plain(
    const uint8_t *text, const int32_t *offsets, const uint8_t *valid, size_t rows, const uint32_t *seconds,
    uint32_t *first) {
  enum { LONGEST_CODE = 15 };
  size_t plain = 0;
  uint32_t earliest = UINT32_MAX;
  for (size_t row = 0; row < rows; row++) {
    const uint8_t *at = text + offsets[row];
    const uint32_t count = (uint32_t)(offsets[row + 1] - offsets[row]);
    const uint32_t one = at[0], two = count > 1 ? at[1] : 0;
    uint32_t is_plain = (count ? ~(seconds[one] >> (two & 31)) : valid[row]) & 1;
    if (__builtin_expect(one == '0' && count - 2 <= LONGEST_CODE - 2, 0)) is_plain = (uint32_t)are_all_digits(at, count);
    plain += is_plain;
    earliest = is_plain & (uint32_t)(earliest == UINT32_MAX) ? (uint32_t)row : earliest;
  }
  *first = earliest == UINT32_MAX ? 0 : earliest;
  return plain;
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
