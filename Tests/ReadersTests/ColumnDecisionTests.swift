// SPDX-License-Identifier: Apache-2.0

import IngestTables
import Testing
import WorkerProtocol

@testable import Readers

@Suite("Column decisions")
struct ColumnDecisionTests {
  /// Cells of one column (`""` is absent), its type, and its values as text (nil for null).
  static let mixes: [([String], ColumnType, [String?])] = [
    (["1", "2"], .int64, ["1", "2"]), (["1", "", "3"], .int64, ["1", nil, "3"]),
    (["-1", "18446744073709551615"], .decimal(precision: 20, scale: 0), ["-1", "18446744073709551615"]),
    (["0", "18446744073709551615"], .uint64, ["0", "18446744073709551615"]), (["1", "1.5"], .float64, ["1.0", "1.5"]),
    (["9007199254740993", "1.5"], .decimal(precision: 17, scale: 1), ["9007199254740993.0", "1.5"]),
    (["9007199254740992", "1.5"], .float64, ["9007199254740992.0", "1.5"]),
    (["1E10", "2E05"], .utf8, ["1E10", "2E05"]), (["1E10", "1.5"], .float64, ["10000000000.0", "1.5"]),
    (["1E10", "1e-3"], .float64, ["10000000000.0", "0.001"]),
    (["1E10", "7"], .utf8, ["1E10", "7"]), (["-0", "5"], .float64, ["-0.0", "5.0"]),
    (["007", "1"], .utf8, ["007", "1"]), (["+1", "2"], .utf8, ["+1", "2"]),
    (["true", "FALSE"], .bool, ["true", "false"]), (["true", "1"], .utf8, ["true", "1"]),
    (["true", "NA"], .bool, ["true", nil]), (["T", "F"], .utf8, ["T", "F"]),
    (["NA", "NA"], .utf8, ["NA", "NA"]), (["NA", ""], .utf8, ["NA", nil]),
    (["NA", "1", "null", "-"], .int64, [nil, "1", nil, nil]), (["NA", "x"], .utf8, ["NA", "x"]),
    (["na", "1"], .utf8, ["na", "1"]), (["\"NA\"", "1"], .utf8, ["NA", "1"]),
    (["NaN", "1.5"], .float64, ["NaN", "1.5"]), (["NaN", "1"], .float64, ["NaN", "1.0"]),
    (["NaN", "inf"], .utf8, ["NaN", "inf"]), (["NaN", "NA"], .utf8, ["NaN", "NA"]),
    (["-inf", "0.5"], .float64, ["-inf", "0.5"]), (["None", "2024-01-02"], .date, [nil, "2024-01-02"]),
    (["2024-01-02", "2023-12-31"], .date, ["2024-01-02", "2023-12-31"]),
    (["2024-01-02", "2024/01/02"], .utf8, ["2024-01-02", "2024/01/02"]),
    (["2024-01-02", "1"], .utf8, ["2024-01-02", "1"]),
    (["03/04/2024", "05/06/2024"], .utf8, ["03/04/2024", "05/06/2024"]),
    (["03/04/2024", "31/12/2024"], .date, ["2024-04-03", "2024-12-31"]),
    (["03/04/2024", "12/31/2024"], .date, ["2024-03-04", "2024-12-31"]),
    (["31/12/2024", "12/31/2024"], .utf8, ["31/12/2024", "12/31/2024"]),
    (
      ["2024-01-02T03:04", "2024-01-02T03:04:05.5"], .timestamp(isUTC: false),
      ["2024-01-02T03:04:00", "2024-01-02T03:04:05.5"]
    ),
    (["2024-01-02 03:04", "2024-01-02T03:04"], .utf8, ["2024-01-02 03:04", "2024-01-02T03:04"]),
    (["2024-01-02T03:04Z", "2024-01-02T03:04"], .utf8, ["2024-01-02T03:04Z", "2024-01-02T03:04"]),
    (
      ["2024-01-02T03:04Z", "2024-01-02T03:04+01:00"], .timestamp(isUTC: true),
      ["2024-01-02T03:04:00Z", "2024-01-02T02:04:00Z"]
    ),
    (["2024-01-02", "2024-01-02T03:04"], .utf8, ["2024-01-02", "2024-01-02T03:04"]),
    (
      ["2024-01-02T03:04:05.1234567", "2024-01-02T03:04"], .timestampNanoseconds(isUTC: false),
      ["2024-01-02T03:04:05.1234567", "2024-01-02T03:04:00"]
    ),
    (
      ["2024-01-02T03:04:05.1234567", "1600-01-02T03:04"], .utf8,
      ["2024-01-02T03:04:05.1234567", "1600-01-02T03:04"]
    ),
    (
      ["2024-01-02T03:04:05.000000001+01:00", "2024-01-02T03:04Z"], .timestampNanoseconds(isUTC: true),
      ["2024-01-02T02:04:05.000000001Z", "2024-01-02T03:04:00Z"]
    ),
    (["1,5"], .float64, ["1.5"]), (["1,234", "5,678"], .utf8, ["1,234", "5,678"]),
    (["$5", "$6"], .utf8, ["$5", "$6"]),
    (["5%", "6%"], .utf8, ["5%", "6%"]),
    ([" 5 ", "6"], .int64, ["5", "6"]), (["  ", "6"], .int64, [nil, "6"]), (["  ", "x"], .utf8, ["  ", "x"]),
    (["\" \"", "6"], .utf8, [" ", "6"]), (["\"\"", "6"], .utf8, ["", "6"]),
    (["\"5\"", "6"], .int64, ["5", "6"]), (["", "\"\""], .utf8, [nil, ""]),
    (["\"\"\"5\"\"\"", "6"], .utf8, ["\"5\"", "6"]), (["1.50", "2.0"], .float64, ["1.5", "2.0"]),
    (
      ["0.1", "12345678901234567890.5"], .decimal(precision: 21, scale: 1),
      ["0.1", "12345678901234567890.5"]
    ),
    (["5.", ".5", "-.5"], .float64, ["5.0", "0.5", "-0.5"]),
    (["99999999999999999999", "1"], .decimal(precision: 20, scale: 0), ["99999999999999999999", "1"]),
    (["1e400", "1.5"], .utf8, ["1e400", "1.5"]),
  ]

