// SPDX-License-Identifier: Apache-2.0

@testable import Readers

/// What a cell could be, in words that a table has room for.
enum Kind: String, Sendable {
  case text, bool, int, uint, nullWord
  /// An integer that is also a float, which it is up to 2^53.
  case small, negative
  /// A float with a point or a signed exponent, and one with a bare exponent.
  case float, bare
  case minusZero
  case nonFinite
  case isoDate, slashDate, dotDate
  case dayMonth, monthDay, either
  case local, localBlank, utc, utcBlank, offset, offsetBlank
  /// A decimal without a point and with one, which no integer or float of 64 bits holds.
  case longInt, longFloat
  case time, nanoseconds, nanosecondsUTC, nanosecondsOffset
  case dayTime, monthTime, eitherTime, yearTime, dotTime
  /// A decimal comma, and what may be one or a comma between thousands.
  case comma, either3, commaNegative
  case commaGroups, dotGroups, blankGroups, oneBlankGroup, apostropheGroups, oneApostropheGroup
  case commaPoint, dotComma, blankComma, blankPoint, apostrophePoint
  case unit, yesNo

  var cellClass: CellClass {
    switch self {
    case .text: .text
    case .bool: .bool
    case .int: [.int64, .uint64]
    case .uint: .uint64
    case .small: [.int64, .uint64, .float64]
    case .negative: [.int64, .float64]
    case .float: [.float64, .hasPoint]
    case .bare: [.float64, .hasBareExponent]
    case .minusZero: .float64
    case .nonFinite: [.float64, .isNonFinite]
    case .nullWord: .nullWord
    case .isoDate: .yearMonthDayDash
    case .slashDate: .yearMonthDaySlash
    case .dotDate: .yearMonthDayDot
    case .dayMonth: .dayMonthYearSlash
    case .monthDay: .monthDayYearSlash
    case .either: [.dayMonthYearSlash, .monthDayYearSlash]
    case .local: .timestampT
    case .localBlank: .timestampBlank
    case .utc: .zonedTimestampT
    case .utcBlank: .zonedTimestampBlank
    case .offset: [.zonedTimestampT, .hasOffset]
    case .offsetBlank: [.zonedTimestampBlank, .hasOffset]
    case .longInt: .decimal
    case .longFloat: [.decimal, .hasPoint]
    case .time: .time
    case .nanoseconds: [.timestampT, .hasNanoseconds]
    case .nanosecondsUTC: [.zonedTimestampT, .hasNanoseconds]
    case .nanosecondsOffset: [.zonedTimestampT, .hasNanoseconds, .hasOffset]
    case .dayTime: [.dayMonthYearSlash, .hasTime]
    case .monthTime: [.monthDayYearSlash, .hasTime]
    case .eitherTime: [.dayMonthYearSlash, .monthDayYearSlash, .hasTime]
    case .yearTime: [.yearMonthDaySlash, .hasTime]
    case .dotTime: [.dayMonthYearDot, .hasTime]
    case .comma: [.comma, .dotComma, .blankComma, .isSurelyFraction, .formattedFloat64]
    case .either3: CellClass([.comma, .dotComma, .blankComma, .commaPoint]).union(Self.integer)
    case .commaNegative:
      [.comma, .dotComma, .blankComma, .commaPoint, .formattedInt64, .formattedFloat64]
    case .commaGroups: CellClass([.commaPoint, .isSurelyGrouped]).union(Self.integer)
    case .dotGroups: CellClass([.dotComma, .isSurelyGrouped]).union(Self.integer)
    case .blankGroups: CellClass([.blankComma, .blankPoint, .isSurelyGrouped]).union(Self.integer)
    case .oneBlankGroup: CellClass([.blankComma, .blankPoint]).union(Self.integer)
    case .apostropheGroups: CellClass([.apostrophePoint, .isSurelyGrouped]).union(Self.integer)
    case .oneApostropheGroup: CellClass([.apostrophePoint]).union(Self.integer)
    case .commaPoint: [.commaPoint, .isSurelyGrouped, .formattedFloat64]
    case .dotComma: [.dotComma, .isSurelyGrouped, .formattedFloat64]
    case .blankComma: [.blankComma, .isSurelyGrouped, .formattedFloat64]
    case .blankPoint: [.blankPoint, .isSurelyGrouped, .formattedFloat64]
    case .apostrophePoint: [.apostrophePoint, .isSurelyGrouped, .formattedFloat64]
    case .unit: .hasUnit
    case .yesNo: .booleanWord
    }
  }

