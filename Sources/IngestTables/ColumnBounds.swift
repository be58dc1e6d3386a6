// SPDX-License-Identifier: Apache-2.0

/// The least and the greatest value of a column's rows, nulls and NaN left out.
package enum ColumnBounds: Sendable, Hashable {
  /// There is no value, or the type has no order.
  case none
  case bool(least: Bool, greatest: Bool)
  /// Whole numbers, dates and times as they lie in the column; unsigned ones with the sign bit changed.
  case words(least: Int64, greatest: Int64)
  case floats(least: Double, greatest: Double)
  case decimals(least: Int128, greatest: Int128)
  /// Texts in the order of their bytes; of a longer one the first `longestText` bytes.
  case texts(least: [UInt8], greatest: [UInt8])

  /// How much of a text is kept.
  package static let longestText = 256

  /// Takes in the bounds of further rows of the same column.
  package mutating func add(_ other: ColumnBounds) {
    switch (self, other) {
    case (_, .none): break
    case (.none, _): self = other
    case (.bool(let least, let greatest), .bool(let low, let high)):
      self = .bool(least: least && low, greatest: greatest || high)
    case (.words(let least, let greatest), .words(let low, let high)):
      self = .words(least: min(least, low), greatest: max(greatest, high))
    case (.floats(let least, let greatest), .floats(let low, let high)):
      self = .floats(least: min(least, low), greatest: max(greatest, high))
    case (.decimals(let least, let greatest), .decimals(let low, let high)):
      self = .decimals(least: min(least, low), greatest: max(greatest, high))
    case (.texts(let least, let greatest), .texts(let low, let high)):
      self = .texts(
        least: low.lexicographicallyPrecedes(least) ? low : least,
        greatest: greatest.lexicographicallyPrecedes(high) ? high : greatest)
    default: preconditionFailure("bounds of two types")
    }
  }

  /// The bounds with at most so many bytes of a text.
  func cut(to length: Int) -> ColumnBounds {
    guard case .texts(let least, let greatest) = self else { return self }
    return .texts(least: Array(least.prefix(length)), greatest: Array(greatest.prefix(length)))
  }

  /// The bounds as values of a column of this type; nil where there are none.
  ///
  /// A text that was cut loses the character that the cut went through.
  package func values(as type: ColumnType) -> (least: Value, greatest: Value)? {
    switch self {
    case .none: nil
    case .bool(let least, let greatest): (.bool(least), .bool(greatest))
    case .words(let least, let greatest): (Self.value(least, type), Self.value(greatest, type))
    case .floats(let least, let greatest): (.float64(least), .float64(greatest))
    case .decimals(let least, let greatest):
      if case .decimal(_, let scale) = type {
        (.decimal(unscaled: least, scale: scale), .decimal(unscaled: greatest, scale: scale))
      } else {
        nil
      }
    case .texts(let least, let greatest): (.text(Self.text(least)), .text(Self.text(greatest)))
    }
  }

  private static func value(_ word: Int64, _ type: ColumnType) -> Value {
    switch type {
    case .uint64: .uint64(UInt64(bitPattern: word) ^ signBit)
    case .date: .date(days: Int32(clamping: word))
    case .timestamp(let isUTC): .timestamp(microseconds: word, isUTC: isUTC)
    case .timestampNanoseconds(let isUTC): .timestampNanoseconds(word, isUTC: isUTC)
    case .time: .time(microseconds: word)
    default: .int64(word)
    }
  }

  static let signBit: UInt64 = 1 << 63

  private static func text(_ bytes: [UInt8]) -> String {
    for cut in 0...min(3, bytes.count) {
      if let text = String(validating: bytes.dropLast(cut), as: UTF8.self) { return text }
    }
    return ""
  }
}

/// What was counted of a column while its table was verified: exact.
package struct ColumnSummary: Sendable, Hashable {
  /// Rows without a value.
  package let nulls: UInt64
  package let bounds: ColumnBounds

  package init(nulls: UInt64, bounds: ColumnBounds) {
    self.nulls = nulls
    self.bounds = bounds
  }
}
