// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CKernel.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

void ingest_use_one_heap(void) { mallopt(M_ARENA_MAX, 1); }

void ingest_trim_heap(void) { malloc_trim(0); }

int ingest_hand_on_code(int proc) {
  int memory = openat(proc, "self/mem", O_RDWR | O_CLOEXEC);
  if (memory < 0) return -errno;
  const volatile char *const codes[] = {(const char *)ingest_hand_on_code, (const char *)malloc_trim};
  int result = 0;
  for (size_t index = 0; index < sizeof codes / sizeof *codes; index++) {
    char byte = *codes[index];
    if (pwrite(memory, &byte, 1, (off_t)(uintptr_t)codes[index]) != 1) result = -errno;
  }
  close(memory);
  return result;
}
