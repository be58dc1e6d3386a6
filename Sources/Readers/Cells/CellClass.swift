// SPDX-License-Identifier: Apache-2.0

/// What a cell could be: one bit for each type and format, and some facts that decide between them.
///
/// A column's type follows from the histogram of its cells' kinds alone, so that every near miss is known. The upper
/// 24 bits hold what is only gathered over a column: see `CellClass+Gathered.swift`.
package struct CellClass: OptionSet, Hashable, Sendable {
  package let rawValue: UInt64
  package init(rawValue: UInt64) { self.rawValue = rawValue }

  package static let text: CellClass = []
  package static let bool = CellClass(rawValue: 1 << 0)
  package static let int64 = CellClass(rawValue: 1 << 1)
  package static let uint64 = CellClass(rawValue: 1 << 2)
  package static let float64 = CellClass(rawValue: 1 << 3)
  // Facts about a float
  static let hasPoint = CellClass(rawValue: 1 << 4)
  static let hasBareExponent = CellClass(rawValue: 1 << 5)
  static let isNonFinite = CellClass(rawValue: 1 << 6)
  /// One of the words that stand for null beside typed cells.
  static let nullWord = CellClass(rawValue: 1 << 7)
  // Dates
  static let yearMonthDayDash = CellClass(rawValue: 1 << 8)
  static let yearMonthDaySlash = CellClass(rawValue: 1 << 9)
  static let yearMonthDayDot = CellClass(rawValue: 1 << 10)
  static let dayMonthYearDash = CellClass(rawValue: 1 << 11)
  static let dayMonthYearSlash = CellClass(rawValue: 1 << 12)
  static let dayMonthYearDot = CellClass(rawValue: 1 << 13)
  static let monthDayYearDash = CellClass(rawValue: 1 << 14)
  static let monthDayYearSlash = CellClass(rawValue: 1 << 15)
  static let monthDayYearDot = CellClass(rawValue: 1 << 16)
  static let dates = CellClass(rawValue: 0x1FF << 8)
  static let daysFirst: CellClass = [.dayMonthYearDash, .dayMonthYearSlash, .dayMonthYearDot]
  static let monthsFirst: CellClass = [.monthDayYearDash, .monthDayYearSlash, .monthDayYearDot]
  // Timestamps: `T` or a blank between date and time, with a zone or without
  static let timestampT = CellClass(rawValue: 1 << 17)
  static let timestampBlank = CellClass(rawValue: 1 << 18)
  static let zonedTimestampT = CellClass(rawValue: 1 << 19)
  static let zonedTimestampBlank = CellClass(rawValue: 1 << 20)
  static let timestamps = CellClass(rawValue: 0xF << 17)
  /// A zone other than UTC.
  static let hasOffset = CellClass(rawValue: 1 << 21)
  /// A number of at most 38 digits that neither a 64-bit integer nor a binary64 holds.
  static let decimal = CellClass(rawValue: 1 << 22)
  /// A time of day.
  static let time = CellClass(rawValue: 1 << 23)
  /// A timestamp with digits that microseconds do not hold.
  static let hasNanoseconds = CellClass(rawValue: 1 << 24)
  /// A time behind the date of one of `dates`.
  static let hasTime = CellClass(rawValue: 1 << 25)
  // Hints
  /// A number with `%` or a currency's sign.
  static let hasUnit = CellClass(rawValue: 1 << 26)
  /// `yes`, `no`, `t`, `f` and the like.
  static let booleanWord = CellClass(rawValue: 1 << 27)
  // How a number is written that no plain number is: its thousands, then its decimal mark
  static let commaPoint = CellClass(rawValue: 1 << 28)
  static let dotComma = CellClass(rawValue: 1 << 29)
  static let blankComma = CellClass(rawValue: 1 << 30)
  static let blankPoint = CellClass(rawValue: 1 << 31)
  static let apostrophePoint = CellClass(rawValue: 1 << 32)
  /// A decimal comma, without thousands.
  static let comma = CellClass(rawValue: 1 << 33)
  static let numberFormats = CellClass(rawValue: 0x3F << 28)
  /// Two groups of thousands, or thousands and a decimal mark.
  static let isSurelyGrouped = CellClass(rawValue: 1 << 34)
  /// A comma that cannot be one between thousands.
  static let isSurelyFraction = CellClass(rawValue: 1 << 35)
  // What such a number is; its own bits, so that it is never taken for a plain one
  static let formattedInt64 = CellClass(rawValue: 1 << 36)
  static let formattedUInt64 = CellClass(rawValue: 1 << 37)
  static let formattedFloat64 = CellClass(rawValue: 1 << 38)
  static let formattedDecimal = CellClass(rawValue: 1 << 39)

  /// The plain numbers that are decimals too, unless they have an exponent or are a negative zero.
  static let plainNumbers: CellClass = [.int64, .uint64, .float64, .decimal]
}
