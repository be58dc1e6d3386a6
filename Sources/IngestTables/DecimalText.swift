// SPDX-License-Identifier: Apache-2.0

/// Decimal numbers of up to 38 digits, as Arrow's `decimal128` holds them: an integer and a power of ten.
package enum DecimalText {
  /// The digits that always fit 128 bits with a sign.
  package static let mostDigits = 38

  /// Whether a column can have this precision and scale.
  package static func isValid(precision: Int, scale: Int) -> Bool {
    (1...mostDigits).contains(precision) && (0...precision).contains(scale)
  }

  /// 10^0 to 10^38.
  package static let powers: [Int128] = (0...mostDigits).map { (0..<$0).reduce(1) { power, _ in power * 10 } }

  /// The number `unscaled` × 10^-`scale`, with all `scale` places.
  static func text(of unscaled: Int128, scale: Int) -> String {
    var digits = Array(String(unscaled.magnitude).utf8)
    if digits.count <= scale { digits = [UInt8](repeating: 0x30, count: scale + 1 - digits.count) + digits }
    if scale > 0 { digits.insert(UInt8(ascii: "."), at: digits.count - scale) }
    return (unscaled < 0 ? "-" : "") + String(decoding: digits, as: UTF8.self)
  }
}
