// SPDX-License-Identifier: Apache-2.0
#include "attacks.h"

#include <dirent.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

static long entries_of(const char *path) {
  DIR *directory = opendir(path);
  if (directory == NULL) return -errno;
  long count = 0;
  while (readdir(directory) != NULL) count++;
  closedir(directory);
  return count - 2; // "." and ".."
}

static long is_up(const char *interface) {
  struct ifreq request = {.ifr_flags = 0};
  strncpy(request.ifr_name, interface, IFNAMSIZ - 1);
  int probe = socket(AF_INET, SOCK_DGRAM, 0);
  if (probe < 0 || ioctl(probe, SIOCGIFFLAGS, &request) < 0) return -errno;
  return (request.ifr_flags & IFF_UP) != 0;
}

static long interfaces(void) {
  struct if_nameindex *list = if_nameindex();
  if (list == NULL) return -errno;
  long count = 0;
  while (list[count].if_index != 0) count++;
  if_freenameindex(list);
  return count;
}

void hostile_look_around(void (*report)(const char *fact, long value)) {
  report("entries-of-root", entries_of("/"));
  report("entries-of-proc", entries_of("/proc"));
  report("entries-of-parent", entries_of("/.."));
  report("create-in-root", opened(open("/created", O_CREAT | O_WRONLY | O_EXCL, 0600)));
  report("create-unnamed", opened(open("/", O_TMPFILE | O_WRONLY, 0600)));
  report("create-device", outcome(mknod("/device", S_IFIFO | 0600, 0)));
  report("make-directory", outcome(mkdir("/directory", 0700)));
  report("dev-null", opened(open("/dev/null", O_RDONLY)));
  report("process", getpid());
  report("parent", getppid());
  report("user", getuid());
  report("effective-user", geteuid());
  report("group", getgid());
  report("groups", getgroups(0, NULL));
  report("interfaces", interfaces());
  report("loopback-is-up", is_up("lo"));
  report("nested-namespace", outcome(unshare(CLONE_NEWUSER)));
}
