// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CKernel.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static int outcome(long result) { return result < 0 ? -errno : 0; }

static int stat_file(void) {
  struct stat status;
  return outcome(stat("/etc/shadow", &status));
}

static int fork_once(void) {
  long process = syscall(SYS_clone, (unsigned long)SIGCHLD, 0UL, NULL, NULL, 0UL);
  if (process == 0) _exit(0);
  return outcome(process);
}

static int execute(void) {
  char *const none[] = {NULL};
  return outcome(execve("/bin/true", none, none));
}

static int read_memory(pid_t process) {
  char byte;
  struct iovec here = {.iov_base = &byte, .iov_len = 1}, there = {.iov_base = (void *)0x10000, .iov_len = 1};
  int result = outcome(process_vm_readv(process, &here, 1, &there, 1, 0));
  // Nothing is mapped there: what counts is that it was allowed to look.
  return result == -EFAULT ? 0 : result;
}

static int load_program(void) {
  union bpf_attr attributes;
  memset(&attributes, 0, sizeof(attributes));
  return outcome(syscall(SYS_bpf, BPF_PROG_LOAD, &attributes, sizeof(attributes)));
}

static int map(size_t bytes, int access) {
  void *address = mmap(NULL, bytes, access, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (address == MAP_FAILED) return -errno;
  munmap(address, bytes);
  return 0;
}

int ingest_try_attack(enum ingest_attack attack, pid_t service, int file) {
  switch (attack) {
  case INGEST_NO_ATTACK: return 0;
  case INGEST_OPEN_FILE: return outcome(syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY, 0));
  case INGEST_STAT_FILE: return stat_file();
  case INGEST_MAKE_MEMORY_FILE: return outcome(memfd_create("trial", MFD_CLOEXEC));
  case INGEST_CONNECT: return outcome(socket(AF_INET, SOCK_STREAM, 0));
  case INGEST_FORK: return fork_once();
  case INGEST_EXECUTE: return execute();
  case INGEST_SIGNAL_SERVICE: return outcome(kill(service, 0));
  case INGEST_READ_SERVICE_MEMORY: return read_memory(service);
  case INGEST_TRACE_SERVICE: return outcome(ptrace(PTRACE_SEIZE, service, NULL, NULL));
  case INGEST_MAKE_USER_NAMESPACE: return outcome(unshare(CLONE_NEWUSER));
  case INGEST_MAP_WRITE_EXECUTE: return map(4096, PROT_READ | PROT_WRITE | PROT_EXEC);
  case INGEST_LOAD_KERNEL_PROGRAM: return load_program();
  case INGEST_ALLOCATE: return map((size_t)1 << 40, PROT_READ | PROT_WRITE);
  case INGEST_OVERWRITE: return outcome(pwrite(file, "", 1, (off_t)1 << 42));
  }
  return -EINVAL;
}
