// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CKernel.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef MFD_NOEXEC_SEAL // Linux 6.3
#define MFD_NOEXEC_SEAL 0x0008U
#endif

enum { descriptor_path_room = 32 }; // "/proc/self/fd/" and ten digits

static int outcome(long result) { return result < 0 ? -errno : (int)result; }

static void write_path(char path[descriptor_path_room], int descriptor) {
  snprintf(path, descriptor_path_room, "/proc/self/fd/%d", descriptor);
}

int ingest_close_range(unsigned int first, unsigned int last) {
  return outcome(syscall(SYS_close_range, first, last, 0));
}

int ingest_status_flags(int descriptor) { return outcome(fcntl(descriptor, F_GETFL)); }

int ingest_pipe(int ends[2]) { return outcome(pipe2(ends, O_CLOEXEC)); }

int ingest_memfd(const char *name) {
  int descriptor = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL);
  if (descriptor < 0 && errno == EINVAL) descriptor = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
  return outcome(descriptor);
}

int ingest_add_seals(int descriptor) {
  return outcome(fcntl(descriptor, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL));
}

int ingest_pidfd_open(pid_t process) { return outcome(syscall(SYS_pidfd_open, process, 0)); }

int ingest_pidfd_send_signal(int pidfd, int signal) {
  return outcome(syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0));
}

int64_t ingest_file_size(int descriptor) {
  struct stat status;
  if (syscall(SYS_fstat, descriptor, &status) < 0) return -errno;
  return status.st_size;
}

int ingest_read_lease(int descriptor) {
  if (fcntl(descriptor, F_SETSIG, SIGURG) < 0) return -errno;
  return outcome(fcntl(descriptor, F_SETLEASE, F_RDLCK));
}

int ingest_has_read_lease(int descriptor) {
  int lease = fcntl(descriptor, F_GETLEASE);
  return lease < 0 ? -errno : lease == F_RDLCK;
}

int ingest_release_lease(int descriptor) { return outcome(fcntl(descriptor, F_SETLEASE, F_UNLCK)); }

int ingest_start_writing_back(int descriptor, uint64_t start, uint64_t length) {
  if (start > INT64_MAX || length > INT64_MAX) return -EINVAL;
  return outcome(sync_file_range(descriptor, (off64_t)start, (off64_t)length, SYNC_FILE_RANGE_WRITE));
}

int ingest_allocate(int descriptor, uint64_t start, uint64_t length) {
  if (start > INT64_MAX || length > INT64_MAX) return -EINVAL;
  return outcome(fallocate(descriptor, FALLOC_FL_KEEP_SIZE, (off_t)start, (off_t)length));
}

int ingest_open_tmpfile(int directory, mode_t mode) {
  return outcome(openat(directory, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, mode));
}

int ingest_link_descriptor(int descriptor, int directory, const char *name) {
  char path[descriptor_path_room];
  write_path(path, descriptor);
  return outcome(linkat(AT_FDCWD, path, directory, name, AT_SYMLINK_FOLLOW));
}

static int open_again(int descriptor, int access) {
  char path[descriptor_path_room];
  write_path(path, descriptor);
  return outcome(open(path, access | O_CLOEXEC));
}

int ingest_open_read_only_again(int descriptor) { return open_again(descriptor, O_RDONLY); }

int ingest_open_read_write_again(int descriptor) { return open_again(descriptor, O_RDWR); }

int ingest_open_beneath(int directory, const char *path, int flags, mode_t mode) {
  struct open_how how = {
      .flags = (uint64_t)(flags | O_CLOEXEC),
      .mode = mode,
      .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
  };
  int result = -EAGAIN;
  for (int attempts = 0; result == -EAGAIN && attempts < 16; attempts++) { // A rename elsewhere raced with the walk.
    result = outcome(syscall(SYS_openat2, directory, path, &how, sizeof(how)));
  }
  return result;
}
