// SPDX-License-Identifier: Apache-2.0
// Sends requests as fast as they are answered, and prints what came of them as one JSON object.
//
// usage: uploads PORT CONNECTIONS FILE
// FILE is whole HTTP requests, before each its length in 4 bytes, little-endian. Each connection has a thread, stays
// open, and takes the next request once its last one is answered in full. An answer must have a Content-Length.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct request {
  const char *bytes;
  uint32_t length;
  int status;
  double seconds;
};

static struct request *requests;
static size_t count;
static atomic_size_t next;
static int port;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int connect_loopback(void) {
  int on = 1, connection = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connection < 0 || connect(connection, (struct sockaddr *)&address, sizeof address) != 0) fail("connect");
  setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return connection;
}

// Reads one answer; returns its status.
static int read_answer(int connection) {
  char buffer[65536];
  size_t have = 0;
  for (;;) {
    ssize_t got = read(connection, buffer + have, sizeof buffer - 1 - have);
    if (got <= 0) fail("the server closed a connection");
    have += (size_t)got;
    buffer[have] = 0;
    char *end = strstr(buffer, "\r\n\r\n");
    if (!end) continue;
    char *length = strcasestr(buffer, "\r\ncontent-length:");
    if (!length || length > end) fail("an answer without Content-Length");
    size_t whole = (size_t)(end + 4 - buffer) + strtoull(length + 17, NULL, 10);
    while (have < whole) {
      // What comes after the header is not looked at, so it may overwrite itself.
      got = read(connection, buffer + 1024, whole - have < 60000 ? whole - have : 60000);
      if (got <= 0) fail("the server closed a connection");
      have += (size_t)got;
    }
    return atoi(buffer + 9);
  }
}

static void *send_all(void *unused) {
  (void)unused;
  int connection = connect_loopback();
  for (size_t index; (index = atomic_fetch_add(&next, 1)) < count;) {
    struct request *request = &requests[index];
    double start = now();
    for (uint32_t sent = 0; sent < request->length;) {
      ssize_t some = write(connection, request->bytes + sent, request->length - sent);
      if (some <= 0) fail("write");
      sent += (uint32_t)some;
    }
    request->status = read_answer(connection);
    request->seconds = now() - start;
  }
  close(connection);
  return NULL;
}

static void load(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) fail(path);
  uint32_t length;
  while (fread(&length, sizeof length, 1, file) == 1) {
    char *bytes = malloc(length);
    requests = realloc(requests, (count + 1) * sizeof *requests);
    if (!bytes || !requests || fread(bytes, 1, length, file) != length) fail(path);
    requests[count++] = (struct request){.bytes = bytes, .length = length};
  }
  fclose(file);
}

static int by_seconds(const void *left, const void *right) {
  double difference = ((const struct request *)left)->seconds - ((const struct request *)right)->seconds;
  return (difference > 0) - (difference < 0);
}

int main(int arguments, char **argument) {
  if (arguments != 4) {
    fprintf(stderr, "usage: uploads PORT CONNECTIONS FILE\n");
    return 2;
  }
  port = atoi(argument[1]);
  size_t connections = strtoul(argument[2], NULL, 10);
  load(argument[3]);
  pthread_t *threads = calloc(connections, sizeof *threads);
  if (!threads || !count) return 2;
  double start = now();
  for (size_t each = 0; each < connections; each++)
    if (pthread_create(&threads[each], NULL, send_all, NULL) != 0) fail("pthread_create");
  for (size_t each = 0; each < connections; each++) pthread_join(threads[each], NULL);
  double seconds = now() - start;
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  double used = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
  qsort(requests, count, sizeof *requests, by_seconds);
  int statuses[1000] = {0};
  for (size_t each = 0; each < count; each++)
    if (requests[each].status > 0 && requests[each].status < 1000) statuses[requests[each].status]++;
  printf("{\"requests\": %zu, \"seconds\": %.6f, \"client_seconds\": %.6f, \"p50_ms\": %.3f, \"p99_ms\": %.3f, ",
         count, seconds, used, requests[count / 2].seconds * 1e3, requests[count * 99 / 100].seconds * 1e3);
  printf("\"statuses\": {");
  const char *gap = "";
  for (int status = 0; status < 1000; status++)
    if (statuses[status]) printf("%s\"%d\": %d", gap, status, statuses[status]), gap = ", ";
  printf("}}\n");
  return 0;
}
