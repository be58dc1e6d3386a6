// SPDX-License-Identifier: Apache-2.0
#ifndef INGEST_CSPAWN_H
#define INGEST_CSPAWN_H

#include <sys/resource.h>
#include <sys/types.h>

#pragma clang assume_nonnull begin

// Starts `path` with posix_spawn: standard streams on /dev/null (`error_output` for standard error, if not negative),
// `channel` as descriptor 3, nothing else; default signals. Returns 0 or a positive error number.
int ingest_spawn_worker(
    const char *path, char *_Nullable const *_Nonnull arguments, char *_Nullable const *_Nonnull environment, int channel,
    int error_output, pid_t *process);

// How a process ended.
struct ingest_end {
  int status;         // exit status, or the signal that ended it
  int was_signalled;  // 1 if a signal ended it
  double cpu_seconds; // processor time of all its threads
};

// Waits for a child and reaps it; 0 or a positive error number.
int ingest_reap(pid_t process, struct ingest_end *end);

#pragma clang assume_nonnull end
#endif
