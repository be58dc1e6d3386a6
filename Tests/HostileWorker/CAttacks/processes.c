// SPDX-License-Identifier: Apache-2.0
#include "attacks.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>

static int reap(pid_t child) {
  if (child < 0) return -errno;
  int status;
  return waitpid(child, &status, 0) == child ? 0 : -errno;
}

static int fork_process(void) {
  long child = syscall(SYS_clone, SIGCHLD, 0L, 0L, 0L, 0L);
  if (child == 0) _exit(0);
  return reap((pid_t)child);
}

static int vfork_process(void) {
  pid_t child = vfork();
  if (child == 0) _exit(0);
  return reap(child);
}

static void *nothing(void *ignored) { return ignored; }

static int start_thread(void) {
  pthread_t thread;
  int result = pthread_create(&thread, NULL, nothing, NULL);
  if (result != 0) return -result;
  return -pthread_join(thread, NULL);
}

// 42 is what the worker ends with after an attack that succeeded.
static int execute(void) {
  char *const arguments[] = {"sh", "-c", "exit 42", NULL};
  return outcome(syscall(SYS_execve, "/bin/sh", arguments, arguments + 3));
}

static int trace_parent(void) { return outcome(syscall(SYS_ptrace, PTRACE_SEIZE, targets.parent, 0L, 0L)); }

static int read_parent_memory(void) {
  uint64_t stolen = 0;
  struct iovec here = {&stolen, sizeof(stolen)}, there = {&targets.secret, sizeof(stolen)};
  return outcome(syscall(SYS_process_vm_readv, targets.parent, &here, 1L, &there, 1L, 0L));
}

static int open_parent_memory(void) {
  char path[32];
  snprintf(path, sizeof(path), "/proc/%d/mem", targets.parent);
  int memory = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY, 0);
  uint64_t stolen = 0;
  if (memory < 0) return -errno;
  return outcome(pread(memory, &stolen, sizeof(stolen), (off_t)(uintptr_t)&targets.secret));
}

static int probe_parent(void) { return outcome(syscall(SYS_kill, targets.parent, 0)); }

static int signal_parent(void) { return outcome(syscall(SYS_kill, targets.parent, SIGUSR1)); }

static int signal_parent_thread(void) {
  return outcome(syscall(SYS_tgkill, targets.parent, targets.parent, SIGUSR1));
}

static int take_parent_descriptor(void) {
  int parent = (int)syscall(SYS_pidfd_open, targets.parent, 0);
  if (parent < 0) return -errno;
  return opened(syscall(SYS_pidfd_getfd, parent, 0, 0));
}

static int limit_parent(void) {
  struct rlimit limit;
  if (syscall(SYS_prlimit64, targets.parent, RLIMIT_CORE, NULL, &limit) < 0) return -errno;
  return outcome(syscall(SYS_prlimit64, targets.parent, RLIMIT_CORE, &limit, NULL));
}

static int raise_limit(void) {
  struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
  return outcome(syscall(SYS_setrlimit, RLIMIT_FSIZE, &limit));
}

static int become_root(void) { return outcome(syscall(SYS_setresuid, 0, 0, 0)); }

// The processor time of another process tells what it works on. The identifier is glibc's clock_getcpuclockid.
static int read_parent_clock(void) {
  struct timespec time;
  return outcome(syscall(SYS_clock_gettime, (long)(int)((~(unsigned)targets.parent << 3) | 2), &time));
}

const struct attack process_attacks[] = {
    {"fork", fork_process},
    {"vfork", vfork_process},
    {"thread", start_thread},
    {"exec", execute},
    {"ptrace-parent", trace_parent},
    {"process-vm-readv", read_parent_memory},
    {"parent-memory", open_parent_memory},
    {"probe-parent", probe_parent},
    {"signal-parent", signal_parent},
    {"tgkill-parent", signal_parent_thread},
    {"pidfd-getfd", take_parent_descriptor},
    {"prlimit-parent", limit_parent},
    {"setrlimit-raise", raise_limit},
    {"become-root", become_root},
    {"parent-clock", read_parent_clock},
    {NULL, NULL},
};
