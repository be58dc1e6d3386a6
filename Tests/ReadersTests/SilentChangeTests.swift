// SPDX-License-Identifier: Apache-2.0

import IngestTables
import IngestTesting
import Testing
import WorkerProtocol

@testable import Readers

/// A way to make up cells that people mean in one way only.
struct CellMaker: Sendable, CustomTestStringConvertible {
  let name: String
  /// The type that such a column must have, where only one is right.
  let type: ColumnType?
  let make: @Sendable (inout SeededGenerator) -> String

  var testDescription: String { name }

  init(_ name: String, _ type: ColumnType? = nil, _ make: @escaping @Sendable (inout SeededGenerator) -> String) {
    self.name = name
    self.type = type
    self.make = make
  }
}

extension SeededGenerator {
  mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }
  mutating func digits(_ count: Int) -> String { (0..<count).map { _ in String(number(0...9)) }.joined() }
  mutating func padded(_ range: ClosedRange<Int>, _ width: Int = 2) -> String {
    let digits = String(number(range))
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
  /// A number of one to four groups, quoted.
  mutating func grouped(by mark: String, decimals: String = "") -> String {
    let groups = (0..<number(0...3)).map { _ in mark + digits(3) }
    return "\"\(number(1...999))\(groups.joined())\(decimals)\""
  }
  mutating func pick(_ texts: String...) -> String { texts.randomElement(using: &self) ?? "" }
}

@Suite("Silent change")
struct SilentChangeTests {
  static let makers: [CellMaker] = codes + words + numbers + times

  private static let codes: [CellMaker] = [
    CellMaker("postcodes", .utf8) { "0\($0.digits(4))" }, CellMaker("codes of five digits") { $0.digits(5) },
    CellMaker("phone numbers", .utf8) { "+\($0.number(1...99))\($0.digits(9))" },
    CellMaker("phone numbers with blanks", .utf8) { "0\($0.digits(3)) \($0.digits(6))" },
    CellMaker("phone numbers in groups", .utf8) { "\($0.digits(3))-\($0.digits(4))" },
    CellMaker("part numbers", .utf8) { "\($0.number(1...9))E\($0.padded(0...99))" },
    CellMaker("part numbers among numbers") { $0.pick("1E10", "2E05", "17", "3e7") },
    CellMaker("versions", .utf8) { "\($0.number(0...9)).\($0.number(0...20)).\($0.number(0...9))" },
    CellMaker("short versions") { "\($0.number(1...3)).\($0.number(0...20))" },
    CellMaker("addresses", .utf8) { "10.0.\($0.number(0...255)).\($0.number(0...255))" },
    CellMaker("hashes") { String(UInt64.random(in: .min ... .max, using: &$0), radix: 16) },
    CellMaker("card numbers") { "4\($0.digits(15))" },
    CellMaker("account numbers of 22 digits", .decimal(precision: 22, scale: 0)) { "9\($0.digits(21))" },
    CellMaker("account numbers of 19 digits") { "9\($0.digits(18))" },
    CellMaker("airports", .utf8) { $0.pick("00M", "0E0", "1E1", "ZZ1", "0F2") },
    CellMaker("hexadecimal numbers", .utf8) { "0x\($0.digits(4))" },
    CellMaker("fractions", .utf8) { "\($0.number(1...9))/\($0.number(1...9))" },
    CellMaker("bank accounts", .utf8) { "DE\($0.digits(20))" },
    CellMaker("bank accounts in groups", .utf8) { "DE\($0.digits(2)) \($0.digits(4)) \($0.digits(4))" },
    CellMaker("book numbers", .utf8) { "978-3-\($0.digits(2))-\($0.digits(6))-\($0.number(0...9))" },
    CellMaker("numbers with underscores", .utf8) { "\($0.number(1...9))_\($0.digits(3))" },
    CellMaker("Arabic digits", .utf8) { $0.pick("١٢٣", "٤٥", "٦") },
    CellMaker("wide digits", .utf8) { $0.pick("１２", "３") },
    CellMaker("numbers with a sign of their own", .utf8) { "\u{2212}\($0.number(0...99))" },
    CellMaker("ranges", .utf8) { "\($0.number(1...9))-\($0.number(10...19))" },
  ]

