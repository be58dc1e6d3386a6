// SPDX-License-Identifier: Apache-2.0
#include "cell.h"
#include "vectors.h"

#if defined(__x86_64__)

#include <fast_float/fast_float.h>

namespace {

/// The most digits before the point, behind it, and in all: vectors have 16 bytes, and with more digits than 17 no binary64
/// keeps them.
const uint32_t most_whole = 15, most_places = 16, most_digits = 17;

/// The most bytes of a number that one vector takes with its point; fifteen digits, which every binary64 keeps.
const uint32_t most_short = 16, most_short_digits = 15;

/// What a number with so many digits behind its point is divided by.
struct scale {
  uint64_t ten;
  /// The leading bits of its reciprocal, and the exponent that a product with them starts from.
  uint64_t high, low;
  int64_t exponent;
};

struct scale_table {
  scale by_places[most_places + 1];
};

scale_table make_scales() {
  scale_table table{};
  uint64_t ten = 1;
  for (int places = 0; places <= int(most_places); places++, ten *= 10) {
    const int index = -2 * (places + fast_float::powers::smallest_power_of_five);
    // The exponent of two of 10^-places' leading bit, as in fast_float's `detail::power`, above a binary64's bias.
    const int64_t exponent = ((-(152170 + 65536) * int64_t(places)) >> 16) + 64 + 1023;
    table.by_places[places] = {
        ten, fast_float::powers::power_of_five_128[index], fast_float::powers::power_of_five_128[index + 1], exponent};
  }
  return table;
}

const scale_table scales = make_scales();

/// What moves the digits before the point, and all bytes before them, up to those behind it: by the digits behind it.
struct shuffle_table {
  alignas(16) uint8_t by_places[most_short + 1][16];
};

constexpr shuffle_table make_shuffles() {
  shuffle_table table{};
  for (int places = 0; places <= int(most_short); places++) {
    for (int byte = 0; byte < 16; byte++) {
      const bool is_behind = places == int(most_short) || byte >= 16 - places;
      table.by_places[places][byte] = uint8_t(is_behind ? byte : byte ? byte - 1 : 0x80);
    }
  }
  return table;
}

/// The last one moves nothing: it is for numbers without a point.
constexpr shuffle_table shuffles = make_shuffles();

struct numbers {
  /// What follows the digits before the point, and those behind it.
  const uint8_t *point[ingest_batch], *end[ingest_batch];
  uint32_t whole[ingest_batch], places[ingest_batch], has_point[ingest_batch], is_negative[ingest_batch];
  uint64_t digits[ingest_batch];
  /// Whether one is too long for one vector.
  bool has_long;
};

/// Finds the parts of the numbers from row `from` on; returns how many there are before something else.
INGEST_AVX2 inline size_t find_parts(
    const ingest_column &c, size_t from, size_t count, uint8_t point, numbers &n, uint8_t *valid) {
  const __m128i points = _mm_set1_epi8(char(point));
  uint32_t longest = 0, most = 0;
  size_t k = 0;
  for (; k < count; k++) {
    const cell found = cell_at(&c, from + k);
    if (found.start == found.end) {
      if (found.is_quoted) break;
      n.point[k] = n.end[k] = ingest_zeros + 16;
      n.whole[k] = n.places[k] = n.has_point[k] = n.is_negative[k] = 0;
      valid[from + k] = 0;
      continue;
    }
    const uint32_t is_negative = c.text[found.start] == '-';
    const uint32_t start = found.start + is_negative, length = found.end - start;
    // Vectors are read from sixteen bytes before.
    if (start < 16 || size_t(start) + 16 > c.readable) break;
    const __m128i lead = ingest_load16(c.text + start);
    const uint32_t found_points = uint32_t(_mm_movemask_epi8(_mm_cmpeq_epi8(lead, points)));
    const uint32_t first = uint32_t(__builtin_ctz(found_points | 1U << 16));
    const uint32_t has_point = first < length;
    const uint32_t whole = has_point ? first : length;
    const uint32_t places = length - whole - has_point;
    // Unsigned, so that none where one must be is too many as well.
    if ((whole - 1 >= most_whole) | (places - has_point >= most_places) | (whole + places > most_digits) |
        ((whole > 1) & (c.text[start] == '0')))
      break;
    n.point[k] = c.text + start + whole;
    n.end[k] = c.text + found.end;
    n.whole[k] = whole;
    n.places[k] = places;
    n.has_point[k] = has_point;
    n.is_negative[k] = is_negative;
    longest = length > longest ? length : longest;
    most = whole + places > most ? whole + places : most;
    valid[from + k] = 1;
  }
  n.has_long = longest > most_short || most > most_short_digits;
  return k;
}

INGEST_AVX2 inline __m256i two(const uint8_t *low, const uint8_t *high) {
  return _mm256_inserti128_si256(_mm256_castsi128_si256(ingest_load16(low)), ingest_load16(high), 1);
}

/// Reads the digits of numbers that one vector takes; returns how many there are before something that is no digit.
INGEST_AVX2 inline size_t read_short(numbers &n, size_t count) {
  for (size_t k = 0; k < count; k++) {
    const uint32_t places = n.has_point[k] ? n.places[k] : most_short;
    const __m128i order = _mm_load_si128(reinterpret_cast<const __m128i *>(shuffles.by_places[places]));
    const __m128i keep = ingest_load16(ingest_kept + n.whole[k] + n.places[k]);
    const __m128i text = ingest_load16(n.end[k] - 16);
    const __m128i digits = _mm_and_si128(_mm_sub_epi8(_mm_shuffle_epi8(text, order), _mm_set1_epi8('0')), keep);
    const __m128i others = _mm_subs_epu8(digits, _mm_set1_epi8(9));
    if (!_mm_testz_si128(others, others)) return k;
    n.digits[k] = ingest_joined(ingest_eights(digits));
  }
  return count;
}

/// The same of numbers that take two: one for the digits before the point, one for those behind it.
INGEST_AVX2 inline size_t read_long(numbers &n, size_t count) {
  for (size_t k = 0; k < count; k++) {
    const __m256i keep = two(ingest_kept + n.whole[k], ingest_kept + n.places[k]);
    const __m256i text = two(n.point[k] - 16, n.end[k] - 16);
    const __m256i digits = _mm256_and_si256(_mm256_sub_epi8(text, _mm256_set1_epi8('0')), keep);
    const __m256i others = _mm256_subs_epu8(digits, _mm256_set1_epi8(9));
    if (!_mm256_testz_si256(others, others)) return k;
    // Pairs, fours, eights.
    const __m256i pairs = _mm256_maddubs_epi16(digits, _mm256_set1_epi16(0x010A));
    const __m256i fours = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00010064));
    const __m256i eights = _mm256_madd_epi16(_mm256_packus_epi32(fours, fours), _mm256_set1_epi32(0x00012710));
    n.digits[k] = ingest_joined(_mm256_castsi256_si128(eights)) * scales.by_places[n.places[k]].ten +
                  ingest_joined(_mm256_extracti128_si256(eights, 1));
  }
  return count;
}

