// SPDX-License-Identifier: Apache-2.0
#include "attacks.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <linux/stat.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/stat.h>

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

static int change_owner(void) { return outcome(syscall(SYS_fchownat, AT_FDCWD, targets.victim, geteuid(), -1, 0)); }

static int change_times(void) { return outcome(syscall(SYS_utimensat, AT_FDCWD, targets.victim, NULL, 0)); }

static int truncate_victim(void) { return outcome(syscall(SYS_truncate, targets.victim, 0L)); }

static int mark_victim(void) { return outcome(syscall(SYS_setxattr, targets.victim, "user.hostile", "x", 1L, 0)); }

static int make_symlink(void) { return outcome(syscall(SYS_symlinkat, "/etc/passwd", AT_FDCWD, targets.created)); }

static int make_hard_link(void) {
  return outcome(syscall(SYS_linkat, AT_FDCWD, targets.victim, AT_FDCWD, targets.created, 0));
}

static int rename_victim(void) {
  return outcome(syscall(SYS_renameat2, AT_FDCWD, targets.victim, AT_FDCWD, targets.created, 0));
}

static int remove_victim(void) { return outcome(syscall(SYS_unlinkat, AT_FDCWD, targets.victim, 0)); }

static int make_directory(void) { return outcome(syscall(SYS_mkdirat, AT_FDCWD, targets.created, 0700)); }

static int make_fifo(void) { return outcome(syscall(SYS_mknodat, AT_FDCWD, targets.created, S_IFIFO | 0600, 0)); }

static int make_device(void) {
  const dev_t memory = (1 << 8) | 1;
  return outcome(syscall(SYS_mknodat, AT_FDCWD, targets.created, S_IFCHR | 0600, memory));
}

static int read_link(void) {
  char target[256];
  return outcome(syscall(SYS_readlinkat, AT_FDCWD, "/proc/self/exe", target, sizeof(target)));
}

static int list_directory(void) {
  char entries[1024];
  int root = (int)syscall(SYS_openat, AT_FDCWD, "/etc", O_RDONLY | O_DIRECTORY, 0);
  return root < 0 ? -errno : outcome(syscall(SYS_getdents64, root, entries, sizeof(entries)));
}

static int change_directory(void) { return outcome(syscall(SYS_chdir, "/etc")); }

static int test_access(void) { return outcome(syscall(SYS_faccessat, AT_FDCWD, "/etc/passwd", 0)); }

// By every descriptor that may have been left open: one of a directory would lead to all files.
static int escape_by_descriptor(void) {
  int result = -EBADF;
  // So that there is a number for another, where those that leaked in are as many as the limit.
  syscall(SYS_close, hostile_datagram);
  for (int descriptor = 0; descriptor < 64; descriptor++) {
    if (syscall(SYS_openat, descriptor, "etc/passwd", O_RDONLY, 0) >= 0) return 0;
    if (errno == EACCES) result = -EACCES;
  }
  return result;
}

static int read_other_upload(void) {
  char byte;
  return outcome(syscall(SYS_pread64, hostile_leaked_upload, &byte, 1L, 0L));
}

static int overwrite_other_upload(void) { return outcome(syscall(SYS_pwrite64, hostile_leaked_upload, "x", 1L, 0L)); }

static int reopen_output(void) {
  char path[32];
  snprintf(path, sizeof(path), "/proc/self/fd/%d", hostile_output);
  return opened(syscall(SYS_openat, AT_FDCWD, path, O_RDWR, 0));
}

static int truncate_output(void) { return outcome(syscall(SYS_ftruncate, hostile_output, 1L)); }

static int allocate_output(void) { return outcome(syscall(SYS_fallocate, hostile_output, 0, 0L, 4096L)); }

static int seal_output(void) { return allowed(syscall(SYS_fcntl, hostile_output, F_ADD_SEALS, F_SEAL_GROW), EPERM); }

static int lock_input(void) { return outcome(syscall(SYS_flock, hostile_input, LOCK_EX | LOCK_NB)); }

static int copy_by_kernel(void) { return outcome(syscall(SYS_sendfile, hostile_output, hostile_input, NULL, 1L)); }

static int duplicate_high(void) { return outcome(syscall(SYS_dup3, hostile_input, 500, 0)); }

static int watch_by_inotify(void) {
  int watch = (int)syscall(SYS_inotify_init1, 0);
  return watch < 0 ? -errno : outcome(syscall(SYS_inotify_add_watch, watch, targets.scratch, IN_CREATE));
}

static int watch_by_fanotify(void) { return opened(syscall(SYS_fanotify_init, FAN_CLASS_NOTIF | FAN_REPORT_FID, 0)); }

struct handle {
  struct file_handle head;
  char room[MAX_HANDLE_SZ];
};

static int name_handle(struct handle *handle) {
  int mount;
  handle->head.handle_bytes = MAX_HANDLE_SZ;
  return outcome(syscall(SYS_name_to_handle_at, AT_FDCWD, "/etc/passwd", handle, &mount, 0));
}

static int take_handle(void) {
  struct handle handle;
  return name_handle(&handle);
}

// A handle can be guessed, so none is asked for. A wrong one is stale.
static int open_by_handle(void) {
  struct handle handle;
  memset(&handle, 0, sizeof(handle));
  handle.head.handle_bytes = 8;
  handle.head.handle_type = 1;
  return allowed(syscall(SYS_open_by_handle_at, hostile_leaked_root, &handle, O_RDONLY), ESTALE);
}

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
    {"chown", change_owner},
    {"utimes", change_times},
    {"truncate", truncate_victim},
    {"setxattr", mark_victim},
    {"symlink", make_symlink},
    {"hard-link", make_hard_link},
    {"rename", rename_victim},
    {"unlink", remove_victim},
    {"mkdir", make_directory},
    {"fifo", make_fifo},
    {"device", make_device},
    {"readlink", read_link},
    {"list-directory", list_directory},
    {"chdir", change_directory},
    {"access", test_access},
    {"escape-by-descriptor", escape_by_descriptor},
    {"read-other-upload", read_other_upload},
    {"overwrite-other-upload", overwrite_other_upload},
    {"reopen-output", reopen_output},
    {"truncate-output", truncate_output},
    {"fallocate-output", allocate_output},
    {"seal-output", seal_output},
    {"lock-input", lock_input},
    {"sendfile", copy_by_kernel},
    {"dup-high", duplicate_high},
    {"inotify", watch_by_inotify},
    {"fanotify", watch_by_fanotify},
    {"take-handle", take_handle},
    {"open-by-handle", open_by_handle},
    {NULL, NULL},
};
