// SPDX-License-Identifier: Apache-2.0

/// What is not counted by kind but gathered over a column.
///
/// Of numbers the largest counts, of facts whether any cell has them.
extension CellClass {
  static let hasExponent = CellClass(rawValue: 1 << 52)
  static let isNegativeZero = CellClass(rawValue: 1 << 53)
  /// A plain number whose point cannot be one between thousands.
  static let isSurelyPoint = CellClass(rawValue: 1 << 54)
  /// A timestamp beyond what 64 bits of nanoseconds hold.
  static let isBeyondNanoseconds = CellClass(rawValue: 1 << 55)

  private static let gatheredBits: UInt64 = ~0 << 40

  /// The kind that is counted; each word for null is a kind of its own.
  package var kind: CellClass { contains(.nullWord) ? self : CellClass(rawValue: rawValue & ~Self.gatheredBits) }

  /// A word for null, by its number, of which there are fewer than 4096: it stands where a number's digits would.
  static func nullWord(number: Int) -> CellClass {
    CellClass(rawValue: nullWord.rawValue | UInt64(number & 0xFFF) << 40)
  }

  /// The kind without the number of a word.
  var withoutWord: CellClass { contains(.nullWord) ? .nullWord : self }

  /// The digits before the point, without a lone zero; 63 stands for more.
  var integerDigits: UInt64 { rawValue >> 40 & 63 }
  /// The digits behind the point; 63 stands for more.
  var scale: UInt64 { rawValue >> 46 & 63 }

  /// The digits of a number.
  @inline(__always)
  static func digits(integer: Int, scale: Int) -> CellClass {
    CellClass(rawValue: UInt64(min(integer, 63)) << 40 | UInt64(min(scale, 63)) << 46)
  }

  /// A mark for how many digits a number has that is written in groups, so that two lengths show.
  static func length(_ digits: Int) -> CellClass { CellClass(rawValue: 1 << UInt64(56 + digits & 7)) }

  /// Whether cells of more than one length were gathered.
  var hasManyLengths: Bool { (rawValue >> 56).nonzeroBitCount > 1 }
}
