// SPDX-License-Identifier: Apache-2.0
#ifndef INGEST_CSCAN_H
#define INGEST_CSCAN_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

#ifdef __cplusplus
extern "C" {
#endif

/// The bytes that give a text its structure. A zero stands for none.
typedef struct {
  uint8_t delimiter;
  /// The second byte of a delimiter that has two.
  uint8_t second;
  uint8_t quote;
  /// Whether records end with CR alone; else with LF or CRLF.
  uint8_t ends_with_return;
  /// Whether a backslash escapes a quote behind it, and whether a delimiter too.
  uint8_t escapes;
  uint8_t escapes_delimiters;
  /// What a line of comment starts with, and how many bytes that has.
  uint8_t comment_length;
  uint8_t comment[4];
} ingest_structure;

/// Why a scan stopped.
enum {
  /// A record starts at or beyond the limit.
  INGEST_SCAN_LIMIT = 0,
  /// The text ends within a record.
  INGEST_SCAN_INCOMPLETE = 1,
  /// A record has another number of fields, or a quote or a line end stands where the plain rules do not let it.
  INGEST_SCAN_IRREGULAR = 2,
};

/// What a scan found in the records that it took.
typedef struct {
  size_t records;
  /// The bytes of those records and of the comments between them, their line ends included.
  size_t consumed;
  int32_t stop;
  /// Whether a field is quoted, and how lines ended: with one byte, or with CRLF.
  uint8_t has_quotes;
  uint8_t has_bare_newline;
  uint8_t has_pair;
  /// The lines of comment that were passed over, among the bytes, and the offset of the first.
  size_t comments;
  size_t first_comment;
} ingest_scan;

/// The sets of instructions that the scan is written for.
enum { INGEST_SCAN_PORTABLE = 0, INGEST_SCAN_SSE2 = 1, INGEST_SCAN_AVX2 = 2, INGEST_SCAN_NEON = 3 };

/// The best set that this processor has.
int32_t ingest_scan_best(void);
/// Whether a set can be used here.
int32_t ingest_scan_has(int32_t set);

/// Finds the fields of whole records with exactly `columns` fields each, from `text`, where a record starts.
///
/// Takes records that start before `limit` and end within `length`, which is below 2^32 - 64; stops at the first that
/// is not of that form. `ends` gets the offset behind each field's last byte, without its line end, and needs room for
/// `length + 64` numbers; `starts` gets the offset of each record and of what follows the last one, and needs as much.
void ingest_scan_records(
    int32_t set, const uint8_t *text, size_t length, size_t limit, ingest_structure structure, size_t columns,
    uint32_t *ends, uint32_t *starts, ingest_scan *answer);

/// Finds the bytes of a set of ASCII characters, and returns how many there are.
///
/// `wanted` has the bit `c >> 4` of its byte `c & 15` set for each character `c`. `places` gets their offsets, ascending,
/// and needs room for `length + 1` numbers; `length` is below 2^32.
size_t ingest_find_places(
    int32_t set, const uint8_t *text, size_t length, const uint8_t *wanted, uint32_t *places);

/// How many cells of a record may be empty: those of no byte, and where `has_quotes` those of two.
///
/// `ends` are those of its cells, as `ingest_scan_records` found them, `start` is where the first one starts, and `gap` are
/// the bytes of a delimiter.
size_t ingest_count_short_cells(
    const uint32_t *ends, size_t columns, uint32_t start, uint32_t gap, int32_t has_quotes);

/// One column of records that were found by `ingest_scan_records`.
typedef struct {
  const uint8_t *text;
  /// The bytes from `text` that may be read, of which fields are a part.
  size_t readable;
  const uint32_t *ends;
  const uint32_t *starts;
  size_t columns;
  size_t column;
  size_t rows;
  /// The set of instructions that may be used.
  int32_t set;
  uint8_t quote;
  /// The bytes of a delimiter.
  uint8_t gap;
} ingest_column;

// Each of these converts rows from `from` on, and stops at the first cell that it does not know: it returns that row, or
// `rows`. Values and validity (1 or 0, a byte a row) lie at the row's number. A cell that is empty without quotes is
// null, its value 0, and counted in `nulls`.

/// Whole numbers of at most 18 digits, without a leading zero or plus; a minus only where `is_signed`.
size_t ingest_convert_integers(
    const ingest_column *column, size_t from, int32_t is_signed, int64_t *values, uint8_t *valid, size_t *nulls);

/// `true` and `false`, in any case; a value is 1 or 0.
size_t ingest_convert_booleans(
    const ingest_column *column, size_t from, uint8_t *values, uint8_t *valid, size_t *nulls);

/// Decimal numbers of at most 18 digits whose binary64 keeps all of them: rounded to as many places, it gives the text
/// again. `point` stands before the fraction. A single leading zero is taken, and an exponent where that is a point.
size_t ingest_convert_doubles(
    const ingest_column *column, size_t from, uint8_t point, double *values, uint8_t *valid, size_t *nulls);

/// The binary64 nearest to a number that is known to be well formed; also `nan`, `inf` and `infinity` in any case, with
/// a minus. Returns 0 where the text is no number.
int32_t ingest_parse_double(const uint8_t *text, size_t length, double *value);

/// The order of the parts of a date.
enum { INGEST_YEAR_MONTH_DAY = 0, INGEST_DAY_MONTH_YEAR = 1, INGEST_MONTH_DAY_YEAR = 2 };

/// Dates of ten characters, as days since 1970-01-01.
size_t ingest_convert_dates(
    const ingest_column *column, size_t from, int32_t order, uint8_t separator, int32_t *values, uint8_t *valid,
    size_t *nulls);

/// `YYYY-MM-DD?HH:MM[:SS[.f{1,6}]]` with `between` for `?`, and `Z` behind it where `is_zoned`, as microseconds.
size_t ingest_convert_timestamps(
    const ingest_column *column, size_t from, uint8_t between, int32_t is_zoned, int64_t *values, uint8_t *valid,
    size_t *nulls);

/// The bytes of a column's fields, their quotes included: room that its text needs at most.
size_t ingest_text_bytes(const ingest_column *column);

/// Appends the texts of all rows at `text`, which has room for 32 bytes more than `ingest_text_bytes`; doubled quotes
/// become one. `offsets` gets the end of each row's text, counted from `base`. Returns the bytes written.
size_t ingest_gather_text(
    const ingest_column *column, int32_t base, uint8_t *text, int32_t *offsets, uint8_t *valid, size_t *nulls);

/// The same where a backslash escapes the byte behind it: `escapable` has a bit for each such byte.
size_t ingest_gather_escaped(
    const ingest_column *column, const uint64_t *escapable, int32_t base, uint8_t *text, int32_t *offsets,
    uint8_t *valid, size_t *nulls);

/// The offset of each field's first byte, record by record, for fields that are taken as one long column.
void ingest_field_starts(const ingest_column *column, uint32_t *starts);

/// A short cell that stands in several rows.
typedef struct {
  size_t count;
  uint32_t first_row;
} ingest_text_word;

enum { INGEST_TEXT_WORDS = 4 };

/// What the cells of a column of text look like.
typedef struct {
  size_t absent;
  /// Cells that can be nothing but text, and the first row with one.
  size_t plain;
  uint32_t first_plain;
  /// Whole numbers without a sign of at most 15 digits.
  size_t naturals;
  uint32_t first_natural;
  /// The first row with the longest of them, and its digits.
  uint32_t longest_natural;
  uint32_t most_digits;
  /// The first different cells of at most seven bytes, quoted or not, that are neither.
  ingest_text_word words[INGEST_TEXT_WORDS];
  size_t word_count;
} ingest_text_tally;

/// Counts what cells look like. A cell whose first byte that is no blank is not in `mask` (one bit a byte, 256 bits) is
/// plain text, as is one of digits that starts with 0. The rows of all other cells but the naturals and the words go to
/// `others`.
///
/// Returns the number of those rows.
size_t ingest_screen_text(
    const ingest_column *column, const uint64_t *mask, ingest_text_tally *tally, uint32_t *others);

/// Counts texts that no cell of another type can be: that start with two bytes which none has, are digits behind a zero,
/// or have no byte and are `valid` all the same. Text `n` lies between offsets `n` and `n + 1`, and two bytes can be read where it starts. `seconds` has a word for
/// each first byte; its bit `n` says whether a second byte whose low five bits are `n` may follow in a cell of another
/// type, and bit 0 also whether none may.
///
/// Returns how many there are; `first` gets the row of the first one, or 0.
size_t ingest_count_plain(
    const uint8_t *text, const int32_t *offsets, const uint8_t *valid, size_t rows, const uint32_t *seconds,
    uint32_t *first);

/// Sets `count` bits from bit `at` on to the bytes of `valid`, 0 or 1; the bits behind must be zero.
void ingest_pack_bits(uint8_t *bits, size_t at, const uint8_t *valid, size_t count);

#ifdef __cplusplus
}
#endif

#pragma clang assume_nonnull end
#endif
