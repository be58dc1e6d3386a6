// SPDX-License-Identifier: Apache-2.0
#include "attacks.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ipc.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>

struct targets targets = {.secret = 0x5ec4e7};

static int place(int descriptor, int at) {
  if (descriptor < 0) return -1;
  return descriptor == at ? at : dup2(descriptor, at);
}

// Out of the way of the worker's own numbers.
static int far(int descriptor) { return descriptor < 0 ? -1 : fcntl(descriptor, F_DUPFD, 20); }

static int listen_at(int family, int type, void *address, socklen_t length) {
  int socket_descriptor = far(socket(family, type, 0));
  if (socket_descriptor < 0 || bind(socket_descriptor, address, length) < 0) return -1;
  if (type == SOCK_STREAM && listen(socket_descriptor, 8) < 0) return -1;
  return socket_descriptor;
}

static int listen_on_loopback(int type, uint16_t *port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof(address);
  int listener = listen_at(AF_INET, type, &address, length);
  if (listener < 0 || getsockname(listener, (struct sockaddr *)&address, &length) < 0) return -1;
  *port = address.sin_port;
  return 0;
}

static int listen_on_unix(const char *scratch) {
  struct sockaddr_un *abstract = &targets.abstract_socket, *path = &targets.path_socket;
  abstract->sun_family = path->sun_family = AF_UNIX;
  int name = snprintf(abstract->sun_path + 1, sizeof(abstract->sun_path) - 1, "hostile-%d", getpid());
  targets.abstract_length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)name);
  snprintf(path->sun_path, sizeof(path->sun_path), "%s/socket", scratch);
  if (listen_at(AF_UNIX, SOCK_STREAM, abstract, targets.abstract_length) < 0) return -1;
  if (listen_at(AF_UNIX, SOCK_STREAM, path, sizeof(*path)) < 0) return -1;
  return chmod(path->sun_path, 0777);
}

static int make_victim(const char *scratch, uid_t owner) {
  snprintf(targets.scratch, sizeof(targets.scratch), "%s", scratch);
  snprintf(targets.victim, sizeof(targets.victim), "%s/victim", scratch);
  snprintf(targets.created, sizeof(targets.created), "%s/created", scratch);
  int victim = open(targets.victim, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  if (victim < 0 || (geteuid() == 0 && fchown(victim, owner, owner) < 0)) return -1;
  return close(victim);
}

static int make_sevens(const char *name, int at) {
  char sevens[4096];
  memset(sevens, 7, sizeof(sevens));
  if (place(memfd_create(name, 0), at) < 0) return -1;
  return write(at, sevens, sizeof(sevens)) == sizeof(sevens) ? 0 : -1;
}

static int make_descriptors(void) {
  if (make_sevens("input", hostile_input) < 0 || make_sevens("other", hostile_leaked_upload) < 0) return -1;
  if (place(open("/", O_RDONLY | O_DIRECTORY), hostile_leaked_root) < 0) return -1;
  if (place(memfd_create("output", 0), hostile_output) < 0) return -1;
  return place(socket(AF_INET, SOCK_DGRAM, 0), hostile_datagram);
}

// Gone with the last process that has it attached; until then it can be had by its number.
static int share_memory(void) {
  targets.shared_memory = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0666);
  if (targets.shared_memory < 0) return -1;
  void *address = shmat(targets.shared_memory, NULL, 0);
  shmctl(targets.shared_memory, IPC_RMID, NULL);
  return address == (void *)-1 ? -1 : 0;
}

static int make_channel(void) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) < 0) return -1;
  int service = far(ends[0]);
  if (service < 0 || place(ends[1], hostile_channel) < 0) return -1;
  union {
    char bytes[CMSG_SPACE(sizeof(int))];
    struct cmsghdr alignment;
  } control = {.bytes = {0}};
  struct iovec part = {.iov_base = "go", .iov_len = 2};
  struct msghdr message = {
      .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof(control.bytes)};
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  *header = (struct cmsghdr){.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof(int))};
  int output = hostile_output;
  memcpy(CMSG_DATA(header), &output, sizeof(output));
  return sendmsg(service, &message, 0) < 0 ? -1 : 0;
}

int hostile_prepare(const char *scratch, uid_t owner) {
  targets.parent = getpid();
  // The services undo neither: what stops an attack must be the worker's own layers.
  if (prctl(PR_SET_DUMPABLE, 1) < 0) return -errno;
  signal(SIGUSR1, SIG_IGN);
  if (make_descriptors() < 0 || make_channel() < 0 || make_victim(scratch, owner) < 0) return -errno;
  // A directory that is no mount, and the worker's own.
  if (share_memory() < 0 || chdir(scratch) < 0) return -errno;
  if (listen_on_loopback(SOCK_STREAM, &targets.tcp_port) < 0) return -errno;
  if (listen_on_loopback(SOCK_DGRAM, &targets.udp_port) < 0) return -errno;
  return listen_on_unix(scratch) < 0 ? -errno : 0;
}

int hostile_simulate_old_kernel(void) {
  const uint32_t set_mdwe = 65;
  struct sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_landlock_create_ruleset, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_prctl, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, set_mdwe, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EINVAL),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog filter = {.len = sizeof(program) / sizeof(program[0]), .filter = program};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL) < 0) return -errno;
  return outcome(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter));
}

int hostile_drop_kill(void) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct held[_LINUX_CAPABILITY_U32S_3];
  if (syscall(SYS_capget, &header, held) < 0) return -errno;
  held[0].effective &= ~(1U << CAP_KILL);
  held[0].permitted &= ~(1U << CAP_KILL);
  return outcome(syscall(SYS_capset, &header, held));
}
