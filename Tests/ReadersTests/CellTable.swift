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
    }
  }
}

/// `SEMANTICS.md`, cell by cell.
enum CellTable {
  static let all: [(String, Kind)] = integers + floats + digits + words + dates + timestamps + texts

  private static let integers: [(String, Kind)] = [
    ("0", .small), ("1", .small), ("-1", .negative), ("10", .small), ("100", .small), (" 7 ", .small),
    ("\t7\t", .small), ("-0", .minusZero),
    ("00", .text), ("007", .text), ("01", .text), ("-01", .text), ("-007", .text), ("+1", .text), ("+", .text),
    ("--1", .text),
    ("- 1", .text), ("1 000", .text), ("1_000", .text), ("1,000", .text), ("1'000", .text), ("0x1F", .text),
    ("1-", .text), ("1L", .text),
    ("9007199254740992", .small), ("9007199254740993", .int), ("-9007199254740992", .negative),
    ("9223372036854775807", .int), ("9223372036854775808", .uint), ("18446744073709551615", .uint),
    ("18446744073709551616", .text),
    ("99999999999999999999", .text), ("-18446744073709551615", .text), ("123456789012345678901234567890", .text),
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
    ("9.99e307", .float), ("1.0e-290", .float), ("1.5f", .text), ("1.5%", .text), ("$1.5", .text), ("1,5", .text),
    ("1.5 €", .text), ("0x1p3", .text),
  ]

  /// A float keeps its digits, or the cell is text.
  private static let digits: [(String, Kind)] = [
    ("0.10000000000000001", .float), ("3.1415926535897931", .float), ("0.30000000000000004", .float),
    ("0.3333333333333333", .float),
    ("10.357019999999999", .float), ("123456789012345.6", .float), ("0.123456789012345678", .text),
    ("1.0000000000000001", .text),
    ("9007199254740993.0", .text), ("9007199254740992.0", .float), ("12345678901234567.0", .text),
    ("12345678901234568.0", .float),
    ("0.99999999999999999", .text), ("0.30000000000000001", .text), ("0.29999999999999999", .float),
    ("1.000000000000000000000000", .float),
    ("0.000000000000000000000000001", .float), ("1.2345678901234567e-5", .text), ("1e23", .bare),
    ("9.007199254740993e15", .text),
    ("100000000000000000000.0", .float), ("123456789.123456789", .text), ("8.000000000000001", .text),
    ("8.000000000000002", .float),
    ("4503599627370497.5", .text), ("4503599627370497.25", .text), ("2.5e-300", .float),
    ("2.2250738585072011e-308", .text),
  ]

  private static let words: [(String, Kind)] = [
    ("true", .bool), ("TRUE", .bool), ("True", .bool), ("tRuE", .bool), ("false", .bool), ("FALSE", .bool),
    (" true ", .bool), ("t", .text),
    ("T", .text), ("F", .text), ("yes", .text), ("no", .text), ("NO", .text), ("on", .text), ("truee", .text),
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
    ("2024-1-2", .text),
    ("24-01-02", .text), ("20240102", .small), ("2024-01-02x", .text), ("2024-01-0x", .text), ("03/04/2024", .either),
    ("31/12/2024", .dayMonth),
    ("12/31/2024", .monthDay), ("31/13/2024", .text), ("29/02/2024", .dayMonth), ("02/29/2023", .text),
    ("3/4/2024", .text), ("03/04/24", .text),
    ("03/04-2024", .text), ("01/01/0000", .text), ("1 Jan 2024", .text), ("Jan 1 2024", .text), ("2024-W01-1", .text),
    ("2024-001", .text),
    ("-2024-01-01", .text), ("+2024-01-01", .text), (" 2024-01-02 ", .isoDate), ("12:30", .text), ("12:30:00", .text),
    ("2024-01", .text), ("2024Q1", .text),
  ]

  private static let timestamps: [(String, Kind)] = [
    ("2024-01-02T03:04", .local), ("2024-01-02 03:04", .localBlank), ("2024-01-02T03:04:05", .local),
    ("2024-01-02 03:04:05.1", .localBlank),
    ("2024-01-02T03:04:05.123456", .local), ("2024-01-02T03:04:05.1234567", .text), ("2024-01-02T03:04:05.", .text),
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
    ("2024/01/02 03:04:05", .text), ("2024-01-02T03:04:05,5", .text), ("2024-01-02  03:04", .text),
    ("2024-01-02T03:04:5", .text),
    ("0001-01-01T00:00:00+01:00", .text), ("9999-12-31T23:59:59-01:00", .text), ("0001-01-01T00:00", .local),
    ("9999-12-31T23:59:59.999999", .local),
    ("2024-01-02T03:04:05 Z", .text), ("2024-01-02T03:04:05Zx", .text), ("2024-01-02T03:04:05.5+02:00", .offset),
    ("2024-01-02T0304", .text),
    ("2024-01-02T03:04:05.123456789+02:00", .text), ("2024-01-02T03", .text), ("20240102T030405", .text),
    ("2024-01-02T03:04:05 PM", .text),
  ]

  private static let texts: [(String, Kind)] = [
    (" ", .text), ("\t", .text), ("a", .text), ("é", .text), ("=1+1", .text), ("@x", .text), ("-5x", .text),
    ("12abc", .text), ("1/2", .text),
    ("v1.2", .text), ("10.0.0.1", .text), ("(5)", .text), ("5\"", .text), ("\u{FEFF}1", .text), ("1\n", .text),
    ("1\r", .text), ("1\u{C}", .text),
    ("−5", .text), ("½", .text), ("∞", .text), (String(repeating: "9", count: 1000), .text),
    (String(repeating: "-", count: 1000), .text),
  ]
}
