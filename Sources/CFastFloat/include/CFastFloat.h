// SPDX-License-Identifier: Apache-2.0
#ifndef INGEST_CFASTFLOAT_H
#define INGEST_CFASTFLOAT_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

#ifdef __cplusplus
extern "C" {
#endif

/// Parses `count` decimal numbers that are known to be well formed: text `i` is `lengths[i]` bytes from
/// `base + starts[i]`. A length of 0 gives 0. Also takes `nan`, `inf` and `infinity` in any case, with a minus.
/// Returns the number of texts that were parsed before the first that is no number; `count` where all were.
size_t ingest_parse_doubles(
    const uint8_t *base, const uint64_t *starts, const uint32_t *lengths, size_t count, double *values);

#ifdef __cplusplus
}
#endif

#pragma clang assume_nonnull end
#endif
