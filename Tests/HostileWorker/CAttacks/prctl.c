// SPDX-License-Identifier: Apache-2.0
#include "attacks.h"

#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/rseq.h>
#if defined(__x86_64__)
#include <asm/prctl.h>
#endif

#ifndef PR_SET_MDWE // Linux 6.3; Debian 12's headers are of 6.1.
#define PR_SET_MDWE 65
#endif

static int set(int option, unsigned long value) { return outcome(syscall(SYS_prctl, option, value, 0L, 0L, 0L)); }

static int become_dumpable(void) { return set(PR_SET_DUMPABLE, 1); }

static int undo_no_new_privileges(void) { return set(PR_SET_NO_NEW_PRIVS, 0); }

static int undo_death_signal(void) { return set(PR_SET_PDEATHSIG, 0); }

static int undo_write_execute_denial(void) { return set(PR_SET_MDWE, 0); }

static int undo_filter(void) { return set(PR_SET_SECCOMP, SECCOMP_MODE_DISABLED); }

static struct sock_filter allow_all = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
static struct sock_fprog filter = {.len = 1, .filter = &allow_all};

static int add_filter(void) {
  return outcome(syscall(SYS_prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0L, 0L));
}

// Who listens answers the calls of others.
static int listen_to_filter(void) {
  return opened(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &filter));
}

static int change_memory_map(void) {
  unsigned int size;
  return outcome(syscall(SYS_prctl, PR_SET_MM, PR_SET_MM_MAP_SIZE, &size, 0L, 0L));
}

static int become_reaper(void) { return set(PR_SET_CHILD_SUBREAPER, 1); }

static int change_personality(void) { return outcome(syscall(SYS_personality, READ_IMPLIES_EXEC)); }

static int become_root(void) { return outcome(syscall(SYS_setresuid, 0, 0, 0)); }

static int set_groups(void) { return outcome(syscall(SYS_setgroups, 0L, NULL)); }

static int take_capability(void) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct wanted[_LINUX_CAPABILITY_U32S_3] = {{.effective = 1, .permitted = 1}};
  return outcome(syscall(SYS_capset, &header, wanted));
}

// glibc registered it before the confinement, so taking it back is what is left.
static int change_restartable_sequences(void) {
  char *thread = (char *)__builtin_thread_pointer();
  const long size = 32;
  return outcome(syscall(SYS_rseq, thread + __rseq_offset, size, RSEQ_FLAG_UNREGISTER, RSEQ_SIG));
}

static int set_robust_list(void) {
  static long head[3] = {(long)head};
  return outcome(syscall(SYS_set_robust_list, head, sizeof(head)));
}

static int set_thread_address(void) {
  static int number;
  return outcome(syscall(SYS_set_tid_address, &number));
}

// The kernel's structure is another than glibc's: handler, flags, restorer, mask.
static int ignore_signals(void) {
  unsigned long action[4] = {(unsigned long)SIG_IGN, 0, 0, 0};
  return outcome(syscall(SYS_rt_sigaction, SIGTERM, action, NULL, 8L));
}

#if defined(__x86_64__)
static int read_thread_base(void) {
  unsigned long base;
  return outcome(syscall(SYS_arch_prctl, ARCH_GET_FS, &base));
}

static int read_segments(void) {
  char table[64];
  return outcome(syscall(SYS_modify_ldt, 0, table, sizeof(table)));
}
#endif

const struct attack prctl_attacks[] = {
    {"dumpable", become_dumpable},
    {"undo-no-new-privileges", undo_no_new_privileges},
    {"undo-death-signal", undo_death_signal},
    {"undo-write-execute-denial", undo_write_execute_denial},
    {"undo-filter", undo_filter},
    {"add-filter", add_filter},
    {"listen-to-filter", listen_to_filter},
    {"change-memory-map", change_memory_map},
    {"subreaper", become_reaper},
    {"personality", change_personality},
    {"become-root", become_root},
    {"setgroups", set_groups},
    {"capset", take_capability},
    {"rseq", change_restartable_sequences},
    {"set-robust-list", set_robust_list},
    {"set-tid-address", set_thread_address},
    {"ignore-signals", ignore_signals},
#if defined(__x86_64__)
    {"arch-prctl", read_thread_base},
    {"modify-ldt", read_segments},
#endif
    {NULL, NULL},
};
