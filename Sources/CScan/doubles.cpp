// SPDX-License-Identifier: Apache-2.0
#include "cell.h"
#include "vectors.h"

#include <fast_float/fast_float.h>

namespace {

const double powers_of_ten[23] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                  1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
const uint64_t whole_powers[19] = {1ULL,
                                   10ULL,
                                   100ULL,
                                   1000ULL,
                                   10000ULL,
                                   100000ULL,
                                   1000000ULL,
                                   10000000ULL,
                                   100000000ULL,
                                   1000000000ULL,
                                   10000000000ULL,
                                   100000000000ULL,
                                   1000000000000ULL,
                                   10000000000000ULL,
                                   100000000000000ULL,
                                   1000000000000000ULL,
                                   10000000000000000ULL,
                                   100000000000000000ULL,
                                   1000000000000000000ULL};

/// The digits of a number, and the power of ten that they are multiplied by.
struct decimal {
  uint64_t digits;
  int32_t power;
};

/// Up to here every number of as many digits has a binary64 of its own.
const uint64_t safe_digits = 1000000000000000ULL;

/// The binary64 nearest to a decimal of up to 18 digits, where it keeps them all; false where it may not, or where this
/// way does not tell.
///
/// Lemire, "Number Parsing at a Gigabyte per Second" (2021), with the whole 128-bit product, whose bits behind the
/// significand say how far the binary64 is from the decimal.
inline bool to_double(decimal number, double *value) {
  if (number.digits < safe_digits && number.power <= 0 && number.power >= -22) {
    // Both are exact, so the quotient is rounded once.
    *value = double(number.digits) / powers_of_ten[-number.power];
    return true;
  }
  if (number.digits == 0) {
    *value = 0;
    return true;
  }
  // More digits than a binary64 tells apart are for a decimal, whether this one keeps them or not.
  if (number.digits >= 100000000000000000ULL || number.power < -290 || number.power > 288) return false;
  const int shift = __builtin_clzll(number.digits);
  const uint64_t digits = number.digits << shift;
  const int index = 2 * (number.power - fast_float::powers::smallest_power_of_five);
  const unsigned __int128 upper =
      static_cast<unsigned __int128>(digits) * fast_float::powers::power_of_five_128[index];
  const unsigned __int128 lower =
      static_cast<unsigned __int128>(digits) * fast_float::powers::power_of_five_128[index + 1];
  unsigned __int128 product = upper + (lower >> 64);
  const int is_high = int(product >> 127);
  if (!is_high) product <<= 1;
  uint64_t significand = uint64_t(product >> 75);
  const uint64_t fraction = uint64_t(product >> 11);
  // The product is wrong by a few units of its last place: near the middle it does not tell which way to round.
  if (fraction - 0x7FFFFFFFFFFFFF00ULL < 0x200) return false;
  const bool is_up = fraction >> 63;
  const uint64_t distance = is_up ? 0 - fraction : fraction;
  if (number.digits >= safe_digits) {
    // The distance in units of the last digit, twice, must be below one.
    const uint64_t error = uint64_t(static_cast<unsigned __int128>(distance) * number.digits >> 64);
    if (error + 1 >= significand >> 1) return false;
  }
  significand += is_up;
  // The exponent of two of 5^q × 10^q's leading bit, as in fast_float's `detail::power`.
  int exponent = (((152170 + 65536) * number.power) >> 16) + 63 + is_high - shift + 1023;
  if (significand >> 53) {
    significand >>= 1;
    exponent++;
  }
  if (exponent < 1 || exponent > 2046) return false;
  const uint64_t bits = uint64_t(exponent) << 52 | (significand & 0xFFFFFFFFFFFFFULL);
  memcpy(value, &bits, 8);
  return true;
}

/// The bytes of `word` before the first that is a point; 8 where none is.
inline uint32_t before_point(uint64_t word, uint8_t point) {
  const uint64_t points = word ^ (0x0101010101010101ULL * point);
  const uint64_t zeros = (points - 0x0101010101010101ULL) & ~points & 0x8080808080808080ULL;
  return zeros ? uint32_t(__builtin_ctzll(zeros)) / 8 : 8;
}

/// The last `count` bytes of a word, 0 to 8, behind zeros as digits.
inline uint64_t last_digits(uint64_t word, uint32_t count) {
  if (count == 8) return word;
  const uint64_t mask = (~0ULL << 1) << (63 - 8 * count);
  return (word & mask) | (0x3030303030303030ULL & ~mask);
}

/// Reads `digits.digits` whose point is among the first eight bytes, without a loop: how many digits there are varies
/// from cell to cell, so that branches on it are guessed wrong.
inline bool read_plain(const ingest_column &c, uint32_t start, uint32_t end, uint8_t point, decimal *number) {
  if (size_t(start) + 8 > c.readable || end < 16) return false;
  const uint64_t first = load8(c.text + start);
  const uint32_t whole = before_point(first, point);
  const uint32_t places = end - start - whole - 1;
  // Unsigned, so that a point beyond the cell's end is too far as well.
  if (whole - 1 > 6 || places - 1 > 15 || whole + places > 18 || (whole > 1 && uint8_t(first) == '0')) return false;
  if (whole + places <= 8) {
    // The same bytes twice, one byte apart: the digits before the point move up to those behind it.
    const uint64_t behind = (~0ULL << 1) << (63 - 8 * places);
    const uint64_t joined = (load8(c.text + end - 8) & behind) | (load8(c.text + end - 9) & ~behind);
    const uint64_t digits = last_digits(joined, whole + places);
    *number = {number_of(digits), -int32_t(places)};
    return are_digits(digits);
  }
  const uint64_t integer = last_digits(first << (64 - 8 * whole), whole);
  // What stands before the fraction in these sixteen bytes is masked.
  const uint64_t high = last_digits(load8(c.text + end - 16), places > 8 ? places - 8 : 0);
  const uint64_t low = last_digits(load8(c.text + end - 8), places > 8 ? 8 : places);
  if (!are_digits(integer) | !are_digits(high) | !are_digits(low)) return false;
  const uint64_t fraction = number_of(high) * 100000000ULL + number_of(low);
  *number = {number_of(integer) * whole_powers[places] + fraction, -int32_t(places)};
  return true;
}

/// Reads `digits[.digits][(e|E)[±]digits]` a byte at a time; false for anything else, and past 18 digits.
bool read_any(const uint8_t *text, uint32_t length, uint8_t point, decimal *number) {
  uint32_t at = 0, count = 0, whole = 0;
  uint64_t digits = 0;
  int32_t power = 0;
  for (; at < length && uint8_t(text[at] - '0') <= 9; at++, whole++) {
    if (++count > 18) return false;
    digits = digits * 10 + (text[at] - '0');
  }
  if (whole > 1 && text[0] == '0') return false;
  if (at < length && text[at] == point) {
    for (at++; at < length && uint8_t(text[at] - '0') <= 9; at++, power--) {
      if (++count > 18) return false;
      digits = digits * 10 + (text[at] - '0');
    }
    // A decimal comma stands between digits, or the cell is text to whoever classifies it.
    if (point != '.' && (whole == 0 || power == 0)) return false;
  }
  if (count == 0) return false;
  // Not every whole number beyond 2^53 is a binary64, so a column of them is no column of floats.
  if (at == length && whole == count && digits > 1ULL << 53) return false;
  if (at < length) {
    if ((text[at] | 0x20) != 'e' || point != '.') return false;
    at++;
    const bool is_negative = at < length && text[at] == '-';
    if (at < length && (text[at] == '-' || text[at] == '+')) at++;
    const uint32_t first = at;
    int32_t exponent = 0;
    for (; at < length && uint8_t(text[at] - '0') <= 9; at++) {
      if (at - first > 3) return false;
      exponent = exponent * 10 + (text[at] - '0');
    }
    if (at == first || at != length) return false;
    power += is_negative ? -exponent : exponent;
  }
  *number = {digits, power};
  return true;
}

} // namespace