  private static let words: [CellMaker] = [
    CellMaker("countries", .utf8) { $0.pick("NA", "NO", "DE", "FR") },
    CellMaker("yes and no", .utf8) { $0.pick("YES", "NO") },
    CellMaker("sexes", .utf8) { $0.pick("F", "M") },
    CellMaker("letters of truth", .utf8) { $0.pick("T", "F", "t", "f") },
    CellMaker("booleans", .bool) { $0.pick("true", "FALSE", "True", "false") },
    CellMaker("booleans with gaps", .bool) { $0.pick("true", "false", "NA", "") },
    CellMaker("names", .utf8) { $0.pick("Nan", "Inf", "None", "True", "Anna") },
    CellMaker("null words", .utf8) { $0.pick("NA", "N/A", "null", "-", "") },
    CellMaker("words and blanks", .utf8) { $0.pick("a", "  ", "b") },
    CellMaker("texts with blanks", .utf8) { " \($0.pick("a", "b")) " },
    CellMaker("marks", .utf8) { $0.pick("+", "-", "±", "0") },
  ]

  private static let numbers: [CellMaker] = [
    CellMaker("currency", .utf8) { "$\($0.number(0...999)).\($0.digits(2))" },
    CellMaker("currency behind", .utf8) { "\($0.number(0...999)) €" },
    CellMaker("percentages", .utf8) { "\($0.number(0...100))%" },
    CellMaker("thousands", .utf8) { "\"\($0.number(1...999)),\($0.digits(3))\"" },
    CellMaker("decimal commas", .float64) { "\"\($0.number(0...99)),\($0.digits(2))\"" },
    CellMaker("groups with blanks", .utf8) { "\($0.number(1...9)) \($0.digits(3))" },
    CellMaker("thousands of any size") { $0.grouped(by: ",") },
    CellMaker("thousands with decimals") { $0.grouped(by: ",", decimals: ".\($0.digits(2))") },
    CellMaker("thousands with dots") { $0.grouped(by: ".") },
    CellMaker("thousands with dots and commas") { $0.grouped(by: ".", decimals: ",\($0.digits(2))") },
    CellMaker("thousands with blanks") { $0.grouped(by: " ") },
    CellMaker("thousands with narrow blanks") { $0.grouped(by: "\u{202F}", decimals: ",\($0.digits(1))") },
    CellMaker("thousands with apostrophes") { $0.grouped(by: "'", decimals: ".\($0.digits(2))") },
    CellMaker("decimal commas of any length") { "\"\($0.number(0...9999)),\($0.digits($0.number(1...4)))\"" },
    CellMaker("points and commas", .utf8) { $0.pick("1.5", "\"1,5\"", "\"1,234\"") },
    CellMaker("telephone numbers in threes", .utf8) { "6\($0.digits(2)) \($0.digits(3)) \($0.digits(3))" },
    CellMaker("addresses in threes", .utf8) { "192.168.\($0.number(100...255)).\($0.number(100...255))" },
    CellMaker("long decimals of any length") { "\($0.number(0...9)).\($0.digits($0.number(1...37)))" },
    CellMaker("long integers of any length") { "\($0.number(1...9))\($0.digits($0.number(1...38)))" },
    CellMaker("long numbers and floats") { $0.pick("\($0.number(1...9))\($0.digits(20))", "0.5", "-1.25", "7") },
    CellMaker("integers", .int64) { "\($0.number(-1000...1000))" },
    CellMaker("integers and blanks", .int64) { $0.pick("1", "-5", "  ", "\t") },
    CellMaker("quoted blanks", .utf8) { $0.pick("1", "\" \"") },
    CellMaker("thousands of one size with hard blanks", .utf8) { "\($0.number(1...9))\u{A0}\($0.digits(3))" },
    CellMaker("integers with gaps", .int64) { $0.pick("1", "-5", "NA", "", "-") },
    CellMaker("64-bit integers") { "\(Int64.random(in: .min ... .max, using: &$0))" },
    CellMaker("unsigned integers") { "\(UInt64.random(in: .min ... .max, using: &$0))" },
    CellMaker("prices", .float64) { "\($0.number(0...999)).\($0.digits(2))" },
    CellMaker("doubles", .float64) { Double.random(in: -1e6...1e6, using: &$0).description },
    CellMaker("doubles of any size") { Double.random(in: 1...10, using: &$0).description + "e-\($0.number(1...280))" },
    CellMaker("decimals of 16 digits") { "\($0.number(1...9)).\($0.digits(15))" },
    CellMaker("decimals of 17 digits") { "\($0.number(1...9)).\($0.digits(16))" },
    CellMaker("decimals of 18 digits", .decimal(precision: 18, scale: 17)) { "\($0.number(1...9)).\($0.digits(16))1" },
    CellMaker("amounts of 15 and 2 digits") { "\($0.number(1...9))\($0.digits(14)).\($0.digits(2))" },
    CellMaker("readings", .float64) { $0.pick("1.5", "NaN", "-inf", "7", "2e-3", "1E3") },
    CellMaker("signed zeros") { $0.pick("-0", "0", "-0.0", "0.0") },
    CellMaker("numbers with signs", .utf8) { $0.pick("+1", "-1", "+2.5") },
    CellMaker("integers near 2^53") { "\(9_007_199_254_740_990 + $0.number(0...5))" },
    CellMaker("integers near 2^53 among floats") { $0.pick("9007199254740993", "9007199254740992", "0.5") },
    CellMaker("exponents at the ends") {
      "\($0.number(1...9)).\($0.digits(3))e\($0.pick("-32", "-31", "30"))\($0.number(0...9))"
    },
  ]

