// SPDX-License-Identifier: Apache-2.0

#include "CTranscode.h"

#include <string.h>

static uint64_t load64(const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, sizeof word);
  return word;
}

static const uint64_t beyond_ascii_bytes = 0x8080808080808080;

size_t ingest_ascii_prefix(const uint8_t *bytes, size_t count) {
  size_t index = 0;
  while (count - index >= 16 && ((load64(bytes + index) | load64(bytes + index + 8)) & beyond_ascii_bytes) == 0) {
    index += 16;
  }
  return index;
}

// One byte a character

struct ingest_transcoded ingest_utf8_from_bytes(
    const uint8_t *bytes, size_t count, const struct ingest_byte_meaning *meanings, uint8_t *out) {
  uint8_t *start = out;
  size_t index = 0, counted = 0;
  while (index < count) {
    while (
        count - index >= 16 && ((load64(bytes + index) | load64(bytes + index + 8)) & beyond_ascii_bytes) == 0) {
      memcpy(out, bytes + index, 16);
      out += 16;
      index += 16;
    }
    size_t end = count - index < 16 ? count : index + 16;
    for (; index < end; index++) {
      const struct ingest_byte_meaning *meaning = meanings + bytes[index];
      // Four bytes, of which the last one is overwritten by the next character.
      memcpy(out, meaning, 4);
      unsigned length = meaning->length & 3;
      if (length == 0) goto stop;
      out += length;
      counted += meaning->length >> 7;
    }
  }
stop:
  return (struct ingest_transcoded){index, (size_t)(out - start), counted};
}

// UTF-16

static inline uint32_t unit16(const uint8_t *bytes, int is_big) {
  uint16_t unit;
  memcpy(&unit, bytes, 2);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  is_big = !is_big;
#endif
  return is_big ? __builtin_bswap16(unit) : unit;
}

static inline uint8_t *put(uint32_t scalar, uint8_t *out) {
  if (scalar < 0x80) {
    *out = (uint8_t)scalar;
    return out + 1;
  }
  if (scalar < 0x800) {
    out[0] = (uint8_t)(0xC0 | scalar >> 6);
    out[1] = (uint8_t)(0x80 | (scalar & 0x3F));
    return out + 2;
  }
  if (scalar < 0x10000) {
    out[0] = (uint8_t)(0xE0 | scalar >> 12);
    out[1] = (uint8_t)(0x80 | (scalar >> 6 & 0x3F));
    out[2] = (uint8_t)(0x80 | (scalar & 0x3F));
    return out + 3;
  }
  out[0] = (uint8_t)(0xF0 | scalar >> 18);
  out[1] = (uint8_t)(0x80 | (scalar >> 12 & 0x3F));
  out[2] = (uint8_t)(0x80 | (scalar >> 6 & 0x3F));
  out[3] = (uint8_t)(0x80 | (scalar & 0x3F));
  return out + 4;
}

typedef uint8_t vector16 __attribute__((vector_size(16)));
typedef uint8_t vector8 __attribute__((vector_size(8)));

// The low bytes of eight units that are all ASCII.
static inline void pack(const uint8_t *bytes, int is_big, uint8_t *out) {
  vector16 units;
  memcpy(&units, bytes, 16);
  vector8 low = is_big ? __builtin_shufflevector(units, units, 1, 3, 5, 7, 9, 11, 13, 15)
                       : __builtin_shufflevector(units, units, 0, 2, 4, 6, 8, 10, 12, 14);
  memcpy(out, &low, 8);
}

// Eight units that are all below U+0800, without a branch for each.
static inline uint8_t *put_short(const uint8_t *bytes, int is_big, uint8_t *out) {
  for (int index = 0; index < 8; index++) {
    uint32_t unit = unit16(bytes + 2 * index, is_big);
    uint32_t is_two = unit >= 0x80;
    out[0] = (uint8_t)(is_two ? 0xC0 | unit >> 6 : unit);
    out[1] = (uint8_t)(0x80 | (unit & 0x3F));
    out += 1 + is_two;
  }
  return out;
}

