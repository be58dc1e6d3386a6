// SPDX-License-Identifier: Apache-2.0
#ifndef INGEST_CMAGIC_SHIM_H
#define INGEST_CMAGIC_SHIM_H

#include <magic.h>

// A combination of macros, which Swift imports one by one and with differing types.
static inline int ingest_magic_flags(void) {
  return MAGIC_MIME | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_ELF | MAGIC_NO_CHECK_TOKENS;
}

#endif
