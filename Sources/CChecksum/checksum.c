// SPDX-License-Identifier: Apache-2.0

#include "CChecksum.h"

#include <stdlib.h>

// The code of the header itself: nothing is linked.
#define XXH_INLINE_ALL
#include <xxhash.h>

struct ingest_checksum {
  XXH3_state_t state;
};

ingest_checksum *ingest_checksum_make(void) {
  ingest_checksum *checksum = aligned_alloc(_Alignof(ingest_checksum), sizeof *checksum);
  if (!checksum) abort();
  XXH3_64bits_reset(&checksum->state);
  return checksum;
}

void ingest_checksum_free(ingest_checksum *checksum) { free(checksum); }

void ingest_checksum_reset(ingest_checksum *checksum) { XXH3_64bits_reset(&checksum->state); }

void ingest_checksum_add(ingest_checksum *checksum, const uint8_t *bytes, size_t count) {
  XXH3_64bits_update(&checksum->state, bytes, count);
}

uint64_t ingest_checksum_value(const ingest_checksum *checksum) { return XXH3_64bits_digest(&checksum->state); }

uint64_t ingest_checksum_of(const uint8_t *bytes, size_t count) { return XXH3_64bits(bytes, count); }
