// SPDX-License-Identifier: Apache-2.0
#include "attacks.h"

#include <fcntl.h>
#include <linux/kcmp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/time.h>
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

static int open_of_parent(const char *name) {
  char path[64];
  snprintf(path, sizeof(path), "/proc/%d/%s", targets.parent, name);
  return opened(syscall(SYS_openat, AT_FDCWD, path, O_RDONLY, 0));
}

static int open_parent_environment(void) { return open_of_parent("environ"); }

static int open_parent_map(void) { return open_of_parent("maps"); }

static int open_parent_descriptor(void) {
  char name[16];
  snprintf(name, sizeof(name), "fd/%d", hostile_leaked_upload);
  return open_of_parent(name);
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

static int queue_signal(void) {
  siginfo_t information;
  memset(&information, 0, sizeof(information));
  information.si_code = SI_QUEUE;
  return outcome(syscall(SYS_rt_sigqueueinfo, targets.parent, SIGUSR1, &information));
}

// All processes that it may signal, but for itself.
static int probe_all(void) { return outcome(syscall(SYS_kill, -1, 0)); }

static int signal_by_descriptor(void) {
  int parent = (int)syscall(SYS_pidfd_open, targets.parent, 0);
  return parent < 0 ? -errno : outcome(syscall(SYS_pidfd_send_signal, parent, SIGUSR1, NULL, 0));
}

static int ask_to_be_traced(void) { return outcome(syscall(SYS_ptrace, PTRACE_TRACEME, 0, 0L, 0L)); }

static int write_parent_memory(void) {
  uint64_t forged = targets.secret;
  struct iovec here = {&forged, sizeof(forged)}, there = {&targets.secret, sizeof(forged)};
  return outcome(syscall(SYS_process_vm_writev, targets.parent, &here, 1L, &there, 1L, 0L));
}

static int advise_process(void) {
  static _Alignas(4096) char page[4096];
  struct iovec there = {page, sizeof(page)};
  int self = (int)syscall(SYS_pidfd_open, getpid(), 0);
  return self < 0 ? -errno : outcome(syscall(SYS_process_madvise, self, &there, 1L, 20 /* MADV_COLD */, 0));
}

static int compare_with_parent(void) {
  return outcome(syscall(SYS_kcmp, targets.parent, getpid(), KCMP_VM, 0L, 0L));
}

static int read_parent_robust_list(void) {
  void *head;
  size_t length;
  return outcome(syscall(SYS_get_robust_list, targets.parent, &head, &length));
}

static int slow_parent(void) { return outcome(syscall(SYS_setpriority, PRIO_PROCESS, targets.parent, 19)); }

static int pin_parent(void) {
  unsigned long processors[16];
  if (syscall(SYS_sched_getaffinity, targets.parent, sizeof(processors), processors) < 0) return -errno;
  return outcome(syscall(SYS_sched_setaffinity, targets.parent, sizeof(processors), processors));
}

static int move_to_own_group(void) { return outcome(syscall(SYS_setpgid, 0, 0)); }

static int new_session(void) { return outcome(syscall(SYS_setsid)); }

static int raise_priority(void) { return outcome(syscall(SYS_setpriority, PRIO_PROCESS, 0, -5)); }

static int schedule(int policy, int priority) {
  struct sched_param parameters = {.sched_priority = priority};
  return outcome(syscall(SYS_sched_setscheduler, 0, policy, &parameters));
}

static int schedule_as_batch(void) { return schedule(SCHED_BATCH, 0); }

static int schedule_in_real_time(void) { return schedule(SCHED_FIFO, 1); }

// So that memory running out kills others first.
static int be_last_to_go(void) {
  int file = (int)syscall(SYS_openat, AT_FDCWD, "/proc/self/oom_score_adj", O_WRONLY, 0);
  return file < 0 ? -errno : outcome(write(file, "0", 1));
}

static int start_many_threads(void) {
  for (int i = 0; i < 64; i++) {
    int result = start_thread();
    if (result < 0) return result;
  }
  return 0;
}

static int execute_at(void) {
  char *const arguments[] = {"sh", "-c", "exit 42", NULL};
  return outcome(syscall(SYS_execveat, AT_FDCWD, "/bin/sh", arguments, arguments + 3, 0));
}

static int execute_output(void) {
  static const char script[] = "#!/bin/sh\nexit 42\n";
  if (syscall(SYS_pwrite64, hostile_output, script, sizeof(script) - 1, 0L) < 0) return -errno;
  char *const arguments[] = {"output", NULL};
  return outcome(syscall(SYS_execveat, hostile_output, "", arguments, arguments + 1, AT_EMPTY_PATH));
}

static int set_timer(void) {
  const struct itimerval never = {{0, 0}, {1000, 0}};
  return outcome(syscall(SYS_setitimer, ITIMER_REAL, &never, NULL));
}

static int make_timer(void) {
  int number;
  return outcome(syscall(SYS_timer_create, CLOCK_MONOTONIC, NULL, &number));
}

static int make_timer_descriptor(void) { return opened(syscall(SYS_timerfd_create, CLOCK_MONOTONIC, 0)); }

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
    {"parent-clock", read_parent_clock},
    {"parent-environment", open_parent_environment},
    {"parent-map", open_parent_map},
    {"parent-descriptor", open_parent_descriptor},
    {"sigqueue-parent", queue_signal},
    {"probe-all", probe_all},
    {"pidfd-signal-parent", signal_by_descriptor},
    {"traceme", ask_to_be_traced},
    {"process-vm-writev", write_parent_memory},
    {"process-madvise", advise_process},
    {"compare-with-parent", compare_with_parent},
    {"parent-robust-list", read_parent_robust_list},
    {"slow-parent", slow_parent},
    {"pin-parent", pin_parent},
    {"setpgid", move_to_own_group},
    {"setsid", new_session},
    {"raise-priority", raise_priority},
    {"batch-scheduling", schedule_as_batch},
    {"real-time-scheduling", schedule_in_real_time},
    {"be-last-to-go", be_last_to_go},
    {"many-threads", start_many_threads},
    {"execveat", execute_at},
    {"execute-output", execute_output},
    {"itimer", set_timer},
    {"timer", make_timer},
    {"timerfd", make_timer_descriptor},
    {NULL, NULL},
};
