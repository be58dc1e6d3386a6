// SPDX-License-Identifier: Apache-2.0

import IngestTables

/// A numeric date with a four-digit year, day and month with one digit or two, and maybe a time behind a blank:
/// `1/2/2024`, `2024-1-5`, `31.12.2024 23:59`.
struct NumericDate {
  private let separator: UInt8
  private let numbers: (Int, Int, Int)
  private let startsWithYear: Bool
  /// The microseconds since midnight; nil where there is no time.
  private let time: Int64?

  init?(_ cell: Span<UInt8>, _ range: Range<Int>) {
    var index = range.lowerBound
    let end = range.upperBound
    guard let first = Self.run(cell, &index, end), let separator = Self.mark(cell, &index, end),
      let second = Self.run(cell, &index, end), Self.mark(cell, &index, end) == separator,
      let third = Self.run(cell, &index, end), second.length <= 2
    else { return nil }
    startsWithYear = first.length == 4
    guard startsWithYear ? third.length <= 2 : first.length <= 2 && third.length == 4 else { return nil }
    // 2024.1.5 is as likely a version.
    let isPadded = second.length == 2 && third.length == 2
    if startsWithYear, separator == UInt8(ascii: "."), !isPadded { return nil }
    self.separator = separator
    numbers = (first.value, second.value, third.value)
    if index == end {
      time = nil
    } else {
      guard cell[index] == 0x20, let time = Self.time(cell, index + 1..<end) else { return nil }
      self.time = time
    }
  }

  /// One to four digits.
  private static func run(_ cell: Span<UInt8>, _ index: inout Int, _ end: Int) -> (value: Int, length: Int)? {
    let start = index
    var value = 0
    while index < end, index - start < 4, cell[index].isDigit {
      value = value * 10 + Int(cell[index] - 0x30)
      index += 1
    }
    return index > start ? (value, index - start) : nil
  }

  private static func mark(_ cell: Span<UInt8>, _ index: inout Int, _ end: Int) -> UInt8? {
    guard index < end else { return nil }
    index += 1
    return cell[index - 1]
  }

  /// A time whose hour may have one digit, as it is written beside such dates.
  private static func time(_ cell: Span<UInt8>, _ range: Range<Int>) -> Int64? {
    guard range.count >= 4, cell[range.lowerBound + 1] == UInt8(ascii: ":") else { return TimeShape.time(cell, range) }
    guard let hour = TimeShape.number(cell, range.lowerBound, 1),
      let minute = TimeShape.number(cell, range.lowerBound + 2, 2), minute < 60
    else { return nil }
    var index = range.lowerBound + 4
    guard let (second, nanoseconds) = TimeShape.seconds(cell, &index, range.upperBound), index == range.upperBound,
      nanoseconds % 1000 == 0
    else { return nil }
    return Int64(hour * 3600 + minute * 60 + second) * 1_000_000 + Int64(nanoseconds / 1000)
  }

  /// All orders in which this is a day, and whether a time follows.
  var kind: CellClass {
    var kinds: CellClass = []
    if startsWithYear {
      if day(.yearMonthDayDash) != nil {
        kinds = TimeShape.kind(separator, .yearMonthDayDash, .yearMonthDaySlash, .yearMonthDayDot)
      }
    } else {
      if day(.dayMonthYearDash) != nil {
        kinds.formUnion(TimeShape.kind(separator, .dayMonthYearDash, .dayMonthYearSlash, .dayMonthYearDot))
      }
      if day(.monthDayYearDash) != nil {
        kinds.formUnion(TimeShape.kind(separator, .monthDayYearDash, .monthDayYearSlash, .monthDayYearDot))
      }
    }
    guard !kinds.isEmpty, time != nil else { return kinds }
    return kinds.union(.hasTime)
  }

  /// The day in the order of this format, whatever its separator.
  private func day(_ format: CellClass) -> CivilDate? {
    if startsWithYear { return CivilDate(year: numbers.0, month: numbers.1, day: numbers.2) }
    return format.isDisjoint(with: .monthsFirst)
      ? CivilDate(year: numbers.2, month: numbers.1, day: numbers.0)
      : CivilDate(year: numbers.2, month: numbers.0, day: numbers.1)
  }

  /// The days since 1970 of a date without a time in this format.
  func days(_ format: CellClass) -> Int32? {
    guard time == nil, kind.contains(format) else { return nil }
    return day(format).map { Int32(truncatingIfNeeded: $0.daysSinceEpoch) }
  }

  /// The microseconds since 1970 of a date with a time in this format.
  func microseconds(_ format: CellClass) -> Int64? {
    guard let time, let day = day(format) else { return nil }
    return Int64(day.daysSinceEpoch) * 86_400_000_000 + time
  }
}
