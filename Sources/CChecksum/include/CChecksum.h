// SPDX-License-Identifier: Apache-2.0

// XXH3 with 64 bits (xxHash specification, section "XXH3"): of bytes that come in pieces, and of bytes at once.

#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct ingest_checksum ingest_checksum;

// A checksum of no bytes yet; ends the process where there is no memory.
ingest_checksum *ingest_checksum_make(void);
void ingest_checksum_free(ingest_checksum *checksum);

// Forgets all bytes.
void ingest_checksum_reset(ingest_checksum *checksum);
void ingest_checksum_add(ingest_checksum *checksum, const uint8_t *bytes, size_t count);
uint64_t ingest_checksum_value(const ingest_checksum *checksum);

uint64_t ingest_checksum_of(const uint8_t *bytes, size_t count);
