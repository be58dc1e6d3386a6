// SPDX-License-Identifier: Apache-2.0
// The calls themselves. Each asks whether it is to fail, is made under the lock, and is written down where it
// succeeded.
#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define NOTE(event, bytes, length, ...) \
  do { \
    unsigned long long numbers[] = {__VA_ARGS__}; \
    shim_note(event, sizeof(numbers) / sizeof(*numbers), numbers, bytes, length); \
  } while (0)

static ino_t inode_of(int descriptor) {
  struct stat status;
  return syscall(SYS_fstat, descriptor, &status) == 0 ? status.st_ino : 0;
}

static bool is_regular(int descriptor) {
  struct stat status;
  return syscall(SYS_fstat, descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

/// Whether a file has no name, or had none when it was opened: others may write to it.
static bool is_unnamed(const char *path) { return strstr(path, "/#") != NULL; }

// MARK: Opening

static int open_at(int folder, const char *path, int flags, mode_t mode) {
  struct place place;
  bool makes = (flags & O_TMPFILE) == O_TMPFILE || (flags & O_CREAT) != 0;
  if (!makes || !shim_place(folder, path, &place)) return (int)syscall(SYS_openat, folder, path, flags, mode);
  if (shim_fails("openat", place.path)) return -1;
  shim_lock();
  struct stat status;
  bool exists = (flags & O_TMPFILE) != O_TMPFILE && syscall(SYS_newfstatat, folder, path, &status, 0) == 0;
  int opened = (int)syscall(SYS_openat, folder, path, flags, mode);
  int reason = errno;
  if (opened >= 0 && !exists) {
    NOTE('N', "f", 1, inode_of(opened));
    if ((flags & O_TMPFILE) != O_TMPFILE)
      NOTE('E', place.name, strlen(place.name), place.folder, inode_of(opened));
  } else if (opened >= 0 && (flags & O_TRUNC) != 0) {
    NOTE('T', "", 0, inode_of(opened), 0);
  }
  shim_unlock();
  errno = reason;
  return opened;
}

static mode_t mode_of(int flags, va_list arguments) {
  return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? (mode_t)va_arg(arguments, unsigned) : 0;
}

#define OPENING(name, folder_parameter, folder) \
  int name(folder_parameter const char *path, int flags, ...) { \
    va_list arguments; \
    va_start(arguments, flags); \
    mode_t mode = mode_of(flags, arguments); \
    va_end(arguments); \
    return open_at(folder, path, flags, mode); \
  }
#define FOLDER_PARAMETER int folder,
OPENING(open, , AT_FDCWD)
OPENING(open64, , AT_FDCWD)
OPENING(openat, FOLDER_PARAMETER, folder)
OPENING(openat64, FOLDER_PARAMETER, folder)

// MARK: Writing

static ssize_t write_at(int descriptor, const void *bytes, size_t length, off_t offset, bool is_placed) {
  const char *call = is_placed ? "pwrite" : "write";
  char path[PATH_MAX];
  bool is_output = shim_notes() && shim_is_output(descriptor);
  if (!is_output && (!shim_path(descriptor, path) || !is_regular(descriptor)))
    return is_placed ? syscall(SYS_pwrite64, descriptor, bytes, length, offset)
                     : syscall(SYS_write, descriptor, bytes, length);
  if (!is_output) {
    if (shim_fails(call, path)) return -1;
    length = shim_length(call, path, length);
  }
  shim_lock();
  if (!is_placed && !is_output) offset = syscall(SYS_lseek, descriptor, 0, SEEK_CUR);
  // Before it can be seen: what is said later may rest on it.
  if (is_output) shim_note('A', 0, NULL, bytes, length);
  ssize_t written = is_placed ? syscall(SYS_pwrite64, descriptor, bytes, length, offset)
                              : syscall(SYS_write, descriptor, bytes, length);
  int reason = errno;
  if (!is_output && written > 0)
    NOTE('W', bytes, (size_t)written, inode_of(descriptor), (unsigned long long)offset);
  shim_unlock();
  errno = reason;
  return written;
}

ssize_t write(int descriptor, const void *bytes, size_t length) {
  return write_at(descriptor, bytes, length, 0, false);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t length, off_t offset) {
  return write_at(descriptor, bytes, length, offset, true);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t length, off64_t offset) {
  return write_at(descriptor, bytes, length, offset, true);
}

static int truncate_to(int descriptor, off_t length) {
  char path[PATH_MAX];
  if (!shim_path(descriptor, path)) return (int)syscall(SYS_ftruncate, descriptor, length);
  if (shim_fails("ftruncate", path)) return -1;
  shim_lock();
  int result = (int)syscall(SYS_ftruncate, descriptor, length);
  int reason = errno;
  if (result == 0) NOTE('T', "", 0, inode_of(descriptor), (unsigned long long)length);
  shim_unlock();
  errno = reason;
  return result;
}

int ftruncate(int descriptor, off_t length) { return truncate_to(descriptor, length); }

int ftruncate64(int descriptor, off64_t length) { return truncate_to(descriptor, length); }

// MARK: Syncing

static int sync_file(const char *call, long number, int descriptor) {
  static atomic_ullong turns;
  char path[PATH_MAX];
  if (!shim_path(descriptor, path)) return (int)syscall(number, descriptor);
  if (shim_fails(call, path)) return -1;
  shim_delay_sync();
  unsigned long long inode = inode_of(descriptor), turn = ((unsigned long long)getpid() << 32) + ++turns;
  shim_lock();
  if (is_unnamed(path)) shim_note_content(descriptor, (ino_t)inode);
  NOTE('B', "", 0, inode, turn);
  shim_unlock();
  int result = (int)syscall(number, descriptor);
  int reason = errno;
  shim_lock();
  if (result == 0) NOTE('S', "", 0, inode, turn);
  shim_unlock();
  errno = reason;
  return result;
}

int fsync(int descriptor) { return sync_file("fsync", SYS_fsync, descriptor); }

int fdatasync(int descriptor) { return sync_file("fdatasync", SYS_fdatasync, descriptor); }

// MARK: Names

int linkat(int from, const char *source, int folder, const char *name, int flags) {
  struct place place;
  if (!shim_place(folder, name, &place)) return (int)syscall(SYS_linkat, from, source, folder, name, flags);
  if (shim_fails("linkat", place.path)) return -1;
  shim_lock();
  int result = (int)syscall(SYS_linkat, from, source, folder, name, flags);
  int reason = errno;
  int file = result == 0 ? (int)syscall(SYS_openat, folder, name, O_RDONLY | O_CLOEXEC, 0) : -1;
  if (file >= 0) {
    shim_note_content(file, inode_of(file));
    NOTE('E', place.name, strlen(place.name), place.folder, inode_of(file));
    syscall(SYS_close, file);
  }
  shim_unlock();
  errno = reason;
  return result;
}

static int make_folder(int folder, const char *path, mode_t mode) {
  struct place place;
  if (!shim_place(folder, path, &place)) return (int)syscall(SYS_mkdirat, folder, path, mode);
  if (shim_fails("mkdirat", place.path)) return -1;
  shim_lock();
  int result = (int)syscall(SYS_mkdirat, folder, path, mode);
  int reason = errno;
  struct stat status;
  if (result == 0 && syscall(SYS_newfstatat, folder, path, &status, 0) == 0) {
    NOTE('N', "d", 1, status.st_ino);
    NOTE('E', place.name, strlen(place.name), place.folder, status.st_ino);
  }
  shim_unlock();
  errno = reason;
  return result;
}

int mkdir(const char *path, mode_t mode) { return make_folder(AT_FDCWD, path, mode); }

int mkdirat(int folder, const char *path, mode_t mode) { return make_folder(folder, path, mode); }

static int remove_name(int folder, const char *path, int flags) {
  struct place place;
  if (!shim_place(folder, path, &place)) return (int)syscall(SYS_unlinkat, folder, path, flags);
  if (shim_fails("unlinkat", place.path)) return -1;
  shim_lock();
  int result = (int)syscall(SYS_unlinkat, folder, path, flags);
  int reason = errno;
  if (result == 0) NOTE('U', place.name, strlen(place.name), place.folder);
  shim_unlock();
  errno = reason;
  return result;
}

int unlink(const char *path) { return remove_name(AT_FDCWD, path, 0); }

int unlinkat(int folder, const char *path, int flags) { return remove_name(folder, path, flags); }

int rmdir(const char *path) { return remove_name(AT_FDCWD, path, AT_REMOVEDIR); }

static int rename_at(int from, const char *old, int folder, const char *new) {
  struct place source, target;
  if (!shim_place(from, old, &source) || !shim_place(folder, new, &target))
    return (int)syscall(SYS_renameat2, from, old, folder, new, 0);
  if (shim_fails("renameat", target.path)) return -1;
  shim_lock();
  struct stat status;
  int result = (int)syscall(SYS_renameat2, from, old, folder, new, 0);
  int reason = errno;
  if (result == 0 && syscall(SYS_newfstatat, folder, new, &status, AT_SYMLINK_NOFOLLOW) == 0) {
    NOTE('E', target.name, strlen(target.name), target.folder, status.st_ino);
    NOTE('U', source.name, strlen(source.name), source.folder);
  }
  shim_unlock();
  errno = reason;
  return result;
}

int rename(const char *old, const char *new) { return rename_at(AT_FDCWD, old, AT_FDCWD, new); }

int renameat(int from, const char *old, int folder, const char *new) { return rename_at(from, old, folder, new); }
