// SPDX-License-Identifier: Apache-2.0
#ifndef INGEST_CSECCOMP_SHIM_H
#define INGEST_CSECCOMP_SHIM_H

#include <seccomp.h>

// Macros with arguments or casts, which Swift does not import.
static inline uint32_t ingest_seccomp_allow(void) { return SCMP_ACT_ALLOW; }
static inline uint32_t ingest_seccomp_kill(void) { return SCMP_ACT_KILL_PROCESS; }
static inline uint32_t ingest_seccomp_refuse(uint16_t error) { return SCMP_ACT_ERRNO(error); }

#endif
