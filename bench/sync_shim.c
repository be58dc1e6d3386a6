// SPDX-License-Identifier: Apache-2.0
// A library for LD_PRELOAD that makes each fsync and fdatasync take longer, and writes down which file it was for.
//
// SYNC_DELAY_US is how much longer, in microseconds; SYNC_LOG the file that gets a line for each: the call, a blank,
// the path. Either may be left out.

#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static long delay;
static int record = -1;

__attribute__((constructor)) static void prepare(void) {
  const char *microseconds = getenv("SYNC_DELAY_US"), *path = getenv("SYNC_LOG");
  if (microseconds) delay = atol(microseconds);
  if (path) record = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static void tell(const char *call, int descriptor) {
  char link[64], path[PATH_MAX], line[PATH_MAX + 32];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, sizeof path);
  if (length < 0) return;
  int whole = snprintf(line, sizeof line, "%s %.*s\n", call, (int)length, path);
  if (write(record, line, (size_t)whole) != whole) _exit(70);
}

static int synchronize(const char *call, long number, int descriptor) {
  if (record >= 0) tell(call, descriptor);
  if (delay > 0) {
    struct timespec left = {delay / 1000000, delay % 1000000 * 1000};
    while (nanosleep(&left, &left) != 0) {}
  }
  return (int)syscall(number, descriptor);
}

int fsync(int descriptor) { return synchronize("fsync", SYS_fsync, descriptor); }

int fdatasync(int descriptor) { return synchronize("fdatasync", SYS_fdatasync, descriptor); }
