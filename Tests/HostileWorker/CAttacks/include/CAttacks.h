// SPDX-License-Identifier: Apache-2.0

// What a worker that was taken over would try, as raw system calls: glibc's wrappers are no obstacle to it.
#ifndef INGEST_CATTACKS_H
#define INGEST_CATTACKS_H

#include <stdint.h>
#include <sys/types.h>

#pragma clang assume_nonnull begin

enum {
  hostile_input = 3,    // 4096 bytes of memory, every one 7
  hostile_output = 4,   // empty memory
  hostile_datagram = 5, // an unconnected UDP socket
  hostile_channel = 6,  // SOCK_SEQPACKET; one message with `output` waits in it
  hostile_first_descriptor_to_close = 7,
  // What the parent has open besides, and a worker must not have:
  hostile_leaked_root = 30,   // the root directory
  hostile_leaked_upload = 31, // memory that stands for another upload, every byte 7
};

// In the parent, once: opens what the attacks aim at, makes the parent a victim as easy as can be, and makes in
// `scratch`, a directory that the worker may write, a file of `owner`'s, as far as it may. Returns 0 or -errno.
int hostile_prepare(const char *scratch, uid_t owner);
// Every ask for Landlock fails from here on with ENOSYS, and for MDWE with EINVAL, as before Linux 5.13 and 6.3.
int hostile_simulate_old_kernel(void);
// In the parent: gives up CAP_KILL, as a container may have it.
int hostile_drop_kill(void);

int hostile_attack_count(void);
const char *hostile_attack_name(int index);
// 0: the attack succeeded; -errno: it was denied; else the process ends within the call. -EDOM: no such attack.
int hostile_attack(const char *name);
// Starts a thread, and returns once it has run. It does nothing until `hostile_attack_in_thread`.
int hostile_start_thread(void);
// Besides the attacks: "churn", which is honest, and uses the heap hard.
int hostile_attack_in_thread(const char *name);
// Says by `report` what a worker can see of the machine around it. Only where the filter is left out.
void hostile_look_around(void (*report)(const char *fact, long value));
// One system call, all arguments zero.
long hostile_bare_call(long number);
// Lengthens `list`, of room for `room` numbers, by every open descriptor below 4096. By fstat, which the filter allows.
int hostile_open_descriptors(int *list, int room);

#pragma clang assume_nonnull end

#endif
