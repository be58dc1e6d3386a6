// SPDX-License-Identifier: Apache-2.0
// For posix_spawn_file_actions_addclosefrom_np.
#define _GNU_SOURCE
#include "CSpawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <unistd.h>

static int add_actions(posix_spawn_file_actions_t *actions, int channel, int error_output) {
  // Closing comes last in effect: dup2 to the low numbers, then everything above them goes.
  int error = posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDWR, 0);
  if (!error) error = posix_spawn_file_actions_adddup2(actions, 0, 1);
  if (!error) error = posix_spawn_file_actions_adddup2(actions, error_output < 0 ? 0 : error_output, 2);
  if (!error) error = posix_spawn_file_actions_adddup2(actions, channel, 3);
  if (!error) error = posix_spawn_file_actions_addclosefrom_np(actions, 4);
  return error;
}

static int add_attributes(posix_spawnattr_t *attributes) {
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  int error = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  if (!error) error = posix_spawnattr_setsigmask(attributes, &none);
  if (!error) error = posix_spawnattr_setsigdefault(attributes, &all);
  return error;
}

int ingest_spawn_worker(
    const char *path, char *const *arguments, char *const *environment, int channel, int error_output, pid_t *process) {
  // dup2 to its own number would leave close-on-exec set; a service never has its channel there.
  if (channel <= 3) return EINVAL;
  posix_spawn_file_actions_t actions;
  int error = posix_spawn_file_actions_init(&actions);
  if (error) return error;
  posix_spawnattr_t attributes;
  error = posix_spawnattr_init(&attributes);
  if (!error) {
    error = add_actions(&actions, channel, error_output);
    if (!error) error = add_attributes(&attributes);
    if (!error) error = posix_spawn(process, path, &actions, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
  }
  posix_spawn_file_actions_destroy(&actions);
  return error;
}
