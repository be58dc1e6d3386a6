// SPDX-License-Identifier: Apache-2.0

// Characters of other encodings written as UTF-8, many at a time. Nothing here keeps state, allocates or decides: each
// function stops before the first byte that it cannot read, and Swift says what that means.
//
// `out` has room for three bytes for each of `count`, and 16 more.
#ifndef INGEST_CTRANSCODE_H
#define INGEST_CTRANSCODE_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// What a byte stands for: its UTF-8, and how long that is; 0 where it stands for nothing. `INGEST_COUNTED` is added to
// the length of bytes that are to be counted.
struct ingest_byte_meaning {
  uint8_t utf8[3];
  uint8_t length;
};
enum { INGEST_COUNTED = 0x80 };

// How many bytes were read, how many written, and how many of those read were to be counted.
struct ingest_transcoded {
  size_t consumed;
  size_t produced;
  size_t counted;
};

// One byte a character; `meanings` has 256, of which those below 128 are ASCII's.
struct ingest_transcoded ingest_utf8_from_bytes(
    const uint8_t *bytes, size_t count, const struct ingest_byte_meaning *meanings, uint8_t *out);

// UTF-16 (Unicode 15, section 3.9). It stops before a surrogate without its other half, and before what is cut off.
struct ingest_transcoded ingest_utf8_from_utf16(const uint8_t *bytes, size_t count, int is_big, uint8_t *out);

// UTF-32. It stops before what is no scalar value, and before what is cut off.
struct ingest_transcoded ingest_utf8_from_utf32(const uint8_t *bytes, size_t count, int is_big, uint8_t *out);

// The length of a prefix without bytes beyond ASCII; it ends less than 16 bytes before the first, or before the end.
size_t ingest_ascii_prefix(const uint8_t *bytes, size_t count);

// The index of the first unit that is a C1 control or for private use; `count` where there is none.
size_t ingest_first_private(const uint16_t *units, size_t count);

#pragma clang assume_nonnull end

#endif
