// SPDX-License-Identifier: Apache-2.0

/// One cell.
public enum Value: Sendable, Hashable {
  /// No value.
  case null
  case bool(Bool)
  case int64(Int64)
  case uint64(UInt64)
  case float64(Double)
  /// Days since 1970-01-01.
  case date(days: Int32)
  /// Microseconds since 1970-01-01T00:00:00, in UTC or without a zone.
  case timestamp(microseconds: Int64, isUTC: Bool)
  case text(String)
  case list([String?])
}

extension Value {
  /// The value as text, as CSV export and the grid show it: shortest round trip for floats, ISO 8601 for times.
  ///
  /// Null is empty.
  public var text: String {
    switch self {
    case .null: ""
    case .bool(let value): value ? "true" : "false"
    case .int64(let value): String(value)
    case .uint64(let value): String(value)
    case .float64(let value): Self.text(of: value)
    case .date(let days): Self.text(ofDays: Int(days))
    case .timestamp(let microseconds, let isUTC): Self.text(of: microseconds) + (isUTC ? "Z" : "")
    case .text(let text): text
    case .list(let cells): JSONText.array(of: cells)
    }
  }

  private static func text(of value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    return value.description
  }

  private static func text(ofDays days: Int) -> String {
    let date = CivilDate(daysSinceEpoch: days)
    return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
  }

  private static func text(of microseconds: Int64) -> String {
    let (day, time) = microseconds.floorDivided(by: 86_400_000_000)
    let (seconds, fraction) = time.floorDivided(by: 1_000_000)
    let clock = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { padded(Int($0), 2) }.joined(separator: ":")
    guard fraction > 0 else { return "\(text(ofDays: Int(day)))T\(clock)" }
    var digits = padded(Int(fraction), 6)
    while digits.hasSuffix("0") { digits.removeLast() }
    return "\(text(ofDays: Int(day)))T\(clock).\(digits)"
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

extension Int64 {
  /// Quotient and remainder, the remainder never negative.
  fileprivate func floorDivided(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
