// SPDX-License-Identifier: Apache-2.0

import IngestTables
import Validation
import WorkerProtocol

/// A column's constraints, in the form in which the column keeps its values.
struct BoundConstraints: Sendable {
  let isRequired: Bool
  private let lengths: ClosedRange<Int>?
  private let texts: Set<[UInt8]>?
  private let minimum: Quantity?
  private let maximum: Quantity?
  private let values: Set<Quantity>?
  private let type: ColumnType

  init(_ constraints: CellConstraints, _ requested: RequestedType, _ type: ColumnType) {
    self.type = type
    isRequired = constraints.isRequired
    let (least, most) = (Int(constraints.minLength ?? 0), constraints.maxLength.map { Int($0) } ?? .max)
    let hasLengths = constraints.minLength != nil || constraints.maxLength != nil
    lengths = hasLengths && least <= most ? least...most : nil
    let isText = type == .utf8
    let allowed = constraints.enumeration
    texts = isText && !allowed.isEmpty ? Set(allowed.map { Array($0.utf8) }) : nil
    func quantity(_ text: String, _ rounding: Quantity.Rounding) -> Quantity? {
      ConstraintValue(text, of: requested).flatMap { Quantity($0, type, rounding) }
    }
    minimum = constraints.minimum.flatMap { quantity($0, .up) }
    maximum = constraints.maximum.flatMap { quantity($0, .down) }
    values = isText || allowed.isEmpty ? nil : Set(allowed.compactMap { quantity($0, .exact) })
  }

  /// Whether more is asked of a value than its type.
  var areOfValues: Bool { lengths != nil || texts != nil || minimum != nil || maximum != nil || values != nil }

  /// What a text breaks.
  func fault(ofText text: [UInt8]) -> RejectCode? {
    if let lengths {
      // Every byte that continues no character starts one.
      let count = text.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
      if count < lengths.lowerBound { return .tooShort }
      if count > lengths.upperBound { return .tooLong }
    }
    if let texts, !texts.contains(text) { return .notInEnumeration }
    return nil
  }

  /// What a value of the column's type breaks.
  func fault(of value: CellConverter.Converted) -> RejectCode? {
    guard let quantity = Quantity(value, type) else { return nil }
    if let minimum, !(quantity >= minimum) { return .outOfRange }
    if let maximum, !(maximum >= quantity) { return .outOfRange }
    if let values, !values.contains(quantity) { return .notInEnumeration }
    return nil
  }
}

/// A value that can be compared with others of its column.
private enum Quantity: Hashable, Sendable {
  /// In units of the column's scale.
  case whole(Int128)
  case real(Double)

  /// What becomes of a stated value that lies between two of the column.
  enum Rounding { case up, down, exact }

  /// Not a number is neither above nor below anything.
  static func >= (value: Quantity, bound: Quantity) -> Bool {
    switch (value, bound) {
    case (.whole(let value), .whole(let bound)): value >= bound
    case (.real(let value), .real(let bound)): value >= bound
    default: false
    }
  }

  init?(_ value: CellConverter.Converted, _ type: ColumnType) {
    switch value {
    case .bit(let flag): self = .whole(flag ? 1 : 0)
    case .half(let days): self = .whole(Int128(days))
    case .wide(let unscaled): self = .whole(unscaled)
    // One zero: the other one is another pattern, but the same number.
    case .word(let word) where type == .float64: self = .real(Double(bitPattern: word) + 0)
    case .word(let word): self = .whole(type == .uint64 ? Int128(word) : Int128(Int64(bitPattern: word)))
    case .absent, .wrong: return nil
    }
  }

  /// A stated value; nil where the column holds none that is exactly this, and it is to be exact.
  init?(_ stated: ConstraintValue, _ type: ColumnType, _ rounding: Rounding) {
    switch stated {
    case .flag(let flag): self = .whole(flag ? 1 : 0)
    case .day(let day): self = .whole(Int128(day))
    case .time(let microseconds): self = .whole(Int128(microseconds))
    case .instant(let microseconds):
      if case .timestampNanoseconds = type {
        self = .whole(Int128(microseconds) * 1000)
      } else {
        self = .whole(Int128(microseconds))
      }
    case .number(let unscaled, let scale):
      if type == .float64 {
        guard let value = Double("\(unscaled)e-\(scale)") else { return nil }
        self = .real(value)
      } else {
        guard let whole = Self.rescaled(unscaled, from: scale, to: type.scale, rounding) else { return nil }
        self = .whole(whole)
      }
    case .text: return nil
    }
  }

  private static func rescaled(_ value: Int128, from: Int, to: Int, _ rounding: Rounding) -> Int128? {
    let powers = DecimalText.powers
    guard from > to else {
      // Beyond 128 bits it is beyond every value of the column, of at most 38 digits.
      let (product, overflowed) = value.multipliedReportingOverflow(by: powers[min(to - from, powers.count - 1)])
      return overflowed ? value < 0 ? .min : .max : product
    }
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: powers[min(from - to, powers.count - 1)])
    if remainder == 0 { return quotient }
    switch rounding {
    case .exact: return nil
    case .up: return remainder > 0 ? quotient + 1 : quotient
    case .down: return remainder < 0 ? quotient - 1 : quotient
    }
  }
}

extension ColumnType {
  fileprivate var scale: Int {
    if case .decimal(_, let scale) = self { scale } else { 0 }
  }
}
