// SPDX-License-Identifier: Apache-2.0
#ifndef INGEST_CICU_SHIM_H
#define INGEST_CICU_SHIM_H

#include <stddef.h>
#include <stdint.h>
#include <unicode/ucnv.h>
#include <unicode/ucnv_err.h>
#include <unicode/udata.h>

// ICU's functions are macros that add its version to a name, which Swift does not import.

// What became of some bytes: those that are whole characters, the units that they became, and how many bytes behind
// them stand for nothing.
struct ingest_converted {
  size_t consumed;
  size_t units;
  size_t malformed;
  int has_failed;
};

// NULL where ICU has no such converter. Nothing is read from a file: the tables are in the library.
static inline UConverter *ingest_converter_open(const char *name) {
  UErrorCode error = U_ZERO_ERROR;
  udata_setFileAccess(UDATA_NO_FILES, &error);
  UConverter *converter = ucnv_open(name, &error);
  if (U_FAILURE(error)) return NULL;
  ucnv_setToUCallBack(converter, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &error);
  if (U_SUCCESS(error)) return converter;
  ucnv_close(converter);
  return NULL;
}

static inline void ingest_converter_close(UConverter *converter) { ucnv_close(converter); }

// Converts whole characters from the start of `bytes`. `offsets`, where there are any, get for each unit the index of
// its character's first byte.
static inline struct ingest_converted ingest_converter_decode(
    UConverter *converter, const uint8_t *bytes, size_t count, int is_last, uint16_t *units, size_t room,
    int32_t *offsets) {
  struct ingest_converted answer = {0, 0, 0, 0};
  UErrorCode error = U_ZERO_ERROR, ignored = U_ZERO_ERROR;
  const char *source = (const char *)bytes;
  UChar *target = (UChar *)units;
  ucnv_resetToUnicode(converter);
  ucnv_toUnicode(
      converter, &target, (UChar *)units + room, &source, source + count, offsets, (UBool)(is_last != 0), &error);
  answer.units = (size_t)(target - (UChar *)units);
  answer.consumed = (size_t)(source - (const char *)bytes);
  size_t unread = 0;
  if (U_SUCCESS(error)) {
    int32_t pending = ucnv_toUCountPending(converter, &ignored);
    unread = pending > 0 ? (size_t)pending : 0;
  } else if (
      error == U_INVALID_CHAR_FOUND || error == U_TRUNCATED_CHAR_FOUND || error == U_ILLEGAL_CHAR_FOUND) {
    char invalid[32];
    int8_t length = sizeof invalid;
    ucnv_getInvalidChars(converter, invalid, &length, &ignored);
    unread = answer.malformed = U_SUCCESS(ignored) && length > 0 ? (size_t)length : 1;
  } else {
    answer.has_failed = 1;
  }
  answer.consumed -= unread < answer.consumed ? unread : answer.consumed;
  return answer;
}

#endif
