// SPDX-License-Identifier: Apache-2.0

import IngestTables

/// The form of a time in the field `Date` (RFC 9110 section 5.6.7): `Sat, 28 Nov 2026 09:05:03 GMT`.
enum HTTPDate {
  /// The length of every such text, in bytes.
  static let length = 29

  private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
  private static let secondsOfDay = 86_400

  /// The text of a time in seconds since 1970; of the nearest one that has such a text, where it lies before or behind.
  static func text(_ seconds: Int) -> String {
    let latest = (Int(CivilDate.days.upperBound) + 1) * secondsOfDay - 1
    let (day, second) = min(max(seconds, 0), latest).quotientAndRemainder(dividingBy: secondsOfDay)
    let date = CivilDate(daysSinceEpoch: day)
    let time = [second / 3_600, second / 60 % 60, second % 60].map { padded($0, 2) }.joined(separator: ":")
    return "\(days[day % 7]), \(padded(date.day, 2)) \(months[date.month - 1]) \(padded(date.year, 4)) \(time) GMT"
  }

  private static func padded(_ number: Int, _ digits: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}
