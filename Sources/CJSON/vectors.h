// SPDX-License-Identifier: Apache-2.0
#ifndef INGEST_CJSON_VECTORS_H
#define INGEST_CJSON_VECTORS_H

#include "record.h"

// What one set of instructions gives `values.inc` and `records.inc`, of which each set has a copy:
//
// TARGET                       how its functions are marked
// NAME(x)                      how they are called
// NAME(specials)(bytes)        of 32 bytes, a bit for each that ends a string or may not stand in one as it is
// NAME(digits)(bytes, &points) of 32 bytes, a bit for each digit, and for each point

/// How functions are marked that are worth their copies.
#define INLINE __attribute__((always_inline))

/// The bits of a mask below one of its places, 0 to 31.
static inline uint32_t below(uint32_t place) { return (1U << place) - 1; }

/// The bytes that a mask is of.
enum { json_vector = 32 };

#endif
