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
  /// Nanoseconds since 1970-01-01T00:00:00, in UTC or without a zone.
  case timestampNanoseconds(Int64, isUTC: Bool)
  /// Microseconds since midnight.
  case time(microseconds: Int64)
  /// `unscaled` × 10^-`scale`.
  case decimal(unscaled: Int128, scale: Int)
  case text(String)
  case list([String?])
}

extension Value {
  /// The value as text, as CSV export and the grid show it: shortest round trip for floats, all places of the
  /// scale for decimals, ISO 8601 for times.
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
    case .timestamp(let microseconds, let isUTC):
      Self.text(of: microseconds, unitsPerSecond: 1_000_000, places: 6) + (isUTC ? "Z" : "")
    case .timestampNanoseconds(let nanoseconds, let isUTC):
      Self.text(of: nanoseconds, unitsPerSecond: 1_000_000_000, places: 9) + (isUTC ? "Z" : "")
    case .time(let microseconds): Self.clock(microseconds, unitsPerSecond: 1_000_000, places: 6)
    case .decimal(let unscaled, let scale): DecimalText.text(of: unscaled, scale: scale)
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

  private static func text(of units: Int64, unitsPerSecond: Int64, places: Int) -> String {
    let (day, time) = units.floorDivided(by: 86_400 * unitsPerSecond)
    return "\(text(ofDays: Int(day)))T\(clock(time, unitsPerSecond: unitsPerSecond, places: places))"
  }

  /// The time of a day, with as many places as are not zero.
  private static func clock(_ time: Int64, unitsPerSecond: Int64, places: Int) -> String {
    let (seconds, fraction) = time.floorDivided(by: unitsPerSecond)
    let clock = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { padded(Int($0), 2) }.joined(separator: ":")
    guard fraction > 0 else { return clock }
    var digits = padded(Int(fraction), places)
    while digits.hasSuffix("0") { digits.removeLast() }
    return "\(clock).\(digits)"
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
