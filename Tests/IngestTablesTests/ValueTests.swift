// SPDX-License-Identifier: Apache-2.0

import Foundation
import IngestTesting
import Testing

@testable import IngestTables

@Suite("Values and days")
struct ValueTests {
  static let texts: [(Value, String)] = [
    (.null, ""), (.bool(true), "true"), (.bool(false), "false"), (.int64(.min), "-9223372036854775808"),
    (.uint64(.max), "18446744073709551615"),
    (.float64(0.1), "0.1"), (.float64(1), "1.0"), (.float64(-0.0), "-0.0"),
    (.float64(0.1 + 0.2), "0.30000000000000004"), (.float64(1e16), "1e+16"),
    (.float64(.leastNonzeroMagnitude), "5e-324"), (.float64(.greatestFiniteMagnitude), "1.7976931348623157e+308"),
    (.float64(.nan), "NaN"), (.float64(.infinity), "inf"),
    (.float64(-.infinity), "-inf"), (.float64(123456789), "123456789.0"), (.float64(1e-5), "1e-05"),
    (.decimal(unscaled: 150, scale: 2), "1.50"), (.decimal(unscaled: -5, scale: 2), "-0.05"),
    (.decimal(unscaled: 0, scale: 3), "0.000"), (.decimal(unscaled: 7, scale: 0), "7"),
    (.decimal(unscaled: 1 - DecimalText.powers[38], scale: 38), "-0." + String(repeating: "9", count: 38)),
    (.time(microseconds: 0), "00:00:00"), (.time(microseconds: 86_399_999_999), "23:59:59.999999"),
    (.timestampNanoseconds(-1, isUTC: true), "1969-12-31T23:59:59.999999999Z"),
    (.timestampNanoseconds(.min, isUTC: false), "1677-09-21T00:12:43.145224192"),
    (.date(days: 0), "1970-01-01"), (.date(days: -1), "1969-12-31"),
    (.date(days: CivilDate.days.lowerBound), "0001-01-01"),
    (.date(days: CivilDate.days.upperBound), "9999-12-31"), (.date(days: 11_016), "2000-02-29"),
    (.timestamp(microseconds: 0, isUTC: false), "1970-01-01T00:00:00"),
    (.timestamp(microseconds: 0, isUTC: true), "1970-01-01T00:00:00Z"),
    (.timestamp(microseconds: -1, isUTC: true), "1969-12-31T23:59:59.999999Z"),
    (.timestamp(microseconds: 1, isUTC: false), "1970-01-01T00:00:00.000001"),
    (.timestamp(microseconds: 500_000, isUTC: false), "1970-01-01T00:00:00.5"),
    (.timestamp(microseconds: -86_400_000_000, isUTC: false), "1969-12-31T00:00:00"),
    (.timestamp(microseconds: CivilDate.microseconds.lowerBound, isUTC: true), "0001-01-01T00:00:00Z"),
    (.timestamp(microseconds: CivilDate.microseconds.upperBound, isUTC: false), "9999-12-31T23:59:59.999999"),
    (.text("NA"), "NA"), (.list(["a", nil, ""]), "[\"a\",null,\"\"]"), (.list([]), "[]"),
    (.list(["\"\n"]), "[\"\\\"\\n\"]"),
  ]

  @Test("A value is shown in one form", arguments: texts)
  func text(value: Value, text: String) {
    #expect(value.text == text)
  }

  @Test(
    "C50 Days and times beyond the calendar, as a damaged file has them, are shown and never trap",
    arguments: [
      Int64.min, .min + 1, -1 << 52, 1 << 52, .max - 1, .max,
    ])
  func beyond(microseconds: Int64) {
    #expect(!Value.timestamp(microseconds: microseconds, isUTC: true).text.isEmpty)
    for days in [Int32.min, .min + 1, .max - 1, .max] { #expect(!Value.date(days: days).text.isEmpty) }
  }

  @Test("A float's text is read back as the same float")
  func floats() {
    var generator = SeededGenerator(seed: 754)
    for _ in 0..<5_000 {
      let value = Double(bitPattern: generator.next())
      guard value.isFinite else { continue }
      #expect(Double(Value.float64(value).text)?.bitPattern == value.bitPattern)
    }
  }

  // MARK: Days

  @Test("Days and dates are each other's inverse over all years, and every day follows the one before")
  func everyDay() {
    var previous: (year: Int, month: Int, day: Int)?
    // Whole years around leap centuries, and a sample of all others.
    for year in [1, 4, 100, 400, 1582, 1600, 1699, 1700, 1900, 1969, 1970, 1999, 2000, 2023, 2024, 2100, 9999] {
      guard let first = CivilDate(year: year, month: 1, day: 1)?.daysSinceEpoch else { continue }
      previous = nil
      for offset in 0..<365 {
        let date = CivilDate(daysSinceEpoch: first + offset)
        #expect(date.daysSinceEpoch == first + offset)
        #expect(CivilDate(year: date.year, month: date.month, day: date.day) == date)
        if let previous { #expect((date.year, date.month, date.day) > previous) }
        previous = (date.year, date.month, date.day)
      }
    }
    for days in stride(from: Int(CivilDate.days.lowerBound), through: Int(CivilDate.days.upperBound), by: 97) {
      let date = CivilDate(daysSinceEpoch: days)
      if date.daysSinceEpoch != days || CivilDate(year: date.year, month: date.month, day: date.day) != date {
        Issue.record("day \(days)")
      }
    }
  }

  @Test("Every month of every year has its length")
  func months() {
    var expected = Int(CivilDate.days.lowerBound)
    for year in 1...9999 {
      let isLeap = year % 4 == 0 && year % 100 != 0 || year % 400 == 0
      for (index, length) in [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].enumerated() {
        let first = CivilDate(year: year, month: index + 1, day: 1)?.daysSinceEpoch
        let last = CivilDate(year: year, month: index + 1, day: length)?.daysSinceEpoch
        let beyond = CivilDate(year: year, month: index + 1, day: length + 1)
        if first != expected || last != expected + length - 1 || beyond != nil { Issue.record("\(year)-\(index + 1)") }
        expected += length
      }
    }
    #expect(expected == Int(CivilDate.days.upperBound) + 1)
  }

  @Test(
    "A day that does not exist is nil",
    arguments: [
      (0, 1, 1), (10_000, 1, 1), (-1, 1, 1), (2024, 0, 1), (2024, 13, 1), (2024, 1, 0), (2024, 1, -1), (.max, 1, 1),
      (2024, .min, 1), (1, 1, .max),
    ])
  func impossible(year: Int, month: Int, day: Int) {
    #expect(CivilDate(year: year, month: month, day: day) == nil)
  }
}