  /// A small integer in groups.
  private static let integer: CellClass = [.formattedInt64, .formattedUInt64, .formattedFloat64]
}

/// `SEMANTICS.md`, cell by cell.
enum CellTable {
  static let all: [(String, Kind)] =
    integers + floats + digits + words + dates + timestamps + texts + times + formatted + hints

  private static let integers: [(String, Kind)] = [
    ("0", .small), ("1", .small), ("-1", .negative), ("10", .small), ("100", .small), (" 7 ", .small),
    ("\t7\t", .small), ("-0", .minusZero),
    ("00", .text), ("007", .text), ("01", .text), ("-01", .text), ("-007", .text), ("+1", .text), ("+", .text),
    ("--1", .text),
    ("- 1", .text), ("1 000", .oneBlankGroup), ("1_000", .text), ("1,000", .either3), ("1'000", .oneApostropheGroup),
    ("0x1F", .text),
    ("1-", .text), ("1L", .text),
    ("9007199254740992", .small), ("9007199254740993", .int), ("-9007199254740992", .negative),
    ("9223372036854775807", .int), ("9223372036854775808", .uint), ("18446744073709551615", .uint),
    ("18446744073709551616", .longInt),
    ("99999999999999999999", .longInt), ("-18446744073709551615", .longInt),
    ("123456789012345678901234567890", .longInt),
    ("１２", .text), ("٣", .text),
    ("1\u{A0}", .text), ("0123456789", .text), ("0024001001", .text), ("4915123456789", .small),
  ]

  private static let floats: [(String, Kind)] = [
    ("1.5", .float), ("-1.5", .float), ("0.0", .float), ("-0.0", .float), (".5", .float), ("-.5", .float),
    ("5.", .float), ("-5.", .float),
    ("1.50", .float), ("0.1", .float), ("00.1", .text), ("01.5", .text), ("+1.5", .text), (".", .text), ("-.", .text),
    ("..5", .text),
    ("1.5.2", .text), ("1.2.3.4", .text), ("1..5", .text), ("1E10", .bare), ("2E05", .bare), ("1e5", .bare),
    ("0E0", .bare), ("-1E5", .bare),
    ("1e+5", .float), ("1e-5", .float), ("1.5e3", .float), ("1.e3", .float), (".5e3", .float), ("1E+05", .float),
    ("1e", .text), ("1e+", .text),
    ("e5", .text), ("1e5.0", .text), ("1ee5", .text), ("1e5e5", .text), ("1d5", .text), ("00M", .text),
    ("1e400", .text), ("1.0e400", .text),
    ("-1.0e400", .text), ("1e-400", .text), ("1.0e-400", .text), ("1e-99999999999999999999", .text),
    ("1e99999999999999999999", .text),
    ("0e99999999999999999999", .text), ("0.0e-400", .float), ("4.9e-324", .text), ("5e-324", .float),
    ("4.9406564584124654e-324", .text),
    ("2.2250738585072014e-308", .float), ("1.7976931348623157e308", .float), ("1.7976931348623159e308", .text),
    ("1.8e308", .text),
    ("9.99e307", .float), ("1.0e-290", .float), ("1.5f", .text), ("1.5%", .unit), ("$1.5", .unit), ("1,5", .comma),
    ("1.5 €", .unit), ("0x1p3", .text),
  ]

