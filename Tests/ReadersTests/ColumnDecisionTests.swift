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
    (["-1", "18446744073709551615"], .utf8, ["-1", "18446744073709551615"]),
    (["0", "18446744073709551615"], .uint64, ["0", "18446744073709551615"]), (["1", "1.5"], .float64, ["1.0", "1.5"]),
    (["9007199254740993", "1.5"], .utf8, ["9007199254740993", "1.5"]),
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
    (["2024-01-02T03:04:05.1234567"], .utf8, ["2024-01-02T03:04:05.1234567"]),
    (["1,5"], .utf8, ["1,5"]), (["1,234", "5,678"], .utf8, ["1,234", "5,678"]), (["$5", "$6"], .utf8, ["$5", "$6"]),
    (["5%", "6%"], .utf8, ["5%", "6%"]),
    ([" 5 ", "6"], .int64, ["5", "6"]), (["  ", "6"], .utf8, ["  ", "6"]), (["\"\"", "6"], .utf8, ["", "6"]),
    (["\"5\"", "6"], .int64, ["5", "6"]), (["", "\"\""], .utf8, [nil, ""]),
    (["\"\"\"5\"\"\"", "6"], .utf8, ["\"5\"", "6"]), (["1.50", "2.0"], .float64, ["1.5", "2.0"]),
    (["0.1", "12345678901234567890.5"], .utf8, ["0.1", "12345678901234567890.5"]),
    (["5.", ".5", "-.5"], .float64, ["5.0", "0.5", "-0.5"]),
    (["99999999999999999999", "1"], .utf8, ["99999999999999999999", "1"]),
    (["1e400", "1.5"], .utf8, ["1e400", "1.5"]),
  ]

  @Test("A column has the type that loses nothing", arguments: mixes)
  func decisions(cells: [String], type: ColumnType, values: [String?]) throws {
    // A first column keeps a line with an absent cell from being blank.
    let text = "id;value\n" + cells.map { "x;\($0)\n" }.joined()
    let table = try ReadTable(text, ReadOptions(header: .always))
    #expect(table.types == [.utf8, type])
    #expect(table.texts.map { $0[1] } == values)
  }

  @Test("The order of the rows does not matter, nor does a row that stands twice", arguments: mixes)
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

  @Test("An example is cut to 64 bytes, and never inside of a character's bytes")
  func longExamples() throws {
    let long = String(repeating: "日", count: 500)
    let table = try ReadTable("a,b\n" + String(repeating: "1,2\n", count: 20) + "\(long),2\n")
    let note = try #require(table.note(.nearMiss))
    #expect(note.example == String(repeating: "日", count: 21))
  }
}
