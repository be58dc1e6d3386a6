// SPDX-License-Identifier: Apache-2.0
#include "attacks.h"

#include <sys/socket.h>

static int reach(int family, int type, const void *address, socklen_t length) {
  int descriptor = (int)syscall(SYS_socket, family, type, 0);
  if (descriptor < 0) return -errno;
  return outcome(syscall(SYS_connect, descriptor, address, length));
}

static struct sockaddr_in loopback(uint16_t port) {
  return (struct sockaddr_in){.sin_family = AF_INET, .sin_port = port, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static int connect_tcp(void) {
  struct sockaddr_in address = loopback(targets.tcp_port);
  return reach(AF_INET, SOCK_STREAM, &address, sizeof(address));
}

static int connect_abstract(void) {
  return reach(AF_UNIX, SOCK_STREAM, &targets.abstract_socket, targets.abstract_length);
}

static int connect_path(void) {
  return reach(AF_UNIX, SOCK_STREAM, &targets.path_socket, sizeof(targets.path_socket));
}

static int send_to_loopback(int descriptor) {
  struct sockaddr_in address = loopback(targets.udp_port);
  return outcome(syscall(SYS_sendto, descriptor, "x", 1, 0, &address, sizeof(address)));
}

static int send_udp(void) {
  int descriptor = (int)syscall(SYS_socket, AF_INET, SOCK_DGRAM, 0);
  return descriptor < 0 ? -errno : send_to_loopback(descriptor);
}

// As if a socket had leaked in.
static int send_udp_by_open_socket(void) { return send_to_loopback(hostile_datagram); }

static int send_by_sendmsg(void) {
  struct sockaddr_in address = loopback(targets.udp_port);
  struct iovec part = {.iov_base = "x", .iov_len = 1};
  struct msghdr message = {.msg_name = &address, .msg_namelen = sizeof(address), .msg_iov = &part, .msg_iovlen = 1};
  return outcome(syscall(SYS_sendmsg, hostile_datagram, &message, 0));
}

static int new_socketpair(void) {
  int ends[2];
  return outcome(syscall(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, ends));
}

const struct attack network_attacks[] = {
    {"connect-tcp", connect_tcp},
    {"connect-abstract", connect_abstract},
    {"connect-path", connect_path},
    {"send-udp", send_udp},
    {"send-udp-by-open-socket", send_udp_by_open_socket},
    {"sendmsg", send_by_sendmsg},
    {"socketpair", new_socketpair},
    {NULL, NULL},
};