  /// A float keeps its digits, or the cell is text.
  private static let digits: [(String, Kind)] = [
    ("0.10000000000000001", .float), ("3.1415926535897931", .float), ("0.30000000000000004", .float),
    ("0.3333333333333333", .float),
    ("10.357019999999999", .float), ("123456789012345.6", .float), ("0.123456789012345678", .longFloat),
    ("1.0000000000000001", .longFloat),
    ("9007199254740993.0", .longFloat), ("9007199254740992.0", .float), ("12345678901234567.0", .longFloat),
    ("12345678901234568.0", .float),
    ("0.99999999999999999", .longFloat), ("0.30000000000000001", .longFloat), ("0.29999999999999999", .float),
    ("1.000000000000000000000000", .float),
    ("0.000000000000000000000000001", .float), ("1.2345678901234567e-5", .text), ("1e23", .bare),
    ("9.007199254740993e15", .text),
    ("100000000000000000000.0", .float), ("123456789.123456789", .longFloat), ("8.000000000000001", .longFloat),
    ("8.000000000000002", .float),
    ("4503599627370497.5", .longFloat), ("4503599627370497.25", .longFloat), ("2.5e-300", .float),
    ("2.2250738585072011e-308", .text),
  ]

  private static let words: [(String, Kind)] = [
    ("true", .bool), ("TRUE", .bool), ("True", .bool), ("tRuE", .bool), ("false", .bool), ("FALSE", .bool),
    (" true ", .bool), ("t", .yesNo),
    ("T", .yesNo), ("F", .yesNo), ("yes", .yesNo), ("no", .yesNo), ("NO", .yesNo), ("on", .text), ("truee", .text),
    ("tru", .text), ("false.", .text),
    ("NaN", .nonFinite), ("nan", .nonFinite), ("NAN", .nonFinite), ("inf", .nonFinite), ("-inf", .nonFinite),
    ("Infinity", .nonFinite),
    ("-INFINITY", .nonFinite), ("-nan", .text), ("+inf", .text), ("infinit", .text), ("-infinityy", .text),
    ("inff", .text), ("1nan", .text),
    ("NA", .nullWord), ("N/A", .nullWord), ("#N/A", .nullWord), ("null", .nullWord), ("NULL", .nullWord),
    ("None", .nullWord), ("-", .nullWord),
    (" NA ", .nullWord), ("na", .text), ("Na", .text), ("n/a", .text), ("#n/a", .text), ("Null", .text),
    ("none", .text), ("NONE", .text),
    ("nil", .text), ("--", .text), ("#N/A!", .text), ("#", .text), ("#NA", .text), ("?", .text), ("\u{2013}", .text),
    ("-NA", .text),
  ]

  private static let dates: [(String, Kind)] = [
    ("2024-01-02", .isoDate), ("2024/01/02", .slashDate), ("2024.01.02", .dotDate), ("0001-01-01", .isoDate),
    ("9999-12-31", .isoDate),
    ("0000-01-01", .text), ("2024-02-29", .isoDate), ("2023-02-29", .text), ("1900-02-29", .text),
    ("2000-02-29", .isoDate), ("2024-13-01", .text),
    ("2024-00-01", .text), ("2024-04-31", .text), ("2024-01-00", .text), ("2024-01/02", .text), ("2024 01 02", .text),
    ("2024-1-2", .isoDate),
    ("24-01-02", .text), ("20240102", .small), ("2024-01-02x", .text), ("2024-01-0x", .text), ("03/04/2024", .either),
    ("31/12/2024", .dayMonth),
    ("12/31/2024", .monthDay), ("31/13/2024", .text), ("29/02/2024", .dayMonth), ("02/29/2023", .text),
    ("3/4/2024", .either), ("03/04/24", .text),
    ("03/04-2024", .text), ("01/01/0000", .text), ("1 Jan 2024", .text), ("Jan 1 2024", .text), ("2024-W01-1", .text),
    ("2024-001", .text),
    ("-2024-01-01", .text), ("+2024-01-01", .text), (" 2024-01-02 ", .isoDate), ("12:30", .time), ("12:30:00", .time),
    ("2024-01", .text), ("2024Q1", .text),
  ]