/// The binary64 nearest to `digits` / 10^`places`, where it keeps all digits; false where it may not, or where this way
/// does not tell: as `to_double`, without a branch.
INGEST_AVX2 inline bool to_bits(uint64_t digits, uint32_t places, uint64_t *bits) {
  const int shift = int(_lzcnt_u64(digits)) & 63;
  const uint64_t normal = digits << shift;
  const scale &by = scales.by_places[places];
  const unsigned __int128 product = static_cast<unsigned __int128>(normal) * by.high +
                                    (static_cast<unsigned __int128>(normal) * by.low >> 64);
  const uint64_t high = uint64_t(product >> 64), low = uint64_t(product);
  const int is_low = 1 - int(high >> 63);
  const uint64_t leading = high << is_low | (low >> 63 & uint64_t(is_low));
  const uint64_t significand = leading >> 11;
  const uint64_t fraction = leading << 53 | low << is_low >> 11;
  const uint64_t is_up = fraction >> 63;
  const uint64_t distance = is_up ? 0 - fraction : fraction;
  const uint64_t error = uint64_t(static_cast<unsigned __int128>(distance) * digits >> 64);
  const bool is_doubtful = (fraction - 0x7FFFFFFFFFFFFF00ULL < 0x200) | (error + 1 >= significand >> 1);
  // The significand's own leading bit adds one to the exponent, and where rounding carries one more.
  const uint64_t exponent = uint64_t(by.exponent - is_low - shift - 1);
  *bits = digits ? (exponent << 52) + significand + is_up : 0;
  return !is_doubtful | (digits == 0);
}

/// The numbers of short digits: both are exact, so that the quotient is rounded once. Keeps every digit of fifteen.
INGEST_AVX2 inline size_t divide(const numbers &n, size_t count, double *values) {
  for (size_t k = 0; k < count; k++) {
    const double value = double(int64_t(n.digits[k])) / double(int64_t(scales.by_places[n.places[k]].ten));
    uint64_t bits;
    memcpy(&bits, &value, 8);
    bits |= uint64_t(n.is_negative[k]) << 63;
    memcpy(&values[k], &bits, 8);
  }
  return count;
}

/// The numbers of long digits; returns how many there are before one that this way does not tell.
INGEST_AVX2 inline size_t scale_exactly(const numbers &n, size_t count, double *values) {
  for (size_t k = 0; k < count; k++) {
    uint64_t bits;
    if (!to_bits(n.digits[k], n.places[k], &bits)) return k;
    bits |= uint64_t(n.is_negative[k]) << 63;
    memcpy(&values[k], &bits, 8);
  }
  return count;
}

} // namespace

INGEST_AVX2 size_t ingest_doubles_avx2(
    const ingest_column *column, size_t from, uint8_t point, double *values, uint8_t *valid, size_t *nulls) {
  const ingest_column c = *column;
  numbers n;
  size_t row = from;
  while (row < c.rows) {
    const size_t wanted = c.rows - row < ingest_batch ? c.rows - row : ingest_batch;
    const size_t found = find_parts(c, row, wanted, point, n, valid);
    const size_t done = n.has_long ? scale_exactly(n, read_long(n, found), values + row)
                                   : divide(n, read_short(n, found), values + row);
    for (size_t k = 0; k < done; k++) *nulls += !valid[row + k];
    row += done;
    if (done < wanted) break;
  }
  return row - from;
}

#endif
