// SPDX-License-Identifier: Apache-2.0
#ifndef INGEST_CLZMA_SHIM_H
#define INGEST_CLZMA_SHIM_H

#include <lzma.h>
#include <stdlib.h>

// The flag is a macro with a cast: a check that the library does not know is told, since it could not be verified.
static inline lzma_ret ingest_xz_decoder(lzma_stream *stream, uint64_t memory) {
  return lzma_stream_decoder(stream, memory, LZMA_TELL_UNSUPPORTED_CHECK);
}

// Decodes at most `out_size` bytes of raw LZMA (or LZMA2). Returns 1 where the stream ends, by its own mark, as it fills
// the output; LZMA mostly has no mark, and then a checksum alone tells. Both buffers are of the stated sizes.
static inline int ingest_lzma_raw(int is_lzma2, const uint8_t *properties, size_t properties_size, const uint8_t *in,
                                  size_t in_size, uint8_t *out, size_t out_size) {
  lzma_filter filters[2] = {{is_lzma2 ? LZMA_FILTER_LZMA2 : LZMA_FILTER_LZMA1, NULL}, {LZMA_VLI_UNKNOWN, NULL}};
  if (lzma_properties_decode(&filters[0], NULL, properties, properties_size) != LZMA_OK) return 0;
  size_t in_pos = 0, out_pos = 0;
  lzma_ret status = lzma_raw_buffer_decode(filters, NULL, in, &in_pos, in_size, out, &out_pos, out_size);
  free(filters[0].options);
  return status == LZMA_OK && in_pos == in_size && out_pos == out_size;
}

#endif
