// SPDX-License-Identifier: Apache-2.0
#ifndef INGEST_CARCHIVE_SHIM_H
#define INGEST_CARCHIVE_SHIM_H

#include <archive.h>
#include <archive_entry.h>

// Macros with casts, which Swift does not import.
static inline int ingest_archive_is_plain(struct archive_entry *entry) {
  return archive_entry_filetype(entry) == AE_IFREG || archive_entry_filetype(entry) == AE_IFDIR;
}

static inline int ingest_archive_is_folder(struct archive_entry *entry) {
  return archive_entry_filetype(entry) == AE_IFDIR;
}

#endif
