// SPDX-License-Identifier: Apache-2.0
#ifndef INGEST_CJSON_H
#define INGEST_CJSON_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// What is wrong with a text; each is the first fault in it.
enum {
  INGEST_JSON_SOUND = 0,
  /// The text ends within a value.
  INGEST_JSON_CUT,
  /// No value, no key, no colon, or neither a comma nor a closing bracket, where one must be.
  INGEST_JSON_NO_VALUE,
  INGEST_JSON_NO_KEY,
  INGEST_JSON_NO_COLON,
  INGEST_JSON_NO_COMMA,
  INGEST_JSON_BAD_NUMBER,
  /// A control character within a string, or the end of the line.
  INGEST_JSON_CONTROL,
  INGEST_JSON_OPEN_STRING,
  INGEST_JSON_BAD_ESCAPE,
  /// Half of a surrogate pair, which is no character.
  INGEST_JSON_BAD_SURROGATE,
  /// Something stands behind the value.
  INGEST_JSON_TRAILING,
  // What is no fault of the syntax
  INGEST_JSON_TOO_DEEP,
  /// A record that is not of the kind that the table's are.
  INGEST_JSON_NO_RECORD,
  INGEST_JSON_TOO_MANY_COLUMNS,
  INGEST_JSON_LONG_CELL,
  INGEST_JSON_LONG_RECORD,
};

/// What a column's cells are, in a set.
enum {
  INGEST_JSON_STRING = 1,
  /// A string with escapes.
  INGEST_JSON_ESCAPED = 2,
  INGEST_JSON_NUMBER = 4,
  INGEST_JSON_BOOL = 8,
  /// A list, or an object, as it stands.
  INGEST_JSON_NESTED = 16,
};

/// The sets of instructions that there is code for, by the numbers that `CScan` has for them; any other stands for the
/// portable one. What is found does not depend on them.
enum { INGEST_JSON_SSE2 = 1, INGEST_JSON_AVX2 = 2 };

/// How deep values may lie, whatever is asked for: a bit is kept of each level.
enum { INGEST_JSON_DEEPEST = 1024 };

// MARK: Values

/// What `ingest_json_skip` found.
typedef struct {
  /// The offset behind the value, or that of the fault.
  size_t offset;
  int32_t fault;
} ingest_json_skipped;

/// Passes over one value from `text` on, with the blanks before it, and checks every byte of it (RFC 8259), but not that
/// its strings are UTF-8. Containers lie in one another at most `depth` deep; `set` is that of instructions.
ingest_json_skipped ingest_json_skip(const uint8_t *text, size_t length, uint32_t depth, int32_t set);

/// Writes a sound string's content, of which `text` is what lies between the quotes; `out` has room for `length` bytes.
///
/// Returns the bytes written: an escape is never shorter than what it stands for.
size_t ingest_json_unescape(const uint8_t *text, size_t length, uint8_t *out);

// MARK: Records

typedef struct ingest_json ingest_json;

/// What a table's records are.
typedef struct {
  /// 1: arrays, whose elements are the columns; 0: objects, whose members are.
  uint8_t are_arrays;
  /// 1: each on a line of its own; 0: with commas between them, as in an array.
  uint8_t are_lines;
  /// The set of instructions that may be used.
  int32_t set;
  /// How deep objects are taken apart: 1 stands for the record alone.
  uint32_t flat_depth;
  uint32_t depth;
  uint32_t columns;
  size_t record_bytes;
  size_t cell_bytes;
  /// What keys are hashed with; secret, so that nobody can make many that collide.
  uint64_t seed[2];
} ingest_json_form;

/// An empty set of keys.
ingest_json *ingest_json_new(ingest_json_form form);
void ingest_json_free(ingest_json *json);
/// Forgets all keys.
void ingest_json_clear(ingest_json *json);

/// What is known of a key, or of an element's place.
typedef struct {
  /// The key that the object is a member of; -1 for the record.
  int32_t parent;
  /// How often the key stood in the same object before.
  uint32_t repeat;
  const uint8_t *_Nullable key;
  size_t length;
  /// Whether any value was more than null, and whether any was null.
  uint8_t has_value;
  uint8_t has_null;
  uint8_t has_members;
} ingest_json_key;

/// The keys, numbered in the order in which they were added.
size_t ingest_json_count(const ingest_json *json);
ingest_json_key ingest_json_get(const ingest_json *json, size_t number);
/// Adds a key that is not there, whose parent is. 0 where there is no room.
int32_t ingest_json_add(ingest_json *json, ingest_json_key key);

/// Says which column each key is, -1 for none, and makes room for cells; `count` is that of the keys.
void ingest_json_bind(ingest_json *json, const int32_t *columns, size_t count, size_t column_count);

/// What a scan found.
typedef struct {
  size_t records;
  /// The offset behind what was taken, where the next record's line, or the next record, starts.
  size_t consumed;
  /// Blank lines, and the offset of the first.
  size_t blanks;
  size_t first_blank;
  /// Whether a record has a key without a column.
  uint8_t has_unknown;
  uint8_t has_bare_newline;
  uint8_t has_pair;
  /// The first record that could not be taken: nothing of it was.
  int32_t fault;
  size_t fault_offset;
  size_t record_start;
  /// Where its line ends.
  size_t record_end;
} ingest_json_answer;

/// Takes records from `text` on, where one starts: those that start before `limit`, as many as there is room for, up to
/// one with a fault. `is_first` says that nothing stands before the first, `is_last` that the text ends with `length`.
void ingest_json_scan(
    ingest_json *json, const uint8_t *text, size_t length, size_t limit, int32_t is_first, int32_t is_last,
    ingest_json_answer *answer);

/// The same, but adds the keys of sound records instead of taking cells.
void ingest_json_discover(
    ingest_json *json, const uint8_t *text, size_t length, size_t limit, int32_t is_first, int32_t is_last,
    ingest_json_answer *answer);

/// Where a column's cells of the last scan start and end, from its text on; strings with their quotes. An empty range
/// stands for null. `kinds` gets what they are, 0 where all are null: then there is nothing to read.
typedef struct {
  const uint32_t *starts;
  const uint32_t *ends;
  uint8_t kinds;
} ingest_json_cells;

ingest_json_cells ingest_json_column(ingest_json *json, size_t column);
/// The offset at which each record of the last scan starts.
const uint32_t *ingest_json_starts(const ingest_json *json);
/// The offset behind each.
const uint32_t *ingest_json_ends(const ingest_json *json);

/// Takes records out of the last scan, by their numbers, ascending.
void ingest_json_remove(ingest_json *json, const uint32_t *removed, size_t count);

/// Appends the texts of a column's cells at `out`, which has room for all of them and 32 bytes more.
///
/// `offsets` gets the end of each row's text, counted from `base`; `valid` 1 or 0. Returns the bytes written.
size_t ingest_json_gather(
    const uint8_t *text, size_t readable, ingest_json_cells cells, size_t rows, int32_t base, uint8_t *out,
    int32_t *offsets, uint8_t *valid, size_t *nulls);

#pragma clang assume_nonnull end
#endif