  /// The same for types that only some cells force.
  static let rare: [([String], ColumnType, [String?])] = [
    (["123456789012345678.5", "1.25"], .decimal(precision: 20, scale: 2), ["123456789012345678.50", "1.25"]),
    (["123456789012345678.5", "NA"], .decimal(precision: 19, scale: 1), ["123456789012345678.5", nil]),
    (["123456789012345678.5", "1e5"], .utf8, ["123456789012345678.5", "1e5"]),
    (["123456789012345678.5", "-0"], .utf8, ["123456789012345678.5", "-0"]),
    (["123456789012345678.5", "NaN"], .utf8, ["123456789012345678.5", "NaN"]),
    (
      ["12345678901234567890123456789012345678", "0.5"], .utf8, ["12345678901234567890123456789012345678", "0.5"]
    ),
    (
      ["0.12345678901234567890123456789012345678"], .decimal(precision: 38, scale: 38),
      ["0.12345678901234567890123456789012345678"]
    ),
    (["100000000000000000000000000000000000000", "1"], .utf8, ["100000000000000000000000000000000000000", "1"]),
    (["12:30", "23:59:59.5"], .time, ["12:30:00", "23:59:59.5"]), (["12:30", "24:00"], .utf8, ["12:30", "24:00"]),
    (["12:30", "NA"], .time, ["12:30:00", nil]),
    (["31/12/2024 23:59", "1/2/2024 3:04"], .timestamp(isUTC: false), ["2024-12-31T23:59:00", "2024-02-01T03:04:00"]),
    (
      ["2024-1-5 10:00", "2024-10-15 10:00"], .timestamp(isUTC: false), ["2024-01-05T10:00:00", "2024-10-15T10:00:00"]
    ),
    (["1/2/2024 3:04", "3/4/2024 5:06"], .utf8, ["1/2/2024 3:04", "3/4/2024 5:06"]),
    (["31/12/2024", "31/12/2024 10:00"], .utf8, ["31/12/2024", "31/12/2024 10:00"]),
    (["1/2/2024", "13/2/2024"], .date, ["2024-02-01", "2024-02-13"]),
    (["2024-1-5", "2024-01-06"], .date, ["2024-01-05", "2024-01-06"]),
    (["1,234", "1,234,567"], .int64, ["1234", "1234567"]), (["1,234", "1,234.5"], .float64, ["1234.0", "1234.5"]),
    (["1,234", "0,25"], .float64, ["1.234", "0.25"]), (["1,234", "17"], .utf8, ["1,234", "17"]),
    (["1.234", "1.234,5"], .float64, ["1234.0", "1234.5"]), (["1.5", "1.234,5"], .utf8, ["1.5", "1.234,5"]),
    (["1.5", "1,5"], .utf8, ["1.5", "1,5"]), (["0,25", "1,234,567"], .utf8, ["0,25", "1,234,567"]),
    (["1 234,5", "12"], .float64, ["1234.5", "12.0"]), (["1 234", "5 678"], .utf8, ["1 234", "5 678"]),
    (["612 345 678", "987 654 321"], .utf8, ["612 345 678", "987 654 321"]),
    (["1 345 678", "987 654 321"], .int64, ["1345678", "987654321"]),
    (["612.345.678", "987.654.321"], .utf8, ["612.345.678", "987.654.321"]),
    (["192.168.100.101", "10.100.100.200"], .utf8, ["192.168.100.101", "10.100.100.200"]),
    (["1'234.50", "999"], .float64, ["1234.5", "999.0"]),
    (["18,446,744,073,709,551,615", "1"], .uint64, ["18446744073709551615", "1"]),
    (
      ["18,446,744,073,709,551,616", "1,234.5"], .decimal(precision: 21, scale: 1),
      ["18446744073709551616.0", "1234.5"]
    ),
    (
      ["123456789012345678,5", "1,234"], .decimal(precision: 21, scale: 3), ["123456789012345678.500", "1.234"]
    ),
    (["1,5", "-0,0"], .float64, ["1.5", "-0.0"]), (["1,5", "1e5"], .utf8, ["1,5", "1e5"]),
    (["1,5", "NaN"], .utf8, ["1,5", "NaN"]), (["1,5", "NA", ""], .float64, ["1.5", nil, nil]),
    (["yes", "no"], .utf8, ["yes", "no"]), (["NO", "DE"], .utf8, ["NO", "DE"]),
  ]

