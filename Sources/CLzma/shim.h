// SPDX-License-Identifier: Apache-2.0
#ifndef INGEST_CLZMA_SHIM_H
#define INGEST_CLZMA_SHIM_H

#include <lzma.h>

// The flag is a macro with a cast: a check that the library does not know is told, since it could not be verified.
static inline lzma_ret ingest_xz_decoder(lzma_stream *stream, uint64_t memory) {
  return lzma_stream_decoder(stream, memory, LZMA_TELL_UNSUPPORTED_CHECK);
}

#endif
