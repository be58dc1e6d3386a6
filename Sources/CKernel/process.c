// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CKernel.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <malloc.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef PR_SET_MDWE // Linux 6.3; Debian 12's headers are of 6.1.
#define PR_SET_MDWE 65
#define PR_MDWE_REFUSE_EXEC_GAIN (1UL << 0)
#endif

static int outcome(long result) { return result < 0 ? -errno : (int)result; }

int ingest_prctl_set(int option, unsigned long value) {
  return prctl(option, value, 0UL, 0UL, 0UL) < 0 ? -errno : 0;
}

int ingest_deny_write_execute(void) { return ingest_prctl_set(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN); }

int ingest_become_user(uint32_t user) {
  if (setgroups(0, NULL) < 0 || setresgid(user, user, user) < 0 || setresuid(user, user, user) < 0) return -errno;
  return 0;
}

int ingest_drop_bounding_set(void) {
  for (unsigned long capability = 0;; capability++) {
    int held = prctl(PR_CAPBSET_READ, capability, 0UL, 0UL, 0UL);
    if (held < 0) return 0; // EINVAL: past the last one that this kernel has.
    if (held > 0 && prctl(PR_CAPBSET_DROP, capability, 0UL, 0UL, 0UL) < 0) return -errno;
  }
  return 0;
}

int ingest_drop_capabilities(void) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0}};
  if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0UL, 0UL, 0UL) < 0) return -errno;
  return outcome(syscall(SYS_capset, &header, none));
}

static int get_capabilities(struct __user_cap_data_struct held[_LINUX_CAPABILITY_U32S_3]) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  return outcome(syscall(SYS_capget, &header, held));
}

int ingest_may_signal_all_users(void) {
  struct __user_cap_data_struct held[_LINUX_CAPABILITY_U32S_3];
  int result = get_capabilities(held);
  return result < 0 ? result : (held[0].effective >> CAP_KILL) & 1;
}

int ingest_is_unprivileged(void) {
  uid_t real, effective, saved;
  if (getresuid(&real, &effective, &saved) < 0) return -errno;
  if (real == 0 || effective == 0 || saved == 0) return 0;
  struct __user_cap_data_struct held[_LINUX_CAPABILITY_U32S_3];
  int result = get_capabilities(held);
  if (result < 0) return result;
  for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
    if (held[i].effective | held[i].permitted | held[i].inheritable) return 0;
  }
  return 1;
}

void ingest_reset_signals(void) {
  // Fails for SIGKILL, SIGSTOP and glibc's own two, as it should.
  for (int number = 1; number <= SIGRTMAX; number++) signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

int ingest_load_filter(const void *program, size_t bytes) {
  struct sock_fprog filter = {
      .len = (unsigned short)(bytes / sizeof(struct sock_filter)), .filter = (struct sock_filter *)program};
  // All threads of the process, or none.
  long result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &filter);
  // Above 0 it is the thread that could not take the filter.
  return result > 0 ? -ESRCH : outcome(result);
}

static struct ingest_exits exits;

static void exit_on_limit(int signal) {
  if (signal == SIGXCPU) _exit(exits.processor_time);
  if (signal == SIGXFSZ) _exit(exits.file_size);
  // The runtime aborts where an allocation has just failed. The C library aborts also where the heap or the stack was
  // overwritten, which is no lack of memory.
  _exit(errno == ENOMEM ? exits.memory : exits.abort);
}

void ingest_exit_on_limits(struct ingest_exits statuses) {
  exits = statuses;
  signal(SIGABRT, exit_on_limit);
  signal(SIGXCPU, exit_on_limit);
  signal(SIGXFSZ, exit_on_limit);
}

int ingest_set_rlimit(int resource, uint64_t soft, uint64_t hard) {
  struct rlimit limit = {.rlim_cur = soft, .rlim_max = hard};
  return outcome(setrlimit(resource, &limit));
}

int ingest_hard_rlimit(int resource, uint64_t *hard) {
  struct rlimit limit;
  if (getrlimit(resource, &limit) < 0) return -errno;
  *hard = limit.rlim_max;
  return 0;
}

int ingest_reap(pid_t process, struct ingest_end *end) {
  int status = 0;
  struct rusage usage;
  memset(&usage, 0, sizeof usage);
  pid_t found;
  do found = wait4(process, &status, 0, &usage);
  while (found < 0 && errno == EINTR);
  if (found < 0) return -errno;
  end->was_signalled = WIFSIGNALED(status) ? 1 : 0;
  end->status = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
  end->cpu_seconds = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                     (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
  return 0;
}
