// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "shim.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

bool shim_watches(const char *path) {
  const char *root = getenv("SHIM_ROOT");
  if (root == NULL) return false;
  size_t length = strlen(root);
  return strncmp(path, root, length) == 0 && (path[length] == 0 || path[length] == '/');
}

bool shim_path(int descriptor, char path[PATH_MAX]) {
  char link[64];
  snprintf(link, sizeof(link), "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length < 0) return false;
  path[length] = 0;
  return shim_watches(path);
}

bool shim_place(int folder, const char *path, struct place *place) {
  char base[PATH_MAX] = "";
  if (path[0] != '/') {
    if (folder == AT_FDCWD) {
      if (getcwd(base, sizeof(base)) == NULL) return false;
    } else if (!shim_path(folder, base)) {
      return false;
    }
  }
  int length = snprintf(place->path, PATH_MAX, base[0] ? "%s/%s" : "%s%s", base, path);
  if (length < 0 || length >= PATH_MAX || !shim_watches(place->path)) return false;
  char *slash = strrchr(place->path, '/');
  place->name = slash + 1;
  char parent[PATH_MAX];
  snprintf(parent, sizeof(parent), "%.*s", (int)(slash - place->path), place->path);
  struct stat status;
  if (syscall(SYS_newfstatat, AT_FDCWD, parent, &status, 0) != 0) return false;
  place->folder = status.st_ino;
  return true;
}
