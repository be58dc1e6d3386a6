// SPDX-License-Identifier: Apache-2.0

import IngestTables

/// Dates, times and timestamps in fixed places: ISO 8601, and numeric dates with a four-digit year.
///
/// Forms without fixed places are `NumericDate`'s.
enum TimeShape {
  /// Classifies a text that starts with a digit.
  static func classify(_ cell: Span<UInt8>, _ range: Range<Int>) -> CellClass {
    switch range.count {
    case 10:
      let kind = dates(cell, range.lowerBound)
      return kind.isEmpty ? clock(cell, range) : kind
    case 16...35:
      if let timestamp = timestamp(cell, range) { return timestamp.kind }
      return NumericDate(cell, range)?.kind ?? (range.count <= 18 ? clock(cell, range) : .text)
    case 5, 8, 9, 11...15:
      let kind = clock(cell, range)
      return kind.isEmpty ? NumericDate(cell, range)?.kind ?? .text : kind
    default: return .text
    }
  }

  private static func clock(_ cell: Span<UInt8>, _ range: Range<Int>) -> CellClass {
    time(cell, range) == nil ? .text : .time
  }

  /// The microseconds since midnight of `HH:MM[:SS[.f…]]`, whose digits after the sixth are zeros; nil for anything
  /// else, also for 24:00 and a leap second.
  static func time(_ cell: Span<UInt8>, _ range: Range<Int>) -> Int64? {
    let start = range.lowerBound
    guard range.count >= 5, cell[start + 2] == UInt8(ascii: ":"), let hour = number(cell, start, 2), hour < 24,
      let minute = number(cell, start + 3, 2), minute < 60
    else { return nil }
    var index = start + 5
    guard let (second, nanoseconds) = seconds(cell, &index, range.upperBound), index == range.upperBound,
      nanoseconds % 1000 == 0
    else { return nil }
    return Int64(hour * 3600 + minute * 60 + second) * 1_000_000 + Int64(nanoseconds / 1000)
  }

  /// All readings of `9999?99?99` and `99?99?9999` that are days.
  private static func dates(_ cell: Span<UInt8>, _ start: Int) -> CellClass {
    if let year = number(cell, start, 4) {
      let separator = cell[start + 4]
      guard cell[start + 7] == separator, let month = number(cell, start + 5, 2), let day = number(cell, start + 8, 2),
        CivilDate(year: year, month: month, day: day) != nil
      else { return .text }
      return kind(separator, .yearMonthDayDash, .yearMonthDaySlash, .yearMonthDayDot)
    }
    let separator = cell[start + 2]
    guard cell[start + 5] == separator, let first = number(cell, start, 2), let second = number(cell, start + 3, 2),
      let year = number(cell, start + 6, 4)
    else { return .text }
    var kinds: CellClass = []
    if CivilDate(year: year, month: second, day: first) != nil {
      kinds.formUnion(kind(separator, .dayMonthYearDash, .dayMonthYearSlash, .dayMonthYearDot))
    }
    if CivilDate(year: year, month: first, day: second) != nil {
      kinds.formUnion(kind(separator, .monthDayYearDash, .monthDayYearSlash, .monthDayYearDot))
    }
    return kinds
  }

  static func kind(
    _ separator: UInt8, _ dash: CellClass, _ slash: CellClass, _ dot: CellClass
  ) -> CellClass {
    switch separator {
    case UInt8(ascii: "-"): dash
    case UInt8(ascii: "/"): slash
    case UInt8(ascii: "."): dot
    default: .text
    }
  }

  /// The days since 1970 of a cell that was classified as a date of this format.
  static func days(_ cell: Span<UInt8>, _ range: Range<Int>, format: CellClass) -> Int32? {
    let start = range.lowerBound
    guard range.count == 10 else { return NumericDate(cell, range)?.days(format) }
    let year: Int?
    let month: Int?
    let day: Int?
    switch format {
    case .yearMonthDayDash, .yearMonthDaySlash, .yearMonthDayDot:
      (year, month, day) = (number(cell, start, 4), number(cell, start + 5, 2), number(cell, start + 8, 2))
    case .dayMonthYearDash, .dayMonthYearSlash, .dayMonthYearDot:
      (year, month, day) = (number(cell, start + 6, 4), number(cell, start + 3, 2), number(cell, start, 2))
    default:
      (year, month, day) = (number(cell, start + 6, 4), number(cell, start, 2), number(cell, start + 3, 2))
    }
    guard let year, let month, let day, let date = CivilDate(year: year, month: month, day: day) else { return nil }
    return Int32(truncatingIfNeeded: date.daysSinceEpoch)
  }

  /// A timestamp and how it is written.
  struct Timestamp {
    var microseconds: Int64
    /// What microseconds do not hold, 0 to 999.
    var nanoseconds: Int64 = 0
    var kind: CellClass