  private static let times: [CellMaker] = [
    CellMaker("ISO dates", .date) { "\($0.padded(1...9999, 4))-\($0.padded(1...12))-\($0.padded(1...28))" },
    CellMaker("dates with slashes", .date) { "\($0.number(1000...9999))/\($0.padded(1...12))/\($0.padded(1...28))" },
    CellMaker("days first", nil) { "\($0.padded(1...28))/\($0.padded(1...12))/\($0.number(1900...2100))" },
    CellMaker("months first", nil) { "\($0.padded(1...12))/\($0.padded(1...28))/\($0.number(1900...2100))" },
    CellMaker("days first with dots", nil) { "\($0.padded(1...28)).\($0.padded(1...12)).\($0.number(1900...2100))" },
    CellMaker("ambiguous dates", .utf8) { "\($0.padded(1...12))/\($0.padded(1...12))/\($0.number(1900...2100))" },
    CellMaker("two-digit years", .utf8) { "\($0.padded(1...28))/\($0.padded(1...12))/\($0.digits(2))" },
    CellMaker("months by name", .utf8) { "\($0.number(1...28)) \($0.pick("Jan", "May", "Dec")) 2024" },
    CellMaker("days that may not exist") { "2023-\($0.padded(1...12))-\($0.padded(28...31))" },
    CellMaker("days without zeros") { "\($0.number(1...31))/\($0.number(1...12))/\($0.number(1900...2100))" },
    CellMaker("ISO dates without zeros", .date) {
      "\($0.number(1900...2100))-\($0.number(1...12))-\($0.number(1...28))"
    },
    CellMaker("days with times") {
      "\($0.padded(1...31)).\($0.padded(1...12)).\($0.number(1900...2100)) \($0.padded(0...23)):\($0.padded(0...59))"
    },
    CellMaker("months with times") {
      "\($0.number(1...12))/\($0.number(1...31))/2024 \($0.number(0...23)):\($0.padded(0...59)):\($0.padded(0...59))"
    },
    CellMaker("calendar versions", .utf8) { "\($0.number(2019...2026)).\($0.number(1...12)).\($0.number(1...28))" },
    CellMaker("times with fractions", .time) {
      "\($0.padded(0...23)):\($0.padded(0...59)):\($0.padded(0...59)).\($0.digits($0.number(1...6)))"
    },
    CellMaker("times of nanoseconds", .utf8) { "12:00:00.\($0.digits(8))1" },
    CellMaker("times and 24:00") { $0.pick("24:00", "23:59", "00:00") },
    CellMaker("timestamps of mixed fineness") {
      "\($0.pick("2024", "1999", "2300"))-01-01T00:00:00.\($0.digits($0.number(1...9)))"
    },
    CellMaker("zoned nanoseconds") { "2024-01-01T00:00:00.\($0.digits(9))\($0.pick("Z", "+01:00", "-0930"))" },
    CellMaker("compact dates") { "2024\($0.padded(1...12))\($0.padded(1...28))" },
    CellMaker("times", .time) { "\($0.padded(0...23)):\($0.padded(0...59))" },
    CellMaker("times without zeros", .utf8) { "\($0.number(0...9)):\($0.padded(0...59))" },
    CellMaker("times of half a day", .utf8) { "\($0.number(1...12)):\($0.padded(0...59)) PM" },
    CellMaker("days and months", .utf8) { "\($0.number(1...12))/\($0.number(1...28))" },
    CellMaker("months", .utf8) { "2024-\($0.padded(1...12))" },
    CellMaker("durations", .utf8) { "\($0.number(24...99)):\($0.padded(0...59)):00" },
    CellMaker("timestamps", .timestamp(isUTC: false)) {
      "2024-\($0.padded(1...12))-01 \($0.padded(0...23)):\($0.padded(0...59))"
    },
    CellMaker("timestamps with fractions", .timestamp(isUTC: false)) {
      "1066-10-14T09:\($0.padded(0...59)):\($0.padded(0...59)).\($0.digits($0.number(1...6)))"
    },
    CellMaker("timestamps of nanoseconds", .timestampNanoseconds(isUTC: false)) {
      "2024-01-01T00:00:00.\($0.digits(9))"
    },
    CellMaker("timestamps with offsets", .timestamp(isUTC: true)) {
      "2024-01-01T00:00:00\($0.pick("Z", "+01:00", "-0930", "+14:00"))"
    },
    CellMaker("timestamps with and without a zone", .utf8) { $0.pick("2024-01-01T00:00:00Z", "2024-01-01T00:00:00") },
    CellMaker("leap seconds", .utf8) { $0.pick("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z") },
    CellMaker("dates and times mixed", .utf8) { $0.pick("2024-01-01", "2024-01-01T12:00") },
    CellMaker("years") { "\($0.number(1900...2100))" },
    CellMaker("quarters", .utf8) { "\($0.number(1900...2100))Q\($0.number(1...4))" },
    CellMaker("weeks", .utf8) { "2024-W\($0.padded(1...52))" },
  ]

