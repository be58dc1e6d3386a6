// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CKernel.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

// Own definitions, since the build machine's headers may be older than the kernel that runs.
struct ruleset {
  uint64_t handled_access_fs;
  uint64_t handled_access_net;
  uint64_t scoped;
};

#define CREATE_RULESET_VERSION (1U << 0)

// Bits that a version knows: files 0 to 12, 13 refer (2), 14 truncate (3), 15 device ioctl (5).
static uint64_t file_rights(int abi) {
  if (abi >= 5) return (1ULL << 16) - 1;
  if (abi >= 3) return (1ULL << 15) - 1;
  if (abi >= 2) return (1ULL << 14) - 1;
  return (1ULL << 13) - 1;
}

int ingest_landlock_abi(void) {
  long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, CREATE_RULESET_VERSION);
  return abi < 0 ? -errno : (int)abi;
}

int ingest_landlock_deny_all(void) {
  int abi = ingest_landlock_abi();
  if (abi < 0) return abi;
  // An older kernel takes the longer structure as long as what it does not know is zero.
  struct ruleset deny_all = {
      .handled_access_fs = file_rights(abi),
      .handled_access_net = abi >= 4 ? 3 : 0, // TCP bind and connect
      .scoped = abi >= 6 ? 3 : 0,             // abstract unix sockets and signals
  };
  int ruleset = (int)syscall(SYS_landlock_create_ruleset, &deny_all, sizeof(deny_all), 0);
  if (ruleset < 0) return -errno;
  int result = syscall(SYS_landlock_restrict_self, ruleset, 0) < 0 ? -errno : 0;
  close(ruleset);
  return result;
}
