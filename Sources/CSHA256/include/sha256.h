// SPDX-License-Identifier: Apache-2.0
#ifndef INGEST_SHA256_H
#define INGEST_SHA256_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// What OpenSSL keeps of a message that is under way, in its own layout: 8 words of the hash, 2 of the length, one
/// block, and two numbers. `sha256.c` checks the size.
struct ingest_sha256 {
  uint32_t words[28];
};

/// Begins a message.
void ingest_sha256_begin(struct ingest_sha256 *state);

/// Adds `length` bytes to the message.
void ingest_sha256_add(struct ingest_sha256 *state, const void *_Nullable bytes, size_t length);

/// Ends the message: writes 32 bytes, and wipes the state.
void ingest_sha256_end(struct ingest_sha256 *state, uint8_t *digest);

#pragma clang assume_nonnull end

#endif
