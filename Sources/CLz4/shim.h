// SPDX-License-Identifier: Apache-2.0
#ifndef INGEST_CLZ4_SHIM_H
#define INGEST_CLZ4_SHIM_H

#include <lz4frame.h>
#include <string.h>

// Its error codes have no public numbers.
static inline int ingest_lz4_is_out_of_memory(size_t result) {
  return LZ4F_isError(result) && strcmp(LZ4F_getErrorName(result), "ERROR_allocation_failed") == 0;
}

#endif
