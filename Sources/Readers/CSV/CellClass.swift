// SPDX-License-Identifier: Apache-2.0

/// What a cell could be: one bit for each type and format, and some facts that decide between them.
///
/// A column's type follows from the histogram of its cells' classes alone, so that every near miss is known.
package struct CellClass: OptionSet, Hashable, Sendable {
  package let rawValue: UInt32
  package init(rawValue: UInt32) { self.rawValue = rawValue }

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
  // Timestamps: `T` or a blank between date and time, with a zone or without
  static let timestampT = CellClass(rawValue: 1 << 17)
  static let timestampBlank = CellClass(rawValue: 1 << 18)
  static let zonedTimestampT = CellClass(rawValue: 1 << 19)
  static let zonedTimestampBlank = CellClass(rawValue: 1 << 20)
  static let timestamps = CellClass(rawValue: 0xF << 17)
  /// A zone other than UTC.
  static let hasOffset = CellClass(rawValue: 1 << 21)
}
