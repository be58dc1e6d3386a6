// SPDX-License-Identifier: Apache-2.0

// `CLEAN_TEXT` for one kind of vectors, of which the includer defines the type and operations.
//
// The method is that of Keiser and Lemire, "Validating UTF-8 In Less Than One Instruction Per Byte" (2020): every way in
// which two neighbouring bytes can be wrong is one bit, and three lookups by nibbles leave those bits of which all three
// agree; that third and fourth bytes stand where they must is compared apart.

// Bits that the three tables share, for a byte and the one before it.
#define TOO_SHORT 0x01  // a lead, then no continuation
#define TOO_LONG 0x02   // ASCII, then a continuation
#define OVERLONG_3 0x04 // E0 80...9F
#define TOO_LARGE 0x08  // F4 90...BF, and F5...FF
#define SURROGATE 0x10  // ED A0...BF
#define OVERLONG_2 0x20 // C0, C1
#define OVERLONG_4 0x40 // F0 80...8F; also F5...FF with 80...8F
#define TWO_CONTINUATIONS 0x80
// What the low nibble of the first byte has no say in.
#define ANY_LOW (TOO_SHORT | TOO_LONG | TWO_CONTINUATIONS)

static inline V NAME(wrong_pairs)(V bytes, V before) {
  const V high_before = TABLE(
      TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TWO_CONTINUATIONS,
      TWO_CONTINUATIONS, TWO_CONTINUATIONS, TWO_CONTINUATIONS, TOO_SHORT | OVERLONG_2, TOO_SHORT,
      TOO_SHORT | OVERLONG_3 | SURROGATE, TOO_SHORT | TOO_LARGE | OVERLONG_4);
  const V low_before = TABLE(
      ANY_LOW | OVERLONG_2 | OVERLONG_3 | OVERLONG_4, ANY_LOW | OVERLONG_2, ANY_LOW, ANY_LOW, ANY_LOW | TOO_LARGE,
      ANY_LOW | TOO_LARGE | OVERLONG_4, ANY_LOW | TOO_LARGE | OVERLONG_4, ANY_LOW | TOO_LARGE | OVERLONG_4,
      ANY_LOW | TOO_LARGE | OVERLONG_4, ANY_LOW | TOO_LARGE | OVERLONG_4, ANY_LOW | TOO_LARGE | OVERLONG_4,
      ANY_LOW | TOO_LARGE | OVERLONG_4, ANY_LOW | TOO_LARGE | OVERLONG_4,
      ANY_LOW | TOO_LARGE | OVERLONG_4 | SURROGATE, ANY_LOW | TOO_LARGE | OVERLONG_4,
      ANY_LOW | TOO_LARGE | OVERLONG_4);
  const V high = TABLE(
      TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
      TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS | OVERLONG_3 | OVERLONG_4,
      TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS | OVERLONG_3 | TOO_LARGE,
      TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS | SURROGATE | TOO_LARGE,
      TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS | SURROGATE | TOO_LARGE, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT);
  return AND(
      AND(LOOKUP(high_before, HIGH_NIBBLE(before)), LOOKUP(low_before, AND(before, SPLAT(0x0F)))),
      LOOKUP(high, HIGH_NIBBLE(bytes)));
}

// Not zero where `bytes`, which follow `last`, cannot be. That a character is cut by their end is no fault yet.
static inline V NAME(wrong)(V bytes, V last) {
  const V pairs = NAME(wrong_pairs)(bytes, BEFORE(bytes, last, 1));
  // The top bit, where a byte must be the third or fourth of its character: there two continuations are right.
  const V third = MINUS_TO_ZERO(BEFORE(bytes, last, 2), SPLAT(0xE0 - 0x80));
  const V fourth = MINUS_TO_ZERO(BEFORE(bytes, last, 3), SPLAT(0xF0 - 0x80));
  return XOR(AND(OR(third, fourth), SPLAT(0x80)), pairs);
}

// Not zero where a byte is a control character that no text has.
static inline V NAME(controls)(V bytes) {
  // Bit 0: 00...0F without 09...0D; bit 1: 10...1F; bit 2: 7F.
  const V low = TABLE(3, 3, 3, 3, 3, 3, 3, 3, 3, 2, 2, 2, 2, 2, 3, 7);
  const V high = TABLE(1, 2, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0);
  return AND(LOOKUP(low, AND(bytes, SPLAT(0x0F))), LOOKUP(high, HIGH_NIBBLE(bytes)));
}

// `ingest_clean_text`, four vectors at a time: mostly none of them holds anything but ASCII.
static size_t NAME(clean_text)(const uint8_t *bytes, size_t count, int refuse, int *found) {
  const size_t width = sizeof(V);
  const int refuses_controls = refuse & INGEST_REFUSE_CONTROLS;
  V last = SPLAT(0);
  size_t at = 0;
  for (; count - at >= 4 * width; at += 4 * width) {
    const V a = LOAD(bytes + at), b = LOAD(bytes + at + width);
    const V c = LOAD(bytes + at + 2 * width), d = LOAD(bytes + at + 3 * width);
    V fault = SPLAT(0);
    // Without a top bit anywhere, only a character that the last block began can be wrong.
    if (HAS_TOP_BIT(OR(OR(a, b), OR(c, d)))) {
      *found |= INGEST_HAS_NON_ASCII;
      fault = OR(
          OR(NAME(wrong)(a, last), NAME(wrong)(b, a)), OR(NAME(wrong)(c, b), NAME(wrong)(d, c)));
    } else if (HAS_TOP_BIT(last)) {
      fault = NAME(wrong)(a, last);
    }
    if (refuses_controls)
      fault = OR(
          fault, OR(OR(NAME(controls)(a), NAME(controls)(b)), OR(NAME(controls)(c), NAME(controls)(d))));
    if (IS_NOT_ZERO(fault)) break;
    last = d;
  }
  return ingest_whole_characters(bytes, at);
}

#undef TOO_SHORT
#undef TOO_LONG
#undef OVERLONG_3
#undef TOO_LARGE
#undef SURROGATE
#undef OVERLONG_2
#undef OVERLONG_4
#undef TWO_CONTINUATIONS
#undef ANY_LOW