// The bits of eight units, in pairs of four; the order of their bytes is that of the file.
static inline uint64_t bits(const uint8_t *bytes) { return load64(bytes) | load64(bytes + 8); }

static inline struct ingest_transcoded from_utf16(
    const uint8_t *bytes, size_t count, const int is_big, uint8_t *out) {
  uint64_t beyond_ascii, beyond_short;
  {
    // As they lie in memory, so that no unit needs to be swapped for the question.
    const uint8_t ascii[8] = {is_big ? 0xFF : 0x80, is_big ? 0x80 : 0xFF, is_big ? 0xFF : 0x80, is_big ? 0x80 : 0xFF,
                              is_big ? 0xFF : 0x80, is_big ? 0x80 : 0xFF, is_big ? 0xFF : 0x80, is_big ? 0x80 : 0xFF};
    const uint8_t two[8] = {is_big ? 0xF8 : 0, is_big ? 0 : 0xF8, is_big ? 0xF8 : 0, is_big ? 0 : 0xF8,
                            is_big ? 0xF8 : 0, is_big ? 0 : 0xF8, is_big ? 0xF8 : 0, is_big ? 0 : 0xF8};
    beyond_ascii = load64(ascii);
    beyond_short = load64(two);
  }
  uint8_t *start = out;
  size_t index = 0;
  while (count - index >= 2) {
    while (count - index >= 16) {
      uint64_t eight = bits(bytes + index);
      if ((eight & beyond_ascii) == 0) {
        pack(bytes + index, is_big, out);
        out += 8;
      } else if ((eight & beyond_short) == 0) {
        out = put_short(bytes + index, is_big, out);
      } else {
        break;
      }
      index += 16;
    }
    size_t end = count - index < 16 ? count : index + 16;
    while (index < end && count - index >= 2) {
      uint32_t unit = unit16(bytes + index, is_big);
      if (unit - 0xD800 >= 0x800) {
        out = put(unit, out);
        index += 2;
        continue;
      }
      if (unit >= 0xDC00 || count - index < 4) goto stop;
      uint32_t next = unit16(bytes + index + 2, is_big);
      if (next - 0xDC00 >= 0x400) goto stop;
      out = put(0x10000 + ((unit & 0x3FF) << 10 | (next & 0x3FF)), out);
      index += 4;
    }
  }
stop:
  return (struct ingest_transcoded){index, (size_t)(out - start), 0};
}

struct ingest_transcoded ingest_utf8_from_utf16(const uint8_t *bytes, size_t count, int is_big, uint8_t *out) {
  return is_big ? from_utf16(bytes, count, 1, out) : from_utf16(bytes, count, 0, out);
}

// UTF-32

struct ingest_transcoded ingest_utf8_from_utf32(const uint8_t *bytes, size_t count, int is_big, uint8_t *out) {
  uint8_t *start = out;
  size_t index = 0;
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  is_big = !is_big;
#endif
  for (; count - index >= 4; index += 4) {
    uint32_t scalar;
    memcpy(&scalar, bytes + index, 4);
    if (is_big) scalar = __builtin_bswap32(scalar);
    if (scalar > 0x10FFFF || scalar - 0xD800 < 0x800) break;
    out = put(scalar, out);
  }
  return (struct ingest_transcoded){index, (size_t)(out - start), 0};
}

size_t ingest_first_private(const uint16_t *units, size_t count) {
  for (size_t index = 0; index < count; index += 64) {
    size_t end = count - index < 64 ? count : index + 64;
    unsigned found = 0;
    for (size_t unit = index; unit < end; unit++) {
      found |= (uint16_t)(units[unit] - 0xE000) < 0x1900 || (uint16_t)(units[unit] - 0x80) < 0x20;
    }
    if (!found) continue;
    for (size_t unit = index; unit < end; unit++) {
      if ((uint16_t)(units[unit] - 0xE000) < 0x1900 || (uint16_t)(units[unit] - 0x80) < 0x20) return unit;
    }
  }
  return count;
}
