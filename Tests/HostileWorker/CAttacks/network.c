// SPDX-License-Identifier: Apache-2.0
#include "attacks.h"

#include <linux/if_alg.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/sockios.h>
#include <linux/vm_sockets.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
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

static int serve_tcp(void) {
  struct sockaddr_in address = loopback(0);
  int server = (int)syscall(SYS_socket, AF_INET, SOCK_STREAM, 0);
  if (server < 0 || syscall(SYS_bind, server, &address, sizeof(address)) < 0) return -errno;
  return outcome(syscall(SYS_listen, server, 1));
}

static int bind_path(void) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  strncpy(address.sun_path, targets.created, sizeof(address.sun_path) - 1);
  int server = (int)syscall(SYS_socket, AF_UNIX, SOCK_STREAM, 0);
  return server < 0 ? -errno : outcome(syscall(SYS_bind, server, &address, sizeof(address)));
}

static int new_socket(int family, int type, int protocol) {
  return opened(syscall(SYS_socket, family, type, protocol));
}

static int raw_socket(void) { return new_socket(AF_INET, SOCK_RAW, IPPROTO_ICMP); }

static int packet_socket(void) { return new_socket(AF_PACKET, SOCK_RAW, 0); }

static int netlink_socket(void) { return new_socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE); }

static int vsock_socket(void) { return new_socket(AF_VSOCK, SOCK_STREAM, 0); }

static int crypto_socket(void) { return new_socket(AF_ALG, SOCK_SEQPACKET, 0); }

// As if a socket had leaked in.
static int list_interfaces(void) {
  struct ifconf list = {.ifc_len = 0, .ifc_buf = NULL};
  return outcome(syscall(SYS_ioctl, hostile_datagram, SIOCGIFCONF, &list));
}

static int send_control(int type, const void *content, size_t length) {
  union {
    char bytes[CMSG_SPACE(sizeof(struct ucred))];
    struct cmsghdr alignment;
  } control = {.bytes = {0}};
  struct iovec part = {.iov_base = "x", .iov_len = 1};
  struct msghdr message = {
      .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = CMSG_SPACE(length)};
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  *header = (struct cmsghdr){.cmsg_level = SOL_SOCKET, .cmsg_type = type, .cmsg_len = CMSG_LEN(length)};
  memcpy(CMSG_DATA(header), content, length);
  return outcome(syscall(SYS_sendmsg, hostile_channel, &message, MSG_DONTWAIT));
}

static int send_descriptor(void) {
  const int output = hostile_output;
  return send_control(SCM_RIGHTS, &output, sizeof(output));
}

static int forge_credentials(void) {
  const struct ucred root = {.pid = 1, .uid = 0, .gid = 0};
  return send_control(SCM_CREDENTIALS, &root, sizeof(root));
}

static int send_many(void) {
  struct iovec part = {.iov_base = "x", .iov_len = 1};
  struct mmsghdr message = {.msg_hdr = {.msg_iov = &part, .msg_iovlen = 1}};
  return outcome(syscall(SYS_sendmmsg, hostile_channel, &message, 1, MSG_DONTWAIT));
}

static int ask_for_peer(void) {
  struct ucred peer;
  socklen_t length = sizeof(peer);
  return outcome(syscall(SYS_getsockopt, hostile_channel, SOL_SOCKET, SO_PEERCRED, &peer, &length));
}

static int grow_channel(void) {
  const int bytes = 1 << 20;
  return outcome(syscall(SYS_setsockopt, hostile_channel, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes)));
}

static int shut_channel(void) { return outcome(syscall(SYS_shutdown, hostile_channel, SHUT_RDWR)); }

const struct attack network_attacks[] = {
    {"connect-tcp", connect_tcp},
    {"connect-abstract", connect_abstract},
    {"connect-path", connect_path},
    {"send-udp", send_udp},
    {"send-udp-by-open-socket", send_udp_by_open_socket},
    {"sendmsg", send_by_sendmsg},
    {"socketpair", new_socketpair},
    {"serve-tcp", serve_tcp},
    {"bind-path", bind_path},
    {"raw-socket", raw_socket},
    {"packet-socket", packet_socket},
    {"netlink-socket", netlink_socket},
    {"vsock-socket", vsock_socket},
    {"crypto-socket", crypto_socket},
    {"list-interfaces", list_interfaces},
    {"send-descriptor", send_descriptor},
    {"forge-credentials", forge_credentials},
    {"sendmmsg", send_many},
    {"peer-credentials", ask_for_peer},
    {"grow-channel", grow_channel},
    {"shut-channel", shut_channel},
    {NULL, NULL},
};
