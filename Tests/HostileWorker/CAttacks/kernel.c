// SPDX-License-Identifier: Apache-2.0
#include "attacks.h"

#include <asm/termbits.h>
#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <linux/keyctl.h>
#include <linux/landlock.h>
#include <linux/perf_event.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/timex.h>
#include <time.h>

static int set_up_io_uring(void) {
  struct io_uring_params parameters;
  memset(&parameters, 0, sizeof(parameters));
  return opened(syscall(SYS_io_uring_setup, 1L, &parameters));
}

static int keep_key(void) {
  const int process_keyring = -2;
  return outcome(syscall(SYS_add_key, "user", "hostile", "x", 1L, process_keyring));
}

// The input is no ring: that the call says so is enough.
static int enter_io_uring(void) {
  int result = outcome(syscall(SYS_io_uring_enter, hostile_input, 0, 0, 0, NULL, 0L));
  return result == -EOPNOTSUPP || result == -EBADF || result == -EBADFD ? 0 : result;
}

static int register_io_uring(void) {
  int result = outcome(syscall(SYS_io_uring_register, hostile_input, IORING_REGISTER_PROBE, NULL, 0));
  return result == -EOPNOTSUPP || result == -EBADF || result == -EBADFD ? 0 : result;
}

static int join_keyring(void) { return outcome(syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL)); }

static int read_session_keyring(void) {
  return outcome(syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0));
}

static int request_key(void) { return allowed(syscall(SYS_request_key, "user", "hostile", NULL, 0), ENOKEY); }

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

static int load_bpf_program(void) {
  struct bpf_insn program[] = {
      {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 0},
      {.code = BPF_JMP | BPF_EXIT},
  };
  union bpf_attr attributes;
  memset(&attributes, 0, sizeof(attributes));
  attributes.prog_type = BPF_PROG_TYPE_SOCKET_FILTER;
  attributes.insns = (uintptr_t)program;
  attributes.insn_cnt = 2;
  attributes.license = (uintptr_t) "";
  return opened(syscall(SYS_bpf, BPF_PROG_LOAD, &attributes, sizeof(attributes)));
}

static int count_parent_events(void) {
  struct perf_event_attr attributes;
  memset(&attributes, 0, sizeof(attributes));
  attributes.type = PERF_TYPE_SOFTWARE;
  attributes.config = PERF_COUNT_SW_TASK_CLOCK;
  attributes.size = sizeof(attributes);
  attributes.exclude_kernel = attributes.exclude_hv = 1;
  return opened(syscall(SYS_perf_event_open, &attributes, (long)targets.parent, -1L, -1L, 0L));
}

static int make_rules(void) {
  struct landlock_ruleset_attr rules = {.handled_access_fs = LANDLOCK_ACCESS_FS_EXECUTE};
  return opened(syscall(SYS_landlock_create_ruleset, &rules, sizeof(rules), 0));
}

static int type_into_terminal(void) { return outcome(syscall(SYS_ioctl, STDIN_FILENO, TIOCSTI, "x")); }

static int control_descriptor(void) {
  int bytes;
  return outcome(syscall(SYS_ioctl, STDIN_FILENO, FIONREAD, &bytes));
}

static int make_pipe(void) {
  int ends[2];
  return outcome(syscall(SYS_pipe2, ends, 0));
}

static int make_event(void) { return opened(syscall(SYS_eventfd2, 0, 0)); }

static int make_poll_set(void) { return opened(syscall(SYS_epoll_create1, 0)); }

static int make_signal_descriptor(void) {
  uint64_t none = 0;
  return opened(syscall(SYS_signalfd4, -1, &none, sizeof(none), 0));
}

static int sleep_a_little(void) {
  const struct timespec little = {0, 1};
  return outcome(syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &little, NULL));
}

static int read_clock_state(void) {
  struct timex state = {.modes = 0};
  return outcome(syscall(SYS_adjtimex, &state));
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
    {"io-uring", set_up_io_uring},
    {"io-uring-enter", enter_io_uring},
    {"io-uring-register", register_io_uring},
    {"add-key", keep_key},
    {"join-keyring", join_keyring},
    {"session-keyring", read_session_keyring},
    {"request-key", request_key},
    {"userfaultfd", open_userfaultfd},
    {"bpf", make_bpf_map},
    {"bpf-program", load_bpf_program},
    {"perf-event", count_events},
    {"perf-event-parent", count_parent_events},
    {"landlock", make_rules},
    {"terminal", type_into_terminal},
    {"ioctl", control_descriptor},
    {"pipe", make_pipe},
    {"eventfd", make_event},
    {"epoll", make_poll_set},
    {"signalfd", make_signal_descriptor},
    {"sleep", sleep_a_little},
    {"adjtimex", read_clock_state},
#if defined(__x86_64__)
    {"x32", call_x32},
    {"i386", call_i386},
#endif
    {NULL, NULL},
};
