// SPDX-License-Identifier: Apache-2.0
#include "CFastFloat.h"

#include <fast_float/fast_float.h>

size_t ingest_parse_doubles(
    const uint8_t *base, const uint64_t *starts, const uint32_t *lengths, size_t count, double *values) {
  for (size_t i = 0; i < count; i++) {
    if (lengths[i] == 0) {
      values[i] = 0;
      continue;
    }
    const char *first = reinterpret_cast<const char *>(base) + starts[i];
    const char *last = first + lengths[i];
    const auto answer = fast_float::from_chars(first, last, values[i]);
    if (answer.ec != std::errc() || answer.ptr != last) return i;
  }
  return count;
}