  private static let timestamps: [(String, Kind)] = [
    ("2024-01-02T03:04", .local), ("2024-01-02 03:04", .localBlank), ("2024-01-02T03:04:05", .local),
    ("2024-01-02 03:04:05.1", .localBlank),
    ("2024-01-02T03:04:05.123456", .local), ("2024-01-02T03:04:05.1234567", .nanoseconds),
    ("2024-01-02T03:04:05.", .text),
    ("2024-01-02T03:04:05Z", .utc),
    ("2024-01-02 03:04:05Z", .utcBlank), ("2024-01-02T03:04Z", .utc), ("2024-01-02T03:04:05+00:00", .utc),
    ("2024-01-02T03:04:05-00:00", .utc),
    ("2024-01-02T03:04:05+01:00", .offset), ("2024-01-02T03:04:05-0930", .offset),
    ("2024-01-02 03:04:05+05:30", .offsetBlank),
    ("2024-01-02T03:04:05+1", .text), ("2024-01-02T03:04:05+01", .text), ("2024-01-02T03:04:05+24:00", .text),
    ("2024-01-02T03:04:05+01:60", .text),
    ("2024-01-02T03:04:05z", .text), ("2024-01-02t03:04:05", .text), ("2024-01-02T24:00:00", .text),
    ("2024-01-02T24:00", .text), ("2016-12-31T23:59:60Z", .text),
    ("2024-01-02T23:59:59.999999", .local), ("2024-01-02T03:60", .text), ("2024-02-30T03:04", .text),
    ("2024-01-02T3:04:05.1", .text),
    ("2024/01/02 03:04:05", .yearTime), ("2024-01-02T03:04:05,5", .text), ("2024-01-02  03:04", .text),
    ("2024-01-02T03:04:5", .text),
    ("0001-01-01T00:00:00+01:00", .text), ("9999-12-31T23:59:59-01:00", .text), ("0001-01-01T00:00", .local),
    ("9999-12-31T23:59:59.999999", .local),
    ("2024-01-02T03:04:05 Z", .text), ("2024-01-02T03:04:05Zx", .text), ("2024-01-02T03:04:05.5+02:00", .offset),
    ("2024-01-02T0304", .text),
    ("2024-01-02T03:04:05.123456789+02:00", .nanosecondsOffset), ("2024-01-02T03", .text), ("20240102T030405", .text),
    ("2024-01-02T03:04:05 PM", .text),
  ]

  private static let times: [(String, Kind)] = [
    ("00:00", .time), ("23:59", .time), ("23:59:59.999999", .time), ("12:30:15.5", .time), ("12:30:15.1234560", .time),
    ("12:30:15.1234567", .text), ("24:00", .text), ("23:59:60", .text), ("12:60", .text), ("9:30", .text),
    ("12:30Z", .text), ("12:30:", .text), ("12:3", .text), ("12:30:5", .text), ("1230", .small), ("12:30:15.", .text),
    ("12:30 PM", .text), ("12-30", .text), ("12:30:15,5", .text), ("-12:30", .text), (" 12:30 ", .time),
    ("2024-01-02T03:04:05.123456000", .local), ("2024-01-02T03:04:05.000000001Z", .nanosecondsUTC),
    ("2024-01-02T03:04:05.1234567891", .text), ("1600-01-02T03:04:05.1234567", .nanoseconds),
    ("31/12/2024 23:59", .dayTime), ("12/31/2024 23:59:59", .monthTime), ("03/04/2024 05:06", .eitherTime),
    ("1/2/2024 3:04", .eitherTime), ("31.12.2024 23:59:59.5", .dotTime), ("2024/1/2 3:04:05", .yearTime),
    ("31/12/2024 24:00", .text), ("31/12/2024T23:59", .text), ("31/12/2024  23:59", .text),
    ("31/12/2024 23:59:59.1234567", .text), ("31/12/2024 23:59 PM", .text), ("31/12/2024 23:59Z", .text),
    ("31/12/24 23:59", .text), ("1/2/2024", .either), ("13/2/2024", .dayMonth), ("2/13/2024", .monthDay),
    ("2024-1-31", .isoDate), ("2024/1/5", .slashDate), ("2024.1.5", .text), ("0/1/2024", .text),
    ("001/2/2024", .text), ("1/2/02024", .text), ("1/2-2024", .text), ("32/1/2024", .text), ("29/2/2023", .text),
    ("2024-1", .text), ("1/2/024", .text),
  ]

