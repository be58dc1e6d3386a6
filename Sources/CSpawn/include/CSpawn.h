// SPDX-License-Identifier: Apache-2.0
#ifndef INGEST_CSPAWN_H
#define INGEST_CSPAWN_H

#include <sys/types.h>

#pragma clang assume_nonnull begin

// Starts `path` with posix_spawn: standard streams on /dev/null (`error_output` for standard error, if not negative),
// `channel` as descriptor 3, nothing else; default signals. Returns 0 or a positive error number.
int ingest_spawn_worker(
    const char *path, char *_Nullable const *_Nonnull arguments, char *_Nullable const *_Nonnull environment, int channel,
    int error_output, pid_t *process);

#pragma clang assume_nonnull end
#endif
