// SPDX-License-Identifier: Apache-2.0
#include "attacks.h"

#include <sys/mman.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <time.h>

enum { page = 4096 };

static long map(size_t length, int protection, int flags, int descriptor) {
  return syscall(SYS_mmap, 0L, length, protection, flags, descriptor, 0L);
}

// Touched, since address space alone costs nobody anything.
static int allocate(void) {
  const size_t length = 1UL << 30;
  long address = map(length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
  if (address < 0 && address > -page) return -errno;
  volatile char *bytes = (volatile char *)address;
  for (size_t at = 0; at < length; at += page) bytes[at] = 1;
  return 0;
}

static int spin(void) {
  struct timespec used;
  do {
    for (volatile int i = 0; i < 1000000; i++) {}
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  } while (used.tv_sec * 10 + used.tv_nsec / 100000000 < 13); // The limit is one second.
  return 0;
}

static int map_write_execute(void) {
  return outcome(map(page, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1));
}

static int protect_execute(void) {
  long address = map(page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
  if (address < 0 && address > -page) return -errno;
  return outcome(syscall(SYS_mprotect, address, (long)page, PROT_READ | PROT_EXEC));
}

static int map_execute_file(void) {
  return outcome(map(page, PROT_READ | PROT_EXEC, MAP_PRIVATE, hostile_output));
}

static int map_shared(void) { return outcome(map(page, PROT_READ | PROT_WRITE, MAP_SHARED, hostile_output)); }

static int map_shared_validate(void) {
  return outcome(map(page, PROT_READ | PROT_WRITE, MAP_SHARED_VALIDATE, hostile_output));
}

static int map_shared_anonymous(void) {
  return outcome(map(page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1));
}

static int system_v_memory(void) {
  long segment = syscall(SYS_shmget, IPC_PRIVATE, (long)page, IPC_CREAT | 0600);
  if (segment < 0) return -errno;
  syscall(SYS_shmctl, segment, IPC_RMID, 0L);
  return 0;
}

const struct attack memory_attacks[] = {
    {"allocate", allocate},
    {"spin", spin},
    {"map-write-execute", map_write_execute},
    {"protect-execute", protect_execute},
    {"map-execute-file", map_execute_file},
    {"map-shared", map_shared},
    {"map-shared-validate", map_shared_validate},
    {"map-shared-anonymous", map_shared_anonymous},
    {"shmget", system_v_memory},
    {NULL, NULL},
};