  private static let formatted: [(String, Kind)] = [
    ("1,234", .either3), ("-1,234", .commaNegative), ("12,345", .either3), ("123,456", .either3), ("1234,567", .comma),
    ("0,25", .comma), ("0,123", .comma), ("12,3456", .comma), ("-0,5", .comma), ("1,23", .comma),
    ("1,234,567", .commaGroups), ("1,234.5", .commaPoint), ("123,456,789.00", .commaPoint), ("1,234.567", .commaPoint),
    ("1,2345,678", .text), ("12,34,567", .text), ("1234,567,890", .text), ("0,123,456", .text), ("1,234,56", .text),
    ("1,,234", .text), (",5", .text), ("5,", .text), ("1,234.", .text), ("1,234.5.6", .text), ("01,5", .text),
    ("00,5", .text), ("1,5e3", .text), ("1.234.567", .dotGroups), ("1.234,5", .dotComma), ("1.234.567,89", .dotComma),
    ("1,234,567.8,9", .text), ("192.168.100.101", .text), ("999.168.100.101", .dotGroups), ("1.234.56", .text),
    ("1 234", .oneBlankGroup), ("1 234 567", .blankGroups), ("1 234,5", .blankComma), ("1 234.5", .blankPoint),
    ("1\u{A0}234,5", .blankComma), ("1\u{202F}234\u{202F}567", .blankGroups), ("1\u{A0}234 567", .text),
    ("1  234", .text), ("12 34", .text), ("1'234.50", .apostrophePoint), ("1'234'567", .apostropheGroups),
    ("1'234,50", .text), ("1'23", .text), ("+1,234,567", .text), ("1,234,567-", .text),
    ("1,234,567,890,123,456,789,012,345,678,901,234,567,890", .text),
  ]

  private static let hints: [(String, Kind)] = [
    ("5%", .unit), ("5 %", .unit), ("1,5%", .unit), ("€5", .unit), ("€ 1.234,50", .unit), ("£1,234", .unit),
    ("5$", .unit),
    ("¥500", .unit), ("5\u{A0}€", .unit), ("%", .text), ("$", .text), ("5%%", .text), ("$5$", .text), ("$x", .text),
    ("$007", .text), ("5 EUR", .text), ("éa", .text), ("“5”", .text), ("yes.", .text), ("Y", .yesNo), ("No", .yesNo),
    ("yEs", .yesNo), ("n", .yesNo), ("y", .yesNo), ("f", .yesNo), ("ye", .text), ("you", .text),
  ]

  private static let texts: [(String, Kind)] = [
    (" ", .nullWord), ("\t", .nullWord), ("", .text), ("a", .text), ("é", .text), ("=1+1", .text), ("@x", .text),
    ("-5x", .text),
    ("12abc", .text), ("1/2", .text),
    ("v1.2", .text), ("10.0.0.1", .text), ("(5)", .text), ("5\"", .text), ("\u{FEFF}1", .text), ("1\n", .text),
    ("1\r", .text), ("1\u{C}", .text),
    ("−5", .text), ("½", .text), ("∞", .text), (String(repeating: "9", count: 1000), .text),
    (String(repeating: "-", count: 1000), .text),
  ]
}
