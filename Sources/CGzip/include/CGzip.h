// SPDX-License-Identifier: Apache-2.0
#ifndef INGEST_GZIP_H
#define INGEST_GZIP_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Compresses `length` bytes into one gzip member (RFC 1952) without a name or a time.
///
/// Returns its length; 0 where it is longer than `capacity`, or there is no memory. Expanding is out of reach here.
size_t ingest_gzip(const uint8_t *input, size_t length, uint8_t *output, size_t capacity);

#pragma clang assume_nonnull end

#endif
