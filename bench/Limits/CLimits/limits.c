// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "limits.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { most_threads = 16 };

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

// One thread's share of the work; `work` returns 0, or -1 where a call fails.
struct share {
  int (*work)(struct share *);
  const unsigned char *from;
  unsigned char *to;
  size_t offset, bytes, piece;
  int file;
  int status;
  uint64_t sum;
};

// So that no compiler leaves out what nobody looks at.
static volatile uint64_t nobody;

static void *run(void *argument) {
  struct share *share = argument;
  share->status = share->work(share);
  nobody += share->sum;
  return NULL;
}

// Shares `whole` out among threads, in multiples of 64 KiB, and takes the time until the last has ended.
static double shared_out(struct share whole, int threads) {
  pthread_t running[most_threads];
  struct share shares[most_threads];
  if (threads < 1 || threads > most_threads) return -1;
  size_t each = (whole.bytes / (size_t)threads + 65535) & ~(size_t)65535;
  double start = now();
  int started = 0, failed = 0;
  for (; started < threads; started++) {
    size_t offset = (size_t)started * each;
    size_t left = whole.bytes > offset ? whole.bytes - offset : 0;
    shares[started] = whole;
    shares[started].offset = offset;
    shares[started].bytes = left < each ? left : each;
    if (pthread_create(&running[started], NULL, run, &shares[started]) != 0) break;
  }
  for (int at = 0; at < started; at++) {
    pthread_join(running[at], NULL);
    failed |= shares[at].status;
  }
  return failed || started < threads ? -1 : now() - start;
}

static int copy(struct share *share) {
  memcpy(share->to + share->offset, share->from + share->offset, share->bytes);
  return 0;
}

static int sum(struct share *share) {
  const unsigned char *at = share->from + share->offset;
  uint64_t sums[4] = {0};
  for (size_t left = share->bytes / 32; left > 0; left--, at += 32) {
    uint64_t words[4];
    memcpy(words, at, sizeof words);
    for (int lane = 0; lane < 4; lane++) sums[lane] += words[lane];
  }
  share->sum = sums[0] + sums[1] + sums[2] + sums[3];
  return 0;
}

static int read_all(struct share *share) {
  unsigned char *buffer = malloc(share->piece);
  if (!buffer) return -1;
  size_t done = 0;
  ssize_t count = 0;
  while (done < share->bytes) {
    size_t wanted = share->bytes - done < share->piece ? share->bytes - done : share->piece;
    count = pread(share->file, buffer, wanted, (off_t)(share->offset + done));
    if (count <= 0) break;
    done += (size_t)count;
    share->sum += buffer[0];
  }
  free(buffer);
  return done == share->bytes ? 0 : -1;
}

static int write_all(struct share *share) {
  unsigned char *buffer = malloc(share->piece);
  if (!buffer) return -1;
  memset(buffer, 'x', share->piece);
  size_t done = 0;
  while (done < share->bytes) {
    size_t wanted = share->bytes - done < share->piece ? share->bytes - done : share->piece;
    ssize_t count = pwrite(share->file, buffer, wanted, (off_t)(share->offset + done));
    if (count <= 0) break;
    done += (size_t)count;
  }
  free(buffer);
  return done == share->bytes ? 0 : -1;
}

double limits_copy(size_t bytes, int threads) {
  unsigned char *from = malloc(bytes), *to = malloc(bytes);
  double seconds = -1;
  if (from && to) {
    memset(from, 1, bytes);
    memset(to, 2, bytes);
    seconds = shared_out((struct share){.work = copy, .from = from, .to = to, .bytes = bytes}, threads);
  }
  free(from);
  free(to);
  return seconds;
}

double limits_sum(size_t bytes, int threads) {
  unsigned char *from = malloc(bytes);
  if (!from) return -1;
  memset(from, 1, bytes);
  double seconds = shared_out((struct share){.work = sum, .from = from, .bytes = bytes}, threads);
  free(from);
  return seconds;
}

double limits_map(int file, size_t bytes, int threads, int populate) {
  double start = now();
  void *from = mmap(NULL, bytes, PROT_READ, MAP_PRIVATE | (populate ? MAP_POPULATE : 0), file, 0);
  if (from == MAP_FAILED) return -1;
  double mapped = now() - start;
  double seconds = shared_out((struct share){.work = sum, .from = from, .bytes = bytes}, threads);
  start = now();
  munmap(from, bytes);
  return seconds < 0 ? seconds : mapped + seconds + (now() - start);
}

double limits_read(int file, size_t bytes, size_t piece, int threads) {
  return shared_out((struct share){.work = read_all, .file = file, .bytes = bytes, .piece = piece}, threads);
}

double limits_touch(size_t bytes, int huge) {
  unsigned char *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return -1;
  madvise(memory, bytes, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
  double start = now();
  for (size_t at = 0; at < bytes; at += 4096) ((volatile unsigned char *)memory)[at] = 1;
  double seconds = now() - start;
  munmap(memory, bytes);
  return seconds;
}

double limits_write(int file, size_t bytes, size_t piece, int threads) {
  return shared_out((struct share){.work = write_all, .file = file, .bytes = bytes, .piece = piece}, threads);
}

double limits_sync(int file) {
  double start = now();
  return fsync(file) == 0 ? now() - start : -1;
}
