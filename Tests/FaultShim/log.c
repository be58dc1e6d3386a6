// SPDX-License-Identifier: Apache-2.0
// What happened, in its order, in the file SHIM_LOG. An event is a line with a letter, numbers, and the number of
// bytes that follow it; then these bytes, and a newline. Tests/python/disk_model.py reads it.
#define _GNU_SOURCE
#include "shim.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static int descriptor = -1;
static struct stat output;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

__attribute__((constructor)) static void open_log(void) {
  const char *path = getenv("SHIM_LOG");
  if (path == NULL) return;
  descriptor = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0 || syscall(SYS_fstat, 1, &output) != 0) abort();
}

bool shim_notes(void) { return descriptor >= 0; }

bool shim_is_output(int number) {
  struct stat status;
  return syscall(SYS_fstat, number, &status) == 0 && status.st_dev == output.st_dev && status.st_ino == output.st_ino;
}

void shim_lock(void) { pthread_mutex_lock(&mutex); }

void shim_unlock(void) { pthread_mutex_unlock(&mutex); }

void shim_note(char event, size_t count, const unsigned long long *numbers, const void *bytes, size_t length) {
  if (descriptor < 0) return;
  char line[128];
  int used = snprintf(line, sizeof(line), "%c", event);
  for (size_t index = 0; index < count; index++)
    used += snprintf(line + used, sizeof(line) - (size_t)used, " %llu", numbers[index]);
  used += snprintf(line + used, sizeof(line) - (size_t)used, " %zu\n", length);
  struct iovec parts[] = {{line, (size_t)used}, {(void *)bytes, length}, {"\n", 1}};
  // A regular file takes all of it, or the test ends here.
  if (syscall(SYS_writev, descriptor, parts, 3) != used + (long)length + 1) abort();
}

void shim_note_content(int number, ino_t inode) {
  if (descriptor < 0) return;
  struct stat status;
  // Not by the descriptor itself, which may be for writing only.
  char path[64];
  snprintf(path, sizeof(path), "/proc/self/fd/%d", number);
  int again = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
  if (again < 0 || syscall(SYS_fstat, again, &status) != 0) abort();
  size_t length = (size_t)status.st_size, done = 0;
  char *bytes = malloc(length + 1);
  while (bytes != NULL && done < length) {
    long count = syscall(SYS_pread64, again, bytes + done, length - done, (off_t)done);
    if (count <= 0) abort();
    done += (size_t)count;
  }
  syscall(SYS_close, again);
  unsigned long long numbers[] = {inode};
  shim_note('C', 1, numbers, bytes, length);
  free(bytes);
}
