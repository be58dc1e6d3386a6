// SPDX-License-Identifier: Apache-2.0
#ifndef INGEST_CZLIB_SHIM_H
#define INGEST_CZLIB_SHIM_H

#include <zlib.h>

// A macro: 15 is the largest window, and 16 asks for a gzip header and trailer (RFC 1952), both verified.
static inline int ingest_gzip_inflate_init(z_stream *stream) { return inflateInit2(stream, 15 + 16); }

#endif
