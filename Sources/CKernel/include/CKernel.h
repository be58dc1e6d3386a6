// SPDX-License-Identifier: Apache-2.0

// System calls that Swift cannot call (variadics, macros) or that glibc 2.36 lacks.
// Every function returns 0 or a result on success and -errno on failure, and keeps no state.
// New descriptors are close-on-exec; the caller owns them.
#ifndef INGEST_CKERNEL_H
#define INGEST_CKERNEL_H

#include <stdint.h>
#include <sys/prctl.h>
#include <sys/types.h>

#pragma clang assume_nonnull begin

// Process state

int ingest_prctl_set(int option, unsigned long value);
// PR_SET_MDWE. Before Linux 6.3: -EINVAL.
int ingest_deny_write_execute(void);
// Real, effective and saved user and group become `user`, without supplementary groups. For every thread.
int ingest_become_user(uint32_t user);
// Needs CAP_SETPCAP, hence before `ingest_become_user`.
int ingest_drop_bounding_set(void);
// Effective, permitted, inheritable and ambient capabilities. Of the calling thread.
int ingest_drop_capabilities(void);
// 1 if the calling thread has CAP_KILL, and so may signal every user's processes, else 0.
int ingest_may_signal_all_users(void);
// 1 if no user id is root and no capability is left, else 0.
int ingest_is_unprivileged(void);
// Every signal does what the kernel does by default, and the calling thread blocks none.
void ingest_reset_signals(void);
// All threads allocate from the main heap: glibc's heaps for other threads count processors and open a file of /proc.
void ingest_use_one_heap(void);
// Gives memory that was freed back to the system.
void ingest_trim_heap(void);
// Forked processes get the pages of code that are mapped now with the fork, rather than one fault after another: the
// kernel copies no page table of a mapping that is as its file is, so one byte of each is written again.
int ingest_hand_on_code(int proc);
// SIGABRT, SIGXCPU and SIGXFSZ end the process with these exit statuses. The first process of a namespace would not
// get the last two at all, and the first as SIGSEGV.
struct ingest_exits {
  int memory, abort, processor_time, file_size; // abort: but for want of memory
};
void ingest_exit_on_limits(struct ingest_exits statuses);
int ingest_set_rlimit(int resource, uint64_t soft, uint64_t hard);
int ingest_hard_rlimit(int resource, uint64_t *hard);

// How a process ended.
struct ingest_end {
  int status;         // exit status, or the signal that ended it
  int was_signalled;  // 1 if a signal ended it
  double cpu_seconds; // processor time of all its threads
};
// Waits for a child, and reaps it.
int ingest_reap(pid_t process, struct ingest_end *end);

// Namespaces

// fork(2) by itself, without glibc's handlers: for a process with one thread. A sibling is its caller's parent's child.
// In namespaces: user, process, IPC, host name and cgroup, all new, and network unless the caller has none itself; the
// user namespace is owned by `owner`, which needs root, or where that is negative by the effective user. Returns 0 in
// the child.
pid_t ingest_fork(int as_sibling, int in_namespaces, int has_no_network, int64_t owner);
// A handle on /proc, for when there is no path to it any more.
int ingest_open_proc(void);
// Gives the process a mount namespace of its own, and there an empty, read-only root with nothing else mounted, and an
// empty network namespace. An ordinary user gets a user namespace for that, too, in which it stays who it is. After a
// failure the process must end.
int ingest_enter_empty_root(int proc);
// A child that tries that and ends.
pid_t ingest_try_empty_root(int proc);
// Whether that child succeeded: 0, or its error.
int ingest_could_enter_empty_root(pid_t process);
// In the first process of new namespaces: becomes nobody, who is `user` and `group` outside, and keeps all capabilities
// in it. The process can be dumped afterwards.
int ingest_become_nobody(int proc, uid_t user, gid_t group);
// No user namespace can be made below this one. Where /proc/sys cannot be written: an error, and nothing is lost.
int ingest_forbid_user_namespaces(int proc);
// Where memory runs out, this process is killed before others.
int ingest_be_first_to_go(int proc);
// Puts a compiled filter in force for all threads. Needs no_new_privs.
int ingest_load_filter(const void *_Nullable program, size_t bytes);
// Others' work goes first.
int ingest_be_nice(void);
// Needs CAP_SETGID.
int ingest_drop_groups(void);

