// SPDX-License-Identifier: Apache-2.0
#include "CGzip.h"

#include <limits.h>
#include <zlib.h>

size_t ingest_gzip(const uint8_t *input, size_t length, uint8_t *output, size_t capacity) {
  if (length > UINT_MAX || capacity > UINT_MAX) return 0;
  z_stream stream = {0};
  // 15 is the largest window, and 16 asks for the frame of gzip.
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) return 0;
  stream.next_in = (uint8_t *)input;
  stream.avail_in = (unsigned)length;
  stream.next_out = output;
  stream.avail_out = (unsigned)capacity;
  int status = deflate(&stream, Z_FINISH);
  size_t written = status == Z_STREAM_END ? stream.total_out : 0;
  deflateEnd(&stream);
  return written;
}
