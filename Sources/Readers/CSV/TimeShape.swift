// SPDX-License-Identifier: Apache-2.0

import IngestTables

/// Dates and timestamps in fixed places: ISO 8601, and numeric dates with a four-digit year.
enum TimeShape {
  /// Classifies a text that starts with a digit.
  static func classify(_ cell: Span<UInt8>, _ range: Range<Int>) -> CellClass {
    switch range.count {
    case 10: return dates(cell, range.lowerBound)
    case 16...35: return timestamp(cell, range)?.kind ?? .text
    default: return .text
    }
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

  private static func kind(
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
    guard range.count == 10 else { return nil }
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
    var kind: CellClass
  }

  /// Reads `YYYY-MM-DD(T| )HH:MM[:SS[.f{1,6}]][Z|±HH[:]MM]`; nil for anything else, also for a leap second or for
  /// digits finer than microseconds.
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
    guard let (second, micros) = seconds(cell, &index, end), let zone = zone(cell, index, end) else { return nil }
    let minutes = Int64(date.daysSinceEpoch) * 1_440 + Int64(hour * 60 + minute - (zone.offset ?? 0))
    let value = (minutes * 60 + Int64(second)) * 1_000_000 + Int64(micros)
    guard CivilDate.microseconds.contains(value) else { return nil }
    let isT = cell[start + 10] == UInt8(ascii: "T")
    guard let offset = zone.offset else {
      return Timestamp(microseconds: value, kind: isT ? .timestampT : .timestampBlank)
    }
    let kind: CellClass = isT ? .zonedTimestampT : .zonedTimestampBlank
    return Timestamp(microseconds: value, kind: offset == 0 ? kind : kind.union(.hasOffset))
  }

  /// `[:SS[.f…]]` at `index`; nil where what is there is neither that nor absent.
  private static func seconds(_ cell: Span<UInt8>, _ index: inout Int, _ end: Int) -> (Int, Int)? {
    guard index < end, cell[index] == UInt8(ascii: ":") else { return (0, 0) }
    guard index + 3 <= end, let second = number(cell, index + 1, 2), second < 60 else { return nil }
    index += 3
    guard index < end, cell[index] == UInt8(ascii: ".") else { return (second, 0) }
    index += 1
    var micros = 0
    var digits = 0
    while index < end, cell[index].isDigit {
      micros = micros * 10 + Int(cell[index] - 0x30)
      digits += 1
      index += 1
      guard digits <= 6 else { return nil }
    }
    guard digits > 0 else { return nil }
    for _ in digits..<6 { micros *= 10 }
    return (second, micros)
  }

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
  private static func number(_ cell: Span<UInt8>, _ start: Int, _ count: Int) -> Int? {
    guard start + count <= cell.count else { return nil }
    var value = 0
    for index in start..<start + count {
      guard cell[index].isDigit else { return nil }
      value = value * 10 + Int(cell[index] &- 0x30)
    }
    return value
  }
}
