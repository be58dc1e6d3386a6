// SPDX-License-Identifier: Apache-2.0
// A library that is loaded into a program before its others (LD_PRELOAD), and stands between it and the calls that
// change files. It can make a call fail, slow syncs down, move the clock, and write down all that happens below one
// folder, in its order. Only for tests; what it does is said by its environment (docs/faults.md).
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

/// Where a call goes: the folder, and the name in it.
struct place {
  char path[PATH_MAX];
  const char *name;
  ino_t folder;
};

/// Whether a path is the watched folder or lies below it.
bool shim_watches(const char *path);
/// The path behind a descriptor; false where it is not watched.
bool shim_path(int descriptor, char path[PATH_MAX]);
/// Where a path leads to from a folder's descriptor; false where it is not watched.
bool shim_place(int folder, const char *path, struct place *place);

/// Whether this call is to fail: then `errno` is set. A call is counted where its path is watched.
bool shim_fails(const char *call, const char *path);
/// How many of `length` bytes this call may write.
size_t shim_length(const char *call, const char *path, size_t length);
/// Waits as long as a slow disk would.
void shim_delay_sync(void);

/// Keeps calls that change something in the order in which they are written down.
void shim_lock(void);
void shim_unlock(void);
/// Writes an event down: a letter, numbers, and bytes. The lock is held.
void shim_note(char event, size_t count, const unsigned long long *numbers, const void *bytes, size_t length);
/// Writes down what a file holds, whoever wrote it. The lock is held.
void shim_note_content(int descriptor, ino_t inode);
/// Whether events are written down.
bool shim_notes(void);
/// Whether a descriptor leads to the program's standard output.
bool shim_is_output(int descriptor);
