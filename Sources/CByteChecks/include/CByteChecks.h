// SPDX-License-Identifier: Apache-2.0

// Checks of many bytes by the vector instructions of the machine. Nothing here keeps state, allocates, or decides: an
// answer says "sound" or where to look closer, and Swift finds the exact fault.
#ifndef INGEST_CBYTECHECKS_H
#define INGEST_CBYTECHECKS_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// The instructions that a check may use.
enum ingest_vectors { INGEST_PORTABLE = 0, INGEST_SSSE3 = 1, INGEST_AVX2 = 2, INGEST_NEON = 3 };

// 1 if this machine has them, else 0.
int ingest_has_vectors(int vectors);
// The widest that this machine has.
int ingest_best_vectors(void);

// Text

// What `ingest_clean_text` looks for beside malformed UTF-8, and what it found out.
enum ingest_text { INGEST_REFUSE_CONTROLS = 1, INGEST_HAS_NON_ASCII = 2 };

// The length of a prefix of whole, well-formed characters, without control characters (but for TAB, LF, VT, FF and CR)
// and DEL where they are refused. It ends less than 132 bytes before the first fault, or before the end. `found` gets
// `INGEST_HAS_NON_ASCII` added where the prefix may hold such a character.
size_t ingest_clean_text(const uint8_t *bytes, size_t count, int vectors, int refuse, int *found);

// Buffers of a table, checked with `vectors`. Each but the first answers 1 where all is well, else 0. Numbers are
// little-endian and need no alignment; `validity` holds one bit a row in `(count + 7) / 8` bytes.

size_t ingest_count_bits(int vectors, const uint8_t *bytes, size_t count);
int ingest_is_zero(int vectors, const uint8_t *bytes, size_t count);
// Whether no bit is set in `bits` that is not set in `allowed`.
int ingest_is_subset(int vectors, const uint8_t *bits, const uint8_t *allowed, size_t count);
// Whether each of `count` values is in `least ... most`: of 32 bits, and of 64.
int ingest_are_days(int vectors, const uint8_t *values, size_t count, int32_t least, int32_t most);
int ingest_are_times(int vectors, const uint8_t *values, size_t count, int64_t least, int64_t most);
// Whether each of `count` values of `width` bytes is zero whose row has no bit in `validity`.
int ingest_are_nulls_zero(int vectors, const uint8_t *values, size_t width, const uint8_t *validity, size_t count);
// Whether the `count + 1` offsets never fall, and stay where a row has no bit in `validity`.
int ingest_are_offsets(int vectors, const uint8_t *offsets, const uint8_t *validity, size_t count);
// Whether no byte of well-formed text at `offsets[i] - base` is the inside of a character. The offsets never fall; those
// before the text are passed over, and the first behind its `length` bytes ends it. `used` gets how many there were.
int ingest_are_boundaries(
    const uint8_t *offsets, size_t count, const uint8_t *text, int64_t base, size_t length, size_t *used);

// Extremes

// Lowers `least` and raises `most` to the values of the rows that have one: of words of 64 bits, whose sign bit `flip`
// may change so that unsigned numbers compare as signed ones do; of numbers of 32 bits; of doubles, without NaN.
void ingest_word_bounds(
    int vectors, const uint8_t *values, const uint8_t *validity, size_t count, uint64_t flip, int64_t *least,
    int64_t *most);
void ingest_day_bounds(
    int vectors, const uint8_t *values, const uint8_t *validity, size_t count, int64_t *least, int64_t *most);
void ingest_float_bounds(
    int vectors, const uint8_t *values, const uint8_t *validity, size_t count, double *least, double *most);
// The rows of the first and the last text in the order of their bytes, which lie at `offsets[i] - base`. Answers 1, 0 where no row has one, or -1 where an
// offset lies outside of the text.
int ingest_text_bounds(
    int vectors, const uint8_t *offsets, const uint8_t *validity, size_t count, const uint8_t *text, int64_t base, size_t length,
    size_t *least, size_t *most);

#pragma clang assume_nonnull end

#endif