  @Test("A column has the type that loses nothing", arguments: mixes + rare)
  func decisions(cells: [String], type: ColumnType, values: [String?]) throws {
    // A first column keeps a line with an absent cell from being blank.
    let text = "id;value\n" + cells.map { "x;\($0)\n" }.joined()
    let table = try ReadTable(text, ReadOptions(header: .always))
    #expect(table.types == [.utf8, type])
    #expect(table.texts.map { $0[1] } == values)
  }

  @Test("The order of the rows does not matter, nor does a row that stands twice", arguments: mixes + rare)
  func order(cells: [String], type: ColumnType, values: [String?]) throws {
    let reversed = Array(cells.reversed()) + cells
    let table = try ReadTable("id;value\n" + reversed.map { "x;\($0)\n" }.joined(), ReadOptions(header: .always))
    #expect(table.types[1] == type)
    #expect(table.texts.map { $0[1] } == Array(values.reversed()) + values)
  }

  @Test("What was nearly a number is reported with its line and place")
  func nearMiss() throws {
    let rows = (0..<20).map { $0 == 16 ? "abc" : "\($0).5" }
    let table = try ReadTable("amount,n\n" + rows.map { "\($0),1\n" }.joined())
    let note = try #require(table.note(.nearMiss))
    #expect(table.types == [.utf8, .int64])
    #expect(note.type == .float64 && note.count == 1 && note.line == 18 && note.example == "abc" && note.column == 1)
    #expect(note.byteOffset == UInt64(9 + rows[..<16].reduce(0) { $0 + $1.utf8.count + 3 }))
  }