// Trial

enum ingest_attack {
  INGEST_NO_ATTACK, INGEST_OPEN_FILE, INGEST_STAT_FILE, INGEST_MAKE_MEMORY_FILE, INGEST_CONNECT, INGEST_FORK,
  INGEST_EXECUTE, INGEST_SIGNAL_SERVICE, INGEST_READ_SERVICE_MEMORY, INGEST_TRACE_SERVICE, INGEST_MAKE_USER_NAMESPACE,
  INGEST_MAP_WRITE_EXECUTE, INGEST_LOAD_KERNEL_PROGRAM, INGEST_ALLOCATE, INGEST_OVERWRITE,
};
// Tries what a confined process cannot do, harmlessly where it can after all. 0: it succeeded; -errno: it was denied;
// else the process ends within the call.
int ingest_try_attack(enum ingest_attack attack, pid_t service, int file);

// Landlock

// The kernel's Landlock version, from 1; an error where it is not built in, not enabled or not allowed.
int ingest_landlock_abi(void);
// Denies the calling thread, for good, all that this kernel's Landlock can deny. Needs no_new_privs. Open descriptors
// keep working. Does NOT cover stat, chmod, chown, UDP or path sockets; before version 4 TCP, before 6 signals and
// abstract sockets.
int ingest_landlock_deny_all(void);

// Descriptors

int ingest_close_range(unsigned int first, unsigned int last);
// F_GETFL.
int ingest_status_flags(int descriptor);
// `ends[0]` reads what `ends[1]` writes.
int ingest_pipe(int ends[_Nonnull 2]);
// Memory that can be sealed.
int ingest_memfd(const char *name);
// Content and size never change again, not even through descriptors that exist. -EBUSY while a writable map exists.
int ingest_add_seals(int descriptor);
int ingest_pidfd_open(pid_t process);
int ingest_pidfd_send_signal(int pidfd, int signal);
// By number, for a worker whose filter refuses newfstatat, which glibc's fstat is built on.
int64_t ingest_file_size(int descriptor);

// A lease on a regular file of the caller's (or with CAP_LEASE), by a read-only descriptor. -EAGAIN: somebody can
// write. Who then opens it for writing waits for up to /proc/sys/fs/lease-break-time; the holder gets SIGURG, ignored
// by default (SIGIO, the kernel's default, would end the process).
int ingest_read_lease(int descriptor);
// 1 while the lease holds and nobody wants to break it, else 0.
int ingest_has_read_lease(int descriptor);
int ingest_release_lease(int descriptor);
// Begins to write the dirty pages of a part of a file to disk, and does not wait for them.
int ingest_start_writing_back(int descriptor, uint64_t start, uint64_t length);
// Finds room on the disk for a part of a file, behind its end too, and leaves its length.
int ingest_allocate(int descriptor, uint64_t start, uint64_t length);

// Files

// A file without a name, readable and writable, that can be linked later.
int ingest_open_tmpfile(int directory, mode_t mode);
// Gives a file without a name its name. By /proc, since AT_EMPTY_PATH needs a capability before Linux 6.10.
int ingest_link_descriptor(int descriptor, int directory, const char *name);
// A second open of the same file: own offset, own access mode. -EACCES if its mode bits forbid it.
int ingest_open_read_only_again(int descriptor);
int ingest_open_read_write_again(int descriptor);
// openat2: never leaves `directory`, follows no symbolic link.
int ingest_open_beneath(int directory, const char *path, int flags, mode_t mode);

// Messages

#define INGEST_DESCRIPTORS_PER_MESSAGE 4

int ingest_socketpair_seqpacket(int ends[_Nonnull 2]);
// One message with up to four descriptors, which stay the sender's. Raises no SIGPIPE. Without descriptors it is
// sendto(2), the one form that the worker's filter lets pass. -EINVAL for an empty message: it would read as the end.
ssize_t ingest_send_with_descriptors(
    int socket, const void *buffer, size_t length, const int *_Nullable descriptors, int count);
// One message; 0 at the end. `descriptors` has room for four; `*count` is how many came, and they are the caller's.
// -EMSGSIZE, with none of them left open, if the message or its descriptors did not fit.
ssize_t ingest_receive_with_descriptors(int socket, void *buffer, size_t length, int *descriptors, int *count);

#pragma clang assume_nonnull end

#endif
