// SPDX-License-Identifier: Apache-2.0
#include "attacks.h"

#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>

static int become_dumpable(void) { return outcome(syscall(SYS_prctl, PR_SET_DUMPABLE, 1L, 0L, 0L, 0L)); }

static int set_up_io_uring(void) {
  struct io_uring_params parameters;
  memset(&parameters, 0, sizeof(parameters));
  return opened(syscall(SYS_io_uring_setup, 1L, &parameters));
}

static int keep_key(void) {
  const int process_keyring = -2;
  return outcome(syscall(SYS_add_key, "user", "hostile", "x", 1L, process_keyring));
}

static int new_user_namespace(void) { return outcome(syscall(SYS_unshare, CLONE_NEWUSER)); }

static int open_userfaultfd(void) {
  const int user_mode_only = 1;
  return opened(syscall(SYS_userfaultfd, user_mode_only));
}

static int make_bpf_map(void) {
  union bpf_attr attributes;
  memset(&attributes, 0, sizeof(attributes));
  attributes.map_type = BPF_MAP_TYPE_ARRAY;
  attributes.key_size = attributes.value_size = attributes.max_entries = 4;
  return opened(syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof(attributes)));
}

static int count_events(void) {
  struct perf_event_attr attributes;
  memset(&attributes, 0, sizeof(attributes));
  attributes.type = PERF_TYPE_SOFTWARE;
  attributes.config = PERF_COUNT_SW_TASK_CLOCK;
  attributes.size = sizeof(attributes);
  attributes.exclude_kernel = attributes.exclude_hv = 1;
  return opened(syscall(SYS_perf_event_open, &attributes, 0L, -1L, -1L, 0L));
}

#if defined(__x86_64__)
// getpid of the x32 ABI, whose numbers carry this bit.
static int call_x32(void) { return outcome(syscall(0x40000000L | SYS_getpid)); }

// getpid of i386, by its own gate: number 20, which in x86_64 is writev.
static int call_i386(void) {
  long result;
  __asm__ volatile("int $0x80" : "=a"(result) : "a"(20L) : "memory", "r8", "r9", "r10", "r11");
  return result < 0 ? (int)result : 0;
}
#endif

const struct attack kernel_attacks[] = {
    {"dumpable", become_dumpable},
    {"io-uring", set_up_io_uring},
    {"add-key", keep_key},
    {"user-namespace", new_user_namespace},
    {"userfaultfd", open_userfaultfd},
    {"bpf", make_bpf_map},
    {"perf-event", count_events},
#if defined(__x86_64__)
    {"x32", call_x32},
    {"i386", call_i386},
#endif
    {NULL, NULL},
};
