// SPDX-License-Identifier: Apache-2.0
// The time of day: SHIM_CLOCK_JUMP is SECONDS@N, by which it is off from the N-th question on. The monotonic clock
// never jumps, by its definition.
#define _GNU_SOURCE
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long jump;
static unsigned long first;
static atomic_ulong asked;

__attribute__((constructor)) static void read_jump(void) {
  const char *text = getenv("SHIM_CLOCK_JUMP");
  if (text != NULL && sscanf(text, "%ld@%lu", &jump, &first) != 2) abort();
}

static long offset(void) { return jump != 0 && atomic_fetch_add(&asked, 1) + 1 >= first ? jump : 0; }

int clock_gettime(clockid_t clock, struct timespec *time) {
  if (syscall(SYS_clock_gettime, clock, time) != 0) return -1;
  if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) time->tv_sec += offset();
  return 0;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
  if (syscall(SYS_gettimeofday, time, zone) != 0) return -1;
  time->tv_sec += offset();
  return 0;
}

time_t time(time_t *answer) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (answer != NULL) *answer = now.tv_sec;
  return now.tv_sec;
}
