// SPDX-License-Identifier: Apache-2.0
#include "attacks.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const struct attack *const groups[] = {
    file_attacks,  mount_attacks,  network_attacks, process_attacks,
    prctl_attacks, memory_attacks, kernel_attacks,  machine_attacks,
};
enum { group_count = sizeof(groups) / sizeof(groups[0]) };

static const struct attack *attack_at(int index) {
  for (int group = 0; group < group_count; group++) {
    for (const struct attack *attack = groups[group]; attack->name != NULL; attack++) {
      if (index-- == 0) return attack;
    }
  }
  return NULL;
}

int hostile_attack_count(void) {
  int count = 0;
  while (attack_at(count) != NULL) count++;
  return count;
}

const char *hostile_attack_name(int index) {
  const struct attack *attack = attack_at(index);
  return attack == NULL ? "" : attack->name;
}

int hostile_attack(const char *name) {
  for (int index = 0;; index++) {
    const struct attack *attack = attack_at(index);
    if (attack == NULL) return -EDOM;
    if (strcmp(attack->name, name) == 0) return attack->run();
  }
}

long hostile_bare_call(long number) { return syscall(number, 0L, 0L, 0L, 0L, 0L, 0L); }

int hostile_open_descriptors(int *list, int room) {
  int count = 0;
  struct stat status;
  for (int descriptor = 0; descriptor < 4096 && count < room; descriptor++) {
    if (syscall(SYS_fstat, descriptor, &status) == 0) list[count++] = descriptor;
  }
  return count;
}

// Grows and shrinks the heap far past malloc's thresholds, by the small blocks that it maps none of.
static int churn(void) {
  enum { block_count = 100000, block_length = 1000 };
  static char *blocks[block_count];
  for (int round = 0; round < 3; round++) {
    for (int i = 0; i < block_count; i++) {
      blocks[i] = malloc(block_length);
      if (blocks[i] == NULL) return -ENOMEM;
      memset(blocks[i], round, block_length);
    }
    for (int i = block_count; i-- > 0;) free(blocks[i]);
  }
  return 0;
}

// The order to the thread: polled, so that no call is made that the filter might hide.
static _Atomic(const char *) order;
static atomic_int answer = 1;
static atomic_bool runs;

static void *wait_and_attack(void *ignored) {
  (void)ignored;
  const char *name;
  atomic_store(&runs, true);
  while ((name = atomic_load(&order)) == NULL) sched_yield();
  atomic_store(&answer, strcmp(name, "churn") == 0 ? churn() : hostile_attack(name));
  for (;;) sched_yield();
  return NULL;
}

int hostile_start_thread(void) {
  pthread_t thread;
  int result = pthread_create(&thread, NULL, wait_and_attack, NULL);
  if (result != 0) return -result;
  while (!atomic_load(&runs)) sched_yield();
  return 0;
}

int hostile_attack_in_thread(const char *name) {
  atomic_store(&order, name);
  int result;
  while ((result = atomic_load(&answer)) == 1) sched_yield();
  return result;
}
