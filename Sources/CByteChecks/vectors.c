// SPDX-License-Identifier: Apache-2.0

#include "CByteChecks.h"

int ingest_has_vectors(int vectors) {
  switch (vectors) {
  case INGEST_PORTABLE: return 1;
#if defined(__x86_64__)
  // The first look fills a table of the runtime library's; cpuid needs no system call.
  case INGEST_SSSE3: return __builtin_cpu_supports("ssse3") != 0;
  case INGEST_AVX2: return __builtin_cpu_supports("avx2") != 0;
#elif defined(__aarch64__)
  case INGEST_NEON: return 1;
#endif
  default: return 0;
  }
}

int ingest_best_vectors(void) {
  for (int vectors = INGEST_NEON; vectors > INGEST_PORTABLE; vectors--)
    if (ingest_has_vectors(vectors)) return vectors;
  return INGEST_PORTABLE;
}
