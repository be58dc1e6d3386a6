// SPDX-License-Identifier: Apache-2.0

import IngestTables

/// A value that a schema states for a column: a bound, or one of those that are allowed.
package enum ConstraintValue: Sendable, Hashable {
  /// `unscaled` × 10^-`scale`, without zeros at its end.
  case number(unscaled: Int128, scale: Int)
  case flag(Bool)
  /// Days since 1970-01-01.
  case day(Int)
  /// Microseconds since 1970-01-01T00:00:00.
  case instant(Int64)
  /// Microseconds since midnight.
  case time(Int64)
  case text(String)

  /// Reads a number, `true` or `false`, ISO 8601 to the second, or any text, as the type wants it.
  package init?(_ text: String, of type: RequestedType) {
    var scan = DigitScan(text)
    switch type {
    case .text: self = .text(text)
    case .bool:
      guard text == "true" || text == "false" else { return nil }
      self = .flag(text == "true")
    case .date:
      guard let day = scan.day(), scan.isAtEnd else { return nil }
      self = .day(day)
    case .time:
      guard let seconds = scan.seconds(), scan.isAtEnd else { return nil }
      self = .time(Int64(seconds) * 1_000_000)
    case .timestamp, .timestampNanoseconds:
      guard let day = scan.day(), scan.skip("T") || scan.skip(" "), let seconds = scan.seconds(),
        scan.isAtEnd || scan.skip("Z") && scan.isAtEnd
      else { return nil }
      self = .instant((Int64(day) * 86_400 + Int64(seconds)) * 1_000_000)
    default:
      guard let number = scan.number(), scan.isAtEnd else { return nil }
      self = .number(unscaled: number.unscaled, scale: number.scale)
    }
  }
}

/// Reads fixed forms from the start of a text.
private struct DigitScan {
  private var rest: ArraySlice<UInt8>

  init(_ text: String) { rest = Array(text.utf8)[...] }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func skip(_ mark: Unicode.Scalar) -> Bool {
    guard let first = rest.first, UInt32(first) == mark.value else { return false }
    rest.removeFirst()
    return true
  }

  /// Exactly `count` digits.
  private mutating func digits(_ count: Int) -> Int? {
    let digits = rest.prefix(count)
    guard digits.count == count, digits.allSatisfy(\.isASCIIDigit) else { return nil }
    rest = rest.dropFirst(count)
    return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }

  /// `YYYY-MM-DD`.
  mutating func day() -> Int? {
    guard let year = digits(4), skip("-"), let month = digits(2), skip("-"), let day = digits(2) else { return nil }
    return CivilDate(year: year, month: month, day: day)?.daysSinceEpoch
  }

  /// `HH:MM[:SS]`, as seconds since midnight.
  mutating func seconds() -> Int? {
    guard let hour = digits(2), hour < 24, skip(":"), let minute = digits(2), minute < 60 else { return nil }
    guard skip(":") else { return hour * 3600 + minute * 60 }
    guard let second = digits(2), second < 60 else { return nil }
    return hour * 3600 + minute * 60 + second
  }

  /// `[-]digits[.digits]` of at most 38 digits.
  mutating func number() -> (unscaled: Int128, scale: Int)? {
    let isNegative = skip("-")
    let whole = run()
    let hasPoint = skip(".")
    let fraction = hasPoint ? run().trimmedOfZeros : []
    guard !whole.isEmpty, whole.count + fraction.count <= DecimalText.mostDigits else { return nil }
    let value = (whole + fraction).reduce(Int128(0)) { $0 * 10 + Int128($1 - 0x30) }
    return (isNegative ? -value : value, fraction.count)
  }

  private mutating func run() -> ArraySlice<UInt8> {
    let digits = rest.prefix { $0.isASCIIDigit }
    rest = rest.dropFirst(digits.count)
    return digits
  }
}

extension UInt8 {
  fileprivate var isASCIIDigit: Bool { (0x30...0x39).contains(self) }
}

extension ArraySlice<UInt8> {
  /// Without the zeros at its end.
  fileprivate var trimmedOfZeros: ArraySlice<UInt8> {
    prefix((lastIndex { $0 != 0x30 } ?? startIndex - 1) + 1 - startIndex)
  }
}
