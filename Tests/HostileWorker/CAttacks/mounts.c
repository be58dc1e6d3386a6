// SPDX-License-Identifier: Apache-2.0
#include "attacks.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>

// Linux 5.2; older headers lack them.
#ifndef OPEN_TREE_CLONE
#define OPEN_TREE_CLONE 1
#endif

// Nothing is mounted: there is no such file system.
static int mount_file_system(void) { return allowed(syscall(SYS_mount, "none", ".", "no-such", 0L, NULL), ENODEV); }

static int bind_mount(void) {
  int result = outcome(syscall(SYS_mount, ".", ".", NULL, MS_BIND, NULL));
  if (result == 0) syscall(SYS_umount2, targets.scratch, MNT_DETACH);
  return result;
}

// "." is no mount, unless the root is empty.
static int unmount(void) { return allowed(syscall(SYS_umount2, ".", 0), EINVAL); }

// Likewise, and there the new root is the old one already.
static int pivot(void) {
  int result = allowed(syscall(SYS_pivot_root, ".", "."), EINVAL);
  return result == -EBUSY ? 0 : result;
}

static int change_root(void) { return outcome(syscall(SYS_chroot, ".")); }

static int open_as_tree(void) { return opened(syscall(SYS_open_tree, AT_FDCWD, "/etc", 0)); }

static int clone_tree(void) { return opened(syscall(SYS_open_tree, AT_FDCWD, ".", OPEN_TREE_CLONE)); }

static int open_file_system(void) { return opened(syscall(SYS_fsopen, "tmpfs", 0)); }

static int move_mount_nowhere(void) { return allowed(syscall(SYS_move_mount, -1, ".", -1, ".", 0), EBADF); }

static int new_user_namespace(void) { return outcome(syscall(SYS_unshare, CLONE_NEWUSER)); }

static int new_network_namespace(void) { return outcome(syscall(SYS_unshare, CLONE_NEWNET)); }

static int clone_into_namespaces(void) {
  struct clone_args arguments;
  memset(&arguments, 0, sizeof(arguments));
  arguments.flags = CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS;
  arguments.exit_signal = SIGCHLD;
  long child = syscall(SYS_clone3, &arguments, sizeof(arguments));
  if (child == 0) _exit(0);
  if (child < 0) return -errno;
  return waitpid((pid_t)child, NULL, 0) == child ? 0 : -errno;
}

static int enter_parent_namespace(void) {
  int parent = (int)syscall(SYS_pidfd_open, targets.parent, 0);
  return parent < 0 ? -errno : outcome(syscall(SYS_setns, parent, CLONE_NEWUTS));
}

const struct attack mount_attacks[] = {
    {"mount", mount_file_system},
    {"bind-mount", bind_mount},
    {"umount", unmount},
    {"pivot-root", pivot},
    {"chroot", change_root},
    {"open-tree", open_as_tree},
    {"clone-tree", clone_tree},
    {"fsopen", open_file_system},
    {"move-mount", move_mount_nowhere},
    {"user-namespace", new_user_namespace},
    {"network-namespace", new_network_namespace},
    {"clone3-namespaces", clone_into_namespaces},
    {"setns-parent", enter_parent_namespace},
    {NULL, NULL},
};
