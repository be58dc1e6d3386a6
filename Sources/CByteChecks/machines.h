// SPDX-License-Identifier: Apache-2.0

// What the loops over buffers share: how they are compiled for each machine, and how they read.
#ifndef INGEST_MACHINES_H
#define INGEST_MACHINES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "CByteChecks.h"

#define BODY static inline __attribute__((always_inline))

// Defines `ingest_NAME` as `NAME`, compiled for what the machine has.
#if defined(__x86_64__)
#define COMPILED_FOR_EACH_MACHINE(result, name, parameters, arguments)                                                 \
  __attribute__((target("avx2,popcnt,bmi"))) static result name##_avx2 parameters { return name arguments; }           \
  static result name##_plain parameters { return name arguments; }                                                     \
  result ingest_##name(int vectors, UNPACKED parameters) {                                                             \
    return vectors == INGEST_AVX2 ? name##_avx2 arguments : name##_plain arguments;                                    \
  }
#else
#define COMPILED_FOR_EACH_MACHINE(result, name, parameters, arguments)                                                 \
  result ingest_##name(int vectors, UNPACKED parameters) {                                                             \
    (void)vectors;                                                                                                     \
    return name arguments;                                                                                             \
  }
#endif
#define UNPACKED(...) __VA_ARGS__

// Little-endian and unaligned, as every machine that this is built for reads them.
BODY uint64_t word_at(const uint8_t *bytes, size_t index) {
  uint64_t word;
  memcpy(&word, bytes + index * 8, 8);
  return word;
}

BODY int32_t number_at(const uint8_t *bytes, size_t index) {
  int32_t number;
  memcpy(&number, bytes + index * 4, 4);
  return number;
}

// The rows of the word at `index` without a value; bits behind the last row are no rows.
BODY uint64_t missing_at(const uint8_t *validity, size_t index, size_t count) {
  const size_t rows = count - index * 64;
  uint64_t valid = 0;
  memcpy(&valid, validity + index * 8, rows < 64 ? (rows + 7) / 8 : 8);
  return ~valid & (rows < 64 ? ((uint64_t)1 << rows) - 1 : ~(uint64_t)0);
}

#endif
