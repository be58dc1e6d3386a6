// SPDX-License-Identifier: Apache-2.0
#ifndef INGEST_ATTACKS_H
#define INGEST_ATTACKS_H

#define _GNU_SOURCE
#include "CAttacks.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

// What the attacks aim at. The worker has it by fork, as a worker taken over would know its parent's layout.
struct targets {
  pid_t parent;
  uint64_t secret;
  uint16_t tcp_port, udp_port;
  struct sockaddr_un abstract_socket, path_socket;
  socklen_t abstract_length;
  char scratch[128], victim[128], created[128];
  int shared_memory;
};
extern struct targets targets;

static inline int outcome(long result) { return result < 0 ? -errno : 0; }

// An attack that gives a descriptor.
static inline int opened(long descriptor) { return outcome(descriptor); }

// An attack that asks for what cannot be, lest it do harm: `error` says that it was allowed to ask.
static inline int allowed(long result, int error) { return result < 0 && errno != error ? -errno : 0; }

struct attack {
  const char *name;
  int (*run)(void);
};
extern const struct attack file_attacks[], mount_attacks[], network_attacks[], process_attacks[], prctl_attacks[],
    memory_attacks[], kernel_attacks[], machine_attacks[];

#endif
