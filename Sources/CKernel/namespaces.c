// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CKernel.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Linux 4.6; older headers lack it.
#ifndef CLONE_NEWCGROUP
#define CLONE_NEWCGROUP 0x02000000
#endif

// But for mounts and network, which the forking process has left already: the kernel waits for all processors when the
// last process of a mount namespace ends, and so would everybody who waits for a worker; and to make a network takes as
// long as all else of a fork.
static const unsigned long worker_namespaces =
    CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP;

// The number that an unprivileged process inside of its own user namespace has: the kernel's own "nobody".
#define NOBODY 65534

static int outcome(long result) { return result < 0 ? -errno : 0; }

// The address where glibc keeps a thread's number, as it told the kernel; NULL where the kernel does not say.
static int *thread_number(void) {
  int *address = NULL;
  return prctl(PR_GET_TID_ADDRESS, &address, 0UL, 0UL, 0UL) == 0 ? address : NULL;
}

static long bare_clone(unsigned long flags) {
  int *number = thread_number();
  // As glibc's own fork does, so that it knows the new thread by its number.
  if (number != NULL) flags |= CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID;
#if defined(__x86_64__)
  return syscall(SYS_clone, flags, 0UL, NULL, number, 0UL);
#else
  return syscall(SYS_clone, flags, 0UL, NULL, 0UL, number);
#endif
}

// Effective numbers only: the saved ones lead back. The system calls themselves, since glibc's are for all threads.
static int be_effectively(uid_t user, gid_t group) {
  if (user == 0) {
    if (syscall(SYS_setresuid, -1, user, -1) < 0 || syscall(SYS_setresgid, -1, group, -1) < 0) return -errno;
  } else {
    if (syscall(SYS_setresgid, -1, group, -1) < 0) return -errno;
    if (syscall(SYS_setresuid, -1, user, -1) < 0) {
      int error = errno;
      syscall(SYS_setresgid, -1, 0, -1);
      return -error;
    }
  }
  return 0;
}

pid_t ingest_fork(int as_sibling, int in_namespaces, int has_no_network, int64_t owner) {
  unsigned long flags = SIGCHLD | (as_sibling ? CLONE_PARENT : 0) | (in_namespaces ? worker_namespaces : 0);
  if (in_namespaces && !has_no_network) flags |= CLONE_NEWNET;
  // The creator's effective user owns the namespace, and may map itself into it.
  int becomes_owner = in_namespaces && owner >= 0;
  if (becomes_owner) {
    int result = be_effectively((uid_t)owner, (gid_t)owner);
    if (result < 0) return result;
  }
  long process = bare_clone(flags);
  int error = errno;
  // In the child the new namespace holds all numbers that it will have.
  if (becomes_owner && process != 0 && be_effectively(0, 0) < 0) _exit(70);
  return process < 0 ? -error : (pid_t)process;
}

int ingest_open_proc(void) {
  int directory = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
  return directory < 0 ? -errno : directory;
}

static int write_file(int proc, const char *path, const char *text) {
  int file = openat(proc, path, O_WRONLY | O_CLOEXEC);
  if (file < 0) return -errno;
  ssize_t length = (ssize_t)strlen(text);
  int result = write(file, text, (size_t)length) == length ? 0 : -errno;
  close(file);
  return result;
}

// In a user namespace that has no map yet: `inside` is `user` and `group` outside.
static int map_user(int proc, uid_t inside_user, gid_t inside_group, uid_t user, gid_t group) {
  char map[48];
  // The kernel gives the files of a process that cannot be dumped to root, who is nobody here.
  if (prctl(PR_SET_DUMPABLE, 1UL, 0UL, 0UL, 0UL) < 0) return -errno;
  int result = write_file(proc, "self/setgroups", "deny");
  if (result < 0) return result;
  snprintf(map, sizeof(map), "%u %u 1", inside_user, user);
  result = write_file(proc, "self/uid_map", map);
  if (result < 0) return result;
  snprintf(map, sizeof(map), "%u %u 1", inside_group, group);
  return write_file(proc, "self/gid_map", map);
}

int ingest_become_nobody(int proc, uid_t user, gid_t group) {
  int result = map_user(proc, NOBODY, NOBODY, user, group);
  if (result < 0) return result;
  if (setresgid(NOBODY, NOBODY, NOBODY) < 0 || setresuid(NOBODY, NOBODY, NOBODY) < 0) return -errno;
  return 0;
}

int ingest_forbid_user_namespaces(int proc) { return write_file(proc, "sys/user/max_user_namespaces", "0"); }

static int empty_root(void) {
  // What is mounted here stays here. A slave would still see what is mounted outside.
  if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0) return -errno;
  const unsigned long harmless = MS_NOSUID | MS_NODEV | MS_NOEXEC;
  // Any directory does: it is covered in this namespace only, and unreachable a moment later.
  if (mount("none", "/usr", "tmpfs", harmless, "size=4k,nr_inodes=1,mode=0555") < 0) return -errno;
  if (chdir("/usr") < 0) return -errno;
  // The old root comes to lie over the new one, and is taken off with all that is mounted below it.
  if (syscall(SYS_pivot_root, ".", ".") < 0 || umount2(".", MNT_DETACH) < 0 || chdir("/") < 0) return -errno;
  return outcome(mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | harmless, NULL));
}

int ingest_enter_empty_root(int proc) {
  uid_t user = geteuid();
  gid_t group = getegid();
  if (user == 0) {
    if (unshare(CLONE_NEWNS | CLONE_NEWNET) < 0) return -errno;
  } else {
    // Only in a user namespace of its own may an ordinary user mount; it stays who it is there.
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET) < 0) return -errno;
    int result = map_user(proc, user, group, user, group);
    if (result < 0) return result;
  }
  return empty_root();
}

pid_t ingest_try_empty_root(int proc) {
  pid_t process = ingest_fork(0, 0, 0, -1);
  if (process == 0) _exit(-ingest_enter_empty_root(proc));
  return process;
}

int ingest_could_enter_empty_root(pid_t process) {
  int status;
  while (waitpid(process, &status, 0) < 0)
    if (errno != EINTR) return -errno;
  return WIFEXITED(status) ? -WEXITSTATUS(status) : -EPERM;
}

int ingest_be_first_to_go(int proc) { return write_file(proc, "self/oom_score_adj", "1000"); }

int ingest_be_nice(void) { return outcome(setpriority(PRIO_PROCESS, 0, 5)); }

int ingest_drop_groups(void) { return outcome(setgroups(0, NULL)); }
