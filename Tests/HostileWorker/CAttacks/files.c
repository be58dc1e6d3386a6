// SPDX-License-Identifier: Apache-2.0
#include "attacks.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <linux/stat.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>

static int open_passwd(void) { return opened(syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY, 0)); }

static int open_passwd_by_openat2(void) {
  struct open_how how = {.flags = O_RDONLY};
  return opened(syscall(SYS_openat2, AT_FDCWD, "/etc/passwd", &how, sizeof(how)));
}

static int create_file(void) {
  return opened(syscall(SYS_openat, AT_FDCWD, targets.created, O_CREAT | O_WRONLY, 0600));
}

static int stat_shadow(void) {
  char status[256];
  return outcome(syscall(SYS_newfstatat, AT_FDCWD, "/etc/shadow", status, 0));
}

static int statx_shadow(void) {
  char status[256];
  return outcome(syscall(SYS_statx, AT_FDCWD, "/etc/shadow", 0, 0x7ff, status));
}

static int change_mode(void) { return outcome(syscall(SYS_fchmodat, AT_FDCWD, targets.victim, 04777)); }

static int new_memfd(void) { return opened(syscall(SYS_memfd_create, "new", 0)); }

static int duplicate_past_limit(void) {
  for (int i = 0; i < 64; i++) {
    if (syscall(SYS_dup, hostile_input) < 0) return -errno;
  }
  return 0;
}

static int write_past_cap(void) {
  static char block[65536];
  for (int i = 0; i < 64; i++) {
    if (syscall(SYS_write, hostile_output, block, sizeof(block)) < 0) return -errno;
  }
  return 0;
}

// One byte, far away: a sparse file is as long as its last byte.
static int write_far_away(void) { return outcome(syscall(SYS_pwrite64, hostile_output, "x", 1, 1L << 32)); }

static int read_descriptor_flags(void) { return outcome(syscall(SYS_fcntl, hostile_input, F_GETFL, 0)); }

const struct attack file_attacks[] = {
    {"open-passwd", open_passwd},
    {"openat2-passwd", open_passwd_by_openat2},
    {"create-file", create_file},
    {"stat-shadow", stat_shadow},
    {"statx-shadow", statx_shadow},
    {"chmod", change_mode},
    {"memfd", new_memfd},
    {"dup-past-limit", duplicate_past_limit},
    {"write-past-cap", write_past_cap},
    {"write-far-away", write_far_away},
    {"fcntl", read_descriptor_flags},
    {NULL, NULL},
};