  @Test("Whatever type is inferred, the value still says what the cell said", arguments: makers)
  func columns(maker: CellMaker) throws {
    for seed in 0..<6 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      // Small columns are often of fewer kinds of cells than large ones.
      let rows = [2, 3, 5, 20, 60, 60][Int(seed)]
      let text = "id,cell\n" + (0..<rows).map { "x\($0),\(maker.make(&generator))\n" }.joined()
      let table = try ReadTable(text, ReadOptions(header: .always))
      let verbatim = try ReadTable(text, ReadOptions(isVerbatim: true))
      #expect(try Rendering.changes(in: table, against: verbatim) == [])
      if rows == 60, let type = maker.type { #expect(table.types[1] == type) }
    }
  }

  @Test(
    "The checker itself knows a change",
    arguments: [
      (.int64(7), "007", .int64), (.float64(1e10), "1E11", .float64), (.bool(false), "NO", .bool), (.null, "NA", .utf8),
      (.float64(0.1), "0.10000000000000002", .float64),
      (.date(days: 0), "1970-01-02", .date),
      (.timestamp(microseconds: 0, isUTC: true), "1970-01-01T01:00:00Z", .timestamp(isUTC: true)),
      (.text("a"), " a", .utf8), (.time(microseconds: 0), "00:01", .time),
      (.decimal(unscaled: 15, scale: 1), "1.51", .decimal(precision: 2, scale: 1)),
      (.int64(1234), "12,34", .int64), (.float64(1.5), "15", .float64),
      (.timestampNanoseconds(1, isUTC: false), "1970-01-01T00:00:00.000000002", .timestampNanoseconds(isUTC: false)),
      (.float64(9_007_199_254_740_992), "9007199254740993", .float64),
      (.timestamp(microseconds: 0, isUTC: true), "1970-01-01T00:00:00", .timestamp(isUTC: true)),
    ] as [(Value, String, ColumnType)])
  func checker(value: Value, cell: String, type: ColumnType) {
    #expect(!Rendering.says(value, cell, type))
  }
}