    /// The nanoseconds since 1970; nil beyond 64 bits.
    var inNanoseconds: Int64? {
      let (product, overflow) = microseconds.multipliedReportingOverflow(by: 1000)
      let (sum, overflowAgain) = product.addingReportingOverflow(nanoseconds)
      return overflow || overflowAgain ? nil : sum
    }

    /// The kind with what the value says of it.
    fileprivate func finished() -> Timestamp {
      var copy = self
      if nanoseconds > 0 { copy.kind.insert(.hasNanoseconds) }
      if microseconds.magnitude >= 9_223_372_036_854_775, inNanoseconds == nil {
        copy.kind.insert(.isBeyondNanoseconds)
      }
      return copy
    }
  }

  /// Reads `YYYY-MM-DD(T| )HH:MM[:SS[.f{1,9}]][Z|±HH[:]MM]`; nil for anything else, also for a leap second.
  static func timestamp(_ cell: Span<UInt8>, _ range: Range<Int>) -> Timestamp? {
    let start = range.lowerBound
    let end = range.upperBound
    guard range.count >= 16, cell[start + 4] == UInt8(ascii: "-"), cell[start + 7] == UInt8(ascii: "-"),
      let year = number(cell, start, 4), let month = number(cell, start + 5, 2), let day = number(cell, start + 8, 2),
      let date = CivilDate(year: year, month: month, day: day),
      cell[start + 10] == UInt8(ascii: "T") || cell[start + 10] == 0x20, cell[start + 13] == UInt8(ascii: ":"),
      let hour = number(cell, start + 11, 2), hour < 24, let minute = number(cell, start + 14, 2), minute < 60
    else { return nil }
    var index = start + 16
    guard let (second, fraction) = seconds(cell, &index, end), let zone = zone(cell, index, end) else { return nil }
    let minutes = Int64(date.daysSinceEpoch) * 1_440 + Int64(hour * 60 + minute - (zone.offset ?? 0))
    let value = (minutes * 60 + Int64(second)) * 1_000_000 + Int64(fraction / 1000)
    guard CivilDate.microseconds.contains(value) else { return nil }
    let isT = cell[start + 10] == UInt8(ascii: "T")
    var timestamp = Timestamp(
      microseconds: value, nanoseconds: Int64(fraction % 1000), kind: isT ? .timestampT : .timestampBlank)
    if let offset = zone.offset {
      timestamp.kind = isT ? .zonedTimestampT : .zonedTimestampBlank
      if offset != 0 { timestamp.kind.insert(.hasOffset) }
    }
    return timestamp.finished()
  }

  /// `[:SS[.f…]]` at `index`, as seconds and nanoseconds; nil where what is there is neither that nor absent.
  static func seconds(_ cell: Span<UInt8>, _ index: inout Int, _ end: Int) -> (Int, Int)? {
    guard index < end, cell[index] == UInt8(ascii: ":") else { return (0, 0) }
    guard index + 3 <= end, let second = number(cell, index + 1, 2), second < 60 else { return nil }
    index += 3
    guard index < end, cell[index] == UInt8(ascii: ".") else { return (second, 0) }
    index += 1
    var nanoseconds = 0
    var digits = 0
    while index < end, cell[index].isDigit {
      nanoseconds = nanoseconds * 10 + Int(cell[index] - 0x30)
      digits += 1
      index += 1
      guard digits <= 9 else { return nil }
    }
    guard digits > 0 else { return nil }
    return (second, nanoseconds * powers[digits])
  }

  /// What makes nanoseconds of so many digits.
  private static let powers: InlineArray<10, Int> = [
    1_000_000_000, 100_000_000, 10_000_000, 1_000_000, 100_000, 10_000, 1_000, 100, 10, 1,
  ]

  /// What follows the time: nothing, `Z`, or an offset in minutes; nil for anything else.
  private static func zone(_ cell: Span<UInt8>, _ start: Int, _ end: Int) -> (offset: Int?, Void)? {
    guard start < end else { return (nil, ()) }
    if cell[start] == UInt8(ascii: "Z"), start + 1 == end { return (0, ()) }
    guard cell[start] == UInt8(ascii: "+") || cell[start] == UInt8(ascii: "-"), end - start == 5 || end - start == 6,
      let hours = number(cell, start + 1, 2), hours < 24, end - start == 5 || cell[start + 3] == UInt8(ascii: ":"),
      let minutes = number(cell, end - 2, 2), minutes < 60
    else { return nil }
    let offset = hours * 60 + minutes
    return (cell[start] == UInt8(ascii: "-") ? -offset : offset, ())
  }

  /// The number of `count` digits at `start`; nil where there is anything else.
  @inline(__always)
  static func number(_ cell: Span<UInt8>, _ start: Int, _ count: Int) -> Int? {
    guard start + count <= cell.count else { return nil }
    var value = 0
    for index in start..<start + count {
      guard cell[index].isDigit else { return nil }
      value = value * 10 + Int(cell[index] &- 0x30)
    }
    return value
  }
}