size_t ingest_convert_doubles(
    const ingest_column *column, size_t from, uint8_t point, double *values, uint8_t *valid, size_t *nulls) {
  const ingest_column c = *column;
  for (size_t row = from; row < c.rows; row++) {
#if defined(__x86_64__)
    if (c.set == INGEST_SCAN_AVX2) row += ingest_doubles_avx2(&c, row, point, values, valid, nulls);
    if (row == c.rows) break;
#endif
    cell found = cell_at(&c, row);
    if (is_null(&found, &valid[row], nulls)) {
      values[row] = 0;
      continue;
    }
    trim(c.text, &found);
    if (found.start == found.end) return row;
    const bool is_negative = c.text[found.start] == '-';
    const uint32_t start = found.start + is_negative;
    decimal number;
    if (!read_plain(c, start, found.end, point, &number) &&
        !read_any(c.text + start, found.end - start, point, &number))
      return row;
    double value;
    if (!to_double(number, &value)) return row;
    values[row] = is_negative ? -value : value;
    valid[row] = 1;
  }
  return c.rows;
}

int32_t ingest_parse_double(const uint8_t *text, size_t length, double *value) {
  const char *first = reinterpret_cast<const char *>(text);
  const auto answer = fast_float::from_chars(first, first + length, *value);
  return answer.ec == std::errc() && answer.ptr == first + length;
}
