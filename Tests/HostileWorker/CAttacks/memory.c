// SPDX-License-Identifier: Apache-2.0
#include "attacks.h"

#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
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

static int spin_for(int tenths) {
  struct timespec used;
  do {
    for (volatile int i = 0; i < 1000000; i++) {}
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  } while (used.tv_sec * 10 + used.tv_nsec / 100000000 < tenths);
  return 0;
}

// The limit is one second.
static int spin(void) { return spin_for(12); }

// Nothing can hold off the kernel's own SIGKILL, one second later.
static int spin_deaf(void) {
  uint64_t all = ~0UL;
  if (syscall(SYS_rt_sigprocmask, SIG_BLOCK, &all, NULL, sizeof(all)) < 0) return -errno;
  return spin_for(22);
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

static int attach_parent_memory(void) { return outcome(syscall(SYS_shmat, targets.shared_memory, NULL, SHM_RDONLY)); }

static int system_v_semaphore(void) {
  long set = syscall(SYS_semget, IPC_PRIVATE, 1L, IPC_CREAT | 0600);
  if (set < 0) return -errno;
  syscall(SYS_semctl, set, 0L, IPC_RMID, 0L);
  return 0;
}

static int system_v_queue(void) {
  long queue = syscall(SYS_msgget, IPC_PRIVATE, IPC_CREAT | 0600);
  if (queue < 0) return -errno;
  syscall(SYS_msgctl, queue, IPC_RMID, 0L);
  return 0;
}

static int open_queue(void) {
  struct mq_attr attributes = {.mq_maxmsg = 1, .mq_msgsize = 1};
  char name[32];
  snprintf(name, sizeof(name), "hostile-%d", getpid());
  if (syscall(SYS_mq_open, name, O_CREAT | O_RDWR, 0600, &attributes) < 0) return -errno;
  return outcome(syscall(SYS_mq_unlink, name));
}

static int secret_memory(void) { return opened(syscall(SYS_memfd_secret, 0)); }

static int lock_memory(void) {
  static char held[page];
  return outcome(syscall(SYS_mlock, held, (long)page));
}

static int map_huge(void) {
  return outcome(map(2 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1));
}

static int map_growing_down(void) {
  return outcome(map(page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN, -1));
}

static int protect_execute_by_key(void) {
  static _Alignas(page) char data[page];
  return outcome(syscall(SYS_pkey_mprotect, data, (long)page, PROT_READ | PROT_EXEC, -1));
}

// Every second page is its own, so that no two maps become one. The kernel's own cap is 65,530.
static int map_without_end(void) {
  const long pages = 140000;
  long address = map(pages * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);
  if (address < 0 && address > -page) return -errno;
  for (long i = 0; i < pages; i += 2) {
    if (syscall(SYS_mprotect, address + i * page, (long)page, PROT_READ) < 0) return -errno;
  }
  return 0;
}

const struct attack memory_attacks[] = {
    {"allocate", allocate},
    {"spin", spin},
    {"spin-deaf", spin_deaf},
    {"map-write-execute", map_write_execute},
    {"protect-execute", protect_execute},
    {"map-execute-file", map_execute_file},
    {"map-shared", map_shared},
    {"map-shared-validate", map_shared_validate},
    {"map-shared-anonymous", map_shared_anonymous},
    {"shmget", system_v_memory},
    {"parent-shared-memory", attach_parent_memory},
    {"semget", system_v_semaphore},
    {"msgget", system_v_queue},
    {"message-queue", open_queue},
    {"secret-memory", secret_memory},
    {"lock-memory", lock_memory},
    {"map-huge", map_huge},
    {"map-growing-down", map_growing_down},
    {"protect-execute-by-key", protect_execute_by_key},
    {"maps-without-end", map_without_end},
    {NULL, NULL},
};
