// SPDX-License-Identifier: Apache-2.0

// What this machine takes for the things that no reader can avoid. Every function returns seconds, or a negative number
// where a call fails. `threads` is from 1 to 16; the bytes are shared out among them.
#ifndef INGEST_LIMITS_H
#define INGEST_LIMITS_H

#include <stddef.h>

// Copies between two buffers that were touched before.
double limits_copy(size_t bytes, int threads);
// Adds up a buffer that was touched before.
double limits_sum(size_t bytes, int threads);
// Maps a file anew and adds it up, page faults included. With `populate` all pages are mapped by one call at first.
double limits_map(int file, size_t bytes, int threads, int populate);
// Reads a file through a buffer of `piece` bytes of each thread's own.
double limits_read(int file, size_t bytes, size_t piece, int threads);
// Touches every page of fresh anonymous memory, pages of 4 KiB, or huge ones where the kernel gives them.
double limits_touch(size_t bytes, int huge);
// Writes an empty file from a buffer of `piece` bytes of each thread's own; the pages stay in the cache.
double limits_write(int file, size_t bytes, size_t piece, int threads);
double limits_sync(int file);

#endif