  @Test("A table without any value still has its rows", arguments: ["a,b\n,\n,\n", "a\n\n\n", "a,b\n,\n\n,\n"])
  func noValues(text: String) throws {
    let table = try ReadTable(text, ReadOptions(header: .always))
    #expect(table.rowCount == 2)
    #expect(table.types.allSatisfy { $0 == .null })
  }

  @Test("Ambiguous dates, null words and offsets are reported")
  func notes() throws {
    let table = try ReadTable("d;n;t\n03/04/2024;NA;2024-01-02T03:04+01:00\n05/06/2024;5;2024-01-02T03:04Z\n")
    #expect(table.note(.ambiguousDates)?.column == 1)
    #expect(table.note(.nullWords)?.column == 2)
    #expect(table.note(.nullWords)?.example == "NA")
    #expect(table.note(.offsetsNormalised)?.column == 3)
    #expect(table.note(.offsetsNormalised)?.line == 2)
  }

  @Test(
    "What a column could be is hinted at",
    arguments: [
      (["1,234", "5,678"], .ambiguousNumbers), (["612 345 678", "987 654 321"], .ambiguousNumbers),
      (["5%", "6 %"], .numbersWithUnits), (["$5", "$6.50"], .numbersWithUnits), (["yes", "NO"], .booleanWords),
      (["T", "F"], .booleanWords), (["1/2/2024 3:04", "3/4/2024 5:06"], .ambiguousDates),
    ] as [([String], Note.Kind)])
  func hints(cells: [String], kind: Note.Kind) throws {
    let table = try ReadTable("id;value\n" + cells.map { "x;\($0)\n" }.joined(), ReadOptions(header: .always))
    #expect(table.findings.notes.map(\.kind) == [kind])
    let note = try #require(table.note(kind))
    #expect(note.column == 2 && note.line == 2 && note.example == cells[0] && note.count == 2)
  }

  @Test(
    "Nearly a time, a decimal, a timestamp or a formatted number",
    arguments: [
      ("12:30", "noon", .time), ("123456789012345678.5", "x", .decimal(precision: 19, scale: 1)),
      ("1.234,5", "x", .float64), ("0,5", "x", .float64), ("31/12/2024 10:00", "x", .timestamp(isUTC: false)),
      ("2024-01-02T03:04Z", "x", .timestamp(isUTC: true)), ("2024-01-02 03:04", "x", .timestamp(isUTC: false)),
      ("31.12.2024", "x", .date), ("2024-01-02", "31/12/2024", .date),
      ("2024-01-02T03:04Z", "2024-01-02T03:04", .timestamp(isUTC: true)),
    ] as [(String, String, ColumnType)])
  func nearMisses(cell: String, other: String, type: ColumnType) throws {
    let rows = (0..<20).map { $0 == 16 ? other : cell }
    let table = try ReadTable("id;value\n" + rows.map { "x;\($0)\n" }.joined(), ReadOptions(header: .always))
    let note = try #require(table.note(.nearMiss))
    #expect(note.type == type && note.count == 1 && note.line == 18 && note.example == other)
  }

  @Test(
    "Dates and times of formats that no column has together are nearly nothing",
    arguments: [
      ["2024-01-02", "31/12/2024"], ["2024-01-02T03:04Z", "2024-01-02T03:04"], ["2024-01-02", "2024-01-02T03:04"],
      ["31/12/2024 10:00", "2024-01-02T03:04"],
    ])
  func noNearMiss(cells: [String]) throws {
    let rows = (0..<40).map { $0 == 16 ? "x" : cells[$0 % 2] }
    let table = try ReadTable("id;value\n" + rows.map { "x;\($0)\n" }.joined(), ReadOptions(header: .always))
    #expect(table.types[1] == .utf8 && table.note(.nearMiss) == nil)
  }

  @Test("An example is cut to 64 bytes, and never inside of a character's bytes")
  func longExamples() throws {
    let long = String(repeating: "日", count: 500)
    let table = try ReadTable("a,b\n" + String(repeating: "1,2\n", count: 20) + "\(long),2\n")
    let note = try #require(table.note(.nearMiss))
    #expect(note.example == String(repeating: "日", count: 21))
  }
}
