// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CKernel.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// Exactly four: the kernel then drops a fifth and says MSG_CTRUNC.
union control {
  char bytes[CMSG_SPACE(INGEST_DESCRIPTORS_PER_MESSAGE * sizeof(int))];
  struct cmsghdr alignment;
};

int ingest_socketpair_seqpacket(int ends[2]) {
  return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0 ? -errno : 0;
}

static void attach(struct msghdr *message, union control *control, const int *descriptors, int count) {
  size_t size = (size_t)count * sizeof(int);
  memset(control, 0, sizeof(*control));
  message->msg_control = control->bytes;
  message->msg_controllen = CMSG_SPACE(size);
  struct cmsghdr *header = CMSG_FIRSTHDR(message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(size);
  memcpy(CMSG_DATA(header), descriptors, size);
}

ssize_t ingest_send_with_descriptors(
    int socket, const void *buffer, size_t length, const int *descriptors, int count) {
  if (length == 0 || count < 0 || count > INGEST_DESCRIPTORS_PER_MESSAGE) return -EINVAL;
  if (count > 0 && descriptors == NULL) return -EINVAL;
  struct iovec part = {.iov_base = (void *)buffer, .iov_len = length};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  union control control;
  if (count > 0) attach(&message, &control, descriptors, count);
  ssize_t sent;
  do {
    sent = count > 0 ? sendmsg(socket, &message, MSG_NOSIGNAL) : send(socket, buffer, length, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  return sent < 0 ? -errno : sent;
}

static int take_descriptors(struct msghdr *message, int *descriptors) {
  int count = 0;
  for (struct cmsghdr *header = CMSG_FIRSTHDR(message); header != NULL; header = CMSG_NXTHDR(message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    int here = (int)((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
    memcpy(descriptors + count, CMSG_DATA(header), (size_t)here * sizeof(int));
    count += here; // Never past four: there was room for no more.
  }
  return count;
}

ssize_t ingest_receive_with_descriptors(int socket, void *buffer, size_t length, int *descriptors, int *count) {
  *count = 0;
  union control control;
  struct iovec part = {.iov_base = buffer, .iov_len = length};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  ssize_t received;
  do {
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof(control.bytes);
    received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  } while (received < 0 && errno == EINTR);
  if (received < 0) return -errno;
  int taken = take_descriptors(&message, descriptors);
  if (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) {
    while (taken > 0) close(descriptors[--taken]);
    return -EMSGSIZE;
  }
  *count = taken;
  return received;
}
