// SPDX-License-Identifier: Apache-2.0

import IngestTables

/// Reads plain decimal numbers exactly.
enum DecimalParser {
  /// The number `[-]digits[.digits]` times 10^`scale`; nil where it has more places, more than 38 digits, or is none.
  static func unscaled(_ cell: Span<UInt8>, _ range: Range<Int>, scale: Int) -> Int128? {
    var index = range.lowerBound
    let isNegative = index < range.upperBound && cell[index] == UInt8(ascii: "-")
    if isNegative { index += 1 }
    var value: Int128 = 0
    var digits = 0
    var places: Int?
    while index < range.upperBound {
      let byte = cell[index]
      if byte == UInt8(ascii: "."), places == nil {
        places = 0
      } else {
        guard byte.isDigit else { return nil }
        if value > 0 || byte != 0x30 { digits += 1 }
        guard digits <= DecimalText.mostDigits else { return nil }
        value = value * 10 + Int128(byte &- 0x30)
        places = places.map { $0 + 1 }
      }
      index += 1
    }
    let missing = scale - (places ?? 0)
    guard missing >= 0, digits + missing <= DecimalText.mostDigits || value == 0 else { return nil }
    let scaled = value * DecimalText.powers[min(missing, DecimalText.mostDigits)]
    return isNegative ? -scaled : scaled
  }
}
