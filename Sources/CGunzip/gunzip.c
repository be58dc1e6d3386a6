// SPDX-License-Identifier: Apache-2.0
#include "gunzip.h"

#include <isa-l/igzip_lib.h>
#include <stdlib.h>

struct ingest_gunzip {
  struct inflate_state isal;
};

void ingest_gunzip_restart(struct ingest_gunzip *state) {
  isal_inflate_reset(&state->isal);
  // Reads the header, and holds checksum and length against the trailer.
  state->isal.crc_flag = ISAL_GZIP;
}

struct ingest_gunzip *ingest_gunzip_make(void) {
  struct ingest_gunzip *state = calloc(1, sizeof(*state));
  if (state == NULL) return NULL;
  isal_inflate_init(&state->isal);
  ingest_gunzip_restart(state);
  return state;
}

struct ingest_gunzip_step ingest_gunzip_expand(
    struct ingest_gunzip *state, const uint8_t *input, size_t length, uint8_t *output, size_t capacity) {
  struct inflate_state *isal = &state->isal;
  // Not written to; the library knows no constant input.
  isal->next_in = (uint8_t *)input;
  isal->avail_in = (uint32_t)length;
  isal->next_out = output;
  isal->avail_out = (uint32_t)capacity;
  int status = isal_inflate(isal);
  struct ingest_gunzip_step step = {
      .outcome = ingest_gunzip_more, .consumed = length - isal->avail_in, .produced = capacity - isal->avail_out};
  // Of damaged input it may say that it took more than it was given; bytes that it had looked at ahead are eight at most.
  int took_more = isal->avail_in > length + sizeof(uint64_t);
  if (status < 0 || took_more) {
    step.outcome = ingest_gunzip_damaged;
    if (took_more) step.consumed = length;
  } else if (isal->block_state == ISAL_BLOCK_FINISH) {
    step.outcome = ingest_gunzip_end;
  }
  return step;
}

void ingest_gunzip_free(struct ingest_gunzip *state) { free(state); }
