// SPDX-License-Identifier: Apache-2.0
#ifndef INGEST_GUNZIP_H
#define INGEST_GUNZIP_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// A gzip member (RFC 1952) that is being expanded by ISA-L: a tenth of a megabyte, whatever the member's size.
struct ingest_gunzip;

/// What a step came to.
enum ingest_gunzip_outcome : int {
  ingest_gunzip_more,
  /// The member has ended, and its checksum and length are right.
  ingest_gunzip_end,
  ingest_gunzip_damaged,
};

struct ingest_gunzip_step {
  enum ingest_gunzip_outcome outcome;
  size_t consumed;
  size_t produced;
};

/// A state for a first member; null where there is no memory.
struct ingest_gunzip *_Nullable ingest_gunzip_make(void);

/// Prepares for a further member.
void ingest_gunzip_restart(struct ingest_gunzip *state);

/// Expands some of the input, less than 4 GiB, into the output, less than 4 GiB. Neither is kept.
struct ingest_gunzip_step ingest_gunzip_expand(
    struct ingest_gunzip *state, const uint8_t *input, size_t length, uint8_t *output, size_t capacity);

void ingest_gunzip_free(struct ingest_gunzip *state);

#pragma clang assume_nonnull end

#endif
