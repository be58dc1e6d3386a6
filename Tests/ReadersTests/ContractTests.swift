// SPDX-License-Identifier: Apache-2.0

import IngestTables
import IngestTesting
import Testing
import Validation
import WorkerProtocol

@testable import Readers

@Suite("Types that are asked for")
struct ContractTests {
  private func options(_ rules: [(String, String)] = [], _ change: (inout CellOptions) -> Void = { _ in }) throws
    -> ReadOptions
  {
    var options = ReadOptions(header: .always)
    options.cells.rules = try rules.map { name, type in
      CellOptions.Rule(name: name, type: try #require(RequestedType(type)))
    }
    change(&options.cells)
    return options
  }

  private func text(_ cells: [String]) -> String { "id;value\n" + cells.map { "x;\($0)\n" }.joined() }

  /// Cells, the type that is asked for, the column's type, and its values.
  static let kept: [([String], String, ColumnType, [String?])] = [
    (["1", "2"], "int64", .int64, ["1", "2"]), (["1", "2"], "text", .utf8, ["1", "2"]),
    (["1", "2"], "float64", .float64, ["1.0", "2.0"]), (["1", "2"], "uint64", .uint64, ["1", "2"]),
    (["1", "18446744073709551615"], "integer", .uint64, ["1", "18446744073709551615"]),
    (["-1", "18446744073709551615"], "integer", .decimal(precision: 20, scale: 0), ["-1", "18446744073709551615"]),
    (["1", "2.5"], "decimal(5,2)", .decimal(precision: 5, scale: 2), ["1.00", "2.50"]),
    (["1", "2.5"], "decimal", .decimal(precision: 2, scale: 1), ["1.0", "2.5"]),
    (["1", "2.5"], "number", .float64, ["1.0", "2.5"]),
    (
      ["1", "0.123456789012345678"], "number", .decimal(precision: 19, scale: 18),
      [
        "1.000000000000000000", "0.123456789012345678",
      ]
    ),
    (["1E10", "7"], "float64", .float64, ["10000000000.0", "7.0"]),
    (["NaN", "NA"], "float64", .float64, ["NaN", nil]),
    (["1,234,567", "5"], "float64", .float64, ["1234567.0", "5.0"]),
    (["1,234,567", "5"], "decimal(9,1)", .decimal(precision: 9, scale: 1), ["1234567.0", "5.0"]),
    (["yes", "0", "T", "false", "N", "1"], "bool", .bool, ["true", "false", "true", "false", "false", "true"]),
    (["NA", ""], "int64", .int64, [nil, nil]), (["NA", "x"], "text", .utf8, ["NA", "x"]),
    (["", ""], "date", .date, [nil, nil]), (["12:30"], "time", .time, ["12:30:00"]),
    (["31/12/2024", "1/2/2024"], "date", .date, ["2024-12-31", "2024-02-01"]),
    (
      ["2024-01-01 10:00", "2024-01-01T11:00"], "timestamp", .timestamp(isUTC: false),
      [
        "2024-01-01T10:00:00", "2024-01-01T11:00:00",
      ]
    ),
    (["2024-01-01T10:00Z"], "timestamp", .timestamp(isUTC: true), ["2024-01-01T10:00:00Z"]),
    (["31/12/2024 10:00"], "timestamp[ns]", .timestampNanoseconds(isUTC: false), ["2024-12-31T10:00:00"]),
    (["2024-01-01T10:00:00.5"], "timestamp[ns]", .timestampNanoseconds(isUTC: false), ["2024-01-01T10:00:00.5"]),
  ]

  @Test("A column is of the type that is asked for", arguments: kept)
  func contracts(cells: [String], asked: String, type: ColumnType, values: [String?]) throws {
    let table = try ReadTable(text(cells), try options([("value", asked)]))
    #expect(table.types[1] == type)
    #expect(table.texts.map { $0[1] } == values)
  }

  /// Cells, the type that is asked for, and the number of the first cell that is not of it.
  static let violations: [([String], String, Int)] = [
    (["1", "x", "y"], "int64", 1), (["1", "1.5"], "int64", 1), (["1", "007"], "int64", 1),
    (["1", "9223372036854775808"], "int64", 1), (["1", "-1"], "uint64", 1), (["1.5", "1"], "integer", 0),
    (["1", "0.123456789012345678"], "float64", 1), (["9007199254740993"], "float64", 0), (["x"], "number", 0),
    (["1", "1000"], "decimal(5,2)", 1), (["1", "0.125"], "decimal(5,2)", 1), (["1", "1e2"], "decimal(5,2)", 1),
    (["1", "NaN"], "decimal(5,2)", 1), (["1", "x"], "decimal", 1), (["1", "1e-5"], "decimal", 1),
    (["1,234"], "int64", 0), (["1,50", "k.A."], "float64", 1), (["1,234,567", "1,5"], "float64", 0),
    (["true", "maybe"], "bool", 1),
    (["1", "2"], "bool", 1), (["12:30", "24:00"], "time", 1), (["2024-01-01", "01.01.2024"], "date", 1),
    (["03/04/2024"], "date", 0), (["31/12/2024", "12/31/2024"], "date", 1),
    (["2024-01-01", "2024-01-01T10:00"], "date", 1),
    (["2024-01-01T10:00Z", "2024-01-01T10:00"], "timestamp", 1),
    (["2024-01-01T10:00", "2024-01-01T10:00:00.1234567"], "timestamp", 1), (["2024-01-01"], "timestamp", 0),
    (["2024-01-01T10:00", "1600-01-01T10:00"], "timestamp[ns]", 1), (["\"\""], "int64", 0), (["\"NA\""], "int64", 0),
  ]

  @Test("The first cell that is not of it refuses the table, with its place", arguments: violations)
  func refusals(cells: [String], asked: String, wrong: Int) throws {
    let rejection = try #require(
      try rejection(of: Array(text(cells).utf8), try options([("value", asked)])))
    #expect(rejection.code == .contractViolated)
    #expect(rejection.column == 2 && rejection.line == UInt64(wrong + 2))
    let before = cells[..<wrong].map { "x;\($0)\n" }.joined().utf8.count
    let quote = cells[wrong].hasPrefix("\"") ? 1 : 0
    let offset = "id;value\nx;".utf8.count + before + quote
    #expect(rejection.byteOffset == UInt64(offset))
    #expect(rejection.example == cells[wrong].filter { $0 != "\"" })
    #expect(rejection.expected == asked)
  }

  @Test("Of several columns the first wrong cell in the file counts")
  func severalColumns() throws {
    let text = "a,b\n1,2\n3,x\ny,4\n"
    let rejection = try rejection(of: Array(text.utf8), try options([("a", "int64"), ("b", "int64")]))
    #expect(rejection?.line == 3 && rejection?.column == 2 && rejection?.example == "x")
  }

  @Test("A type for a column that does not exist refuses the table")
  func missing() throws {
    let rejection = try rejection(of: Array("a,b\n1,2\n".utf8), try options([("c", "int64")]))
    #expect(rejection?.code == .columnMissing && rejection?.example == "c")
  }

  @Test("An example is bounded, and what is shown of it is escaped")
  func examples() throws {
    let cell = String(repeating: "日\u{202E}", count: 500)
    let rejection = try #require(try rejection(of: Array("a\n1\n\(cell)\n".utf8), try options([("a", "int64")])))
    #expect((rejection.example?.utf8.count ?? 0) <= 64)
    #expect(rejection.detail.contains("is no int64, at line 3, column 1"))
    #expect(!rejection.detail.contains("\u{202E}"))
  }

  @Test("Everything can be text, but for what is asked for otherwise")
  func allText() throws {
    let table = try ReadTable(
      "a,b,c\n1, 2.5 ,NA\n007,,2024-01-01\n", try options([("a", "text"), ("b", "float64")]) { $0.isAllText = true })
    #expect(table.types == [.utf8, .float64, .utf8])
    #expect(table.texts == [["1", "2.5", "NA"], ["007", nil, "2024-01-01"]])
    #expect(table.findings.notes.isEmpty)
  }

  @Test(
    "An order decides dates that read both ways, and no others",
    arguments: [
      (CellOptions.DateOrder.dmy, ["2024-04-03", "2024-12-31"]), (.mdy, ["2024-03-04", "2024-12-31"]),
    ])
  func order(order: CellOptions.DateOrder, days: [String]) throws {
    let table = try ReadTable(
      "a;b;c\n03/04/2024;31/12/2024;3.4.2024 10:00\n03/04/2024;31/12/2024;3.4.2024 10:00\n",
      try options { $0.dateOrder = order })
    #expect(table.types == [.date, .date, .timestamp(isUTC: false)])
    #expect(table.texts[0] == [days[0], days[1], days[0] + "T10:00:00"])
  }

  @Test("A column's own order goes before that of the file")
  func ownOrder() throws {
    var asked = try options { $0.dateOrder = .dmy }
    asked.cells.rules = [CellOptions.Rule(name: "b", type: .date, dateOrder: .mdy)]
    let table = try ReadTable("a;b\n03/04/2024;03/04/2024\n03/04/2024;03/04/2024\n", asked)
    #expect(table.texts[0] == ["2024-04-03", "2024-03-04"])
  }

  @Test(
    "A column's own order refuses dates of another one",
    arguments: [
      ("12/31/2024", RequestedType.date, CellOptions.DateOrder.dmy), ("31/12/2024", .date, .mdy),
      ("2024-01-02", .date, .dmy), ("2024-01-02 10:00", .timestamp, .dmy), ("12/31/2024 10:00", .timestamp, .dmy),
      ("12/31/2024 10:00", .timestampNanoseconds, .dmy),
    ])
  func strictOrder(cell: String, type: RequestedType, order: CellOptions.DateOrder) throws {
    var asked = ReadOptions(header: .always)
    asked.cells.rules = [CellOptions.Rule(name: "a", type: type, dateOrder: order)]
    let rejection = try rejection(of: Array("a,b\n\(cell),1\n".utf8), asked)
    #expect(rejection?.code == .contractViolated && rejection?.example == cell)
  }

  @Test(
    "Where commas are decimal marks, points stand between thousands",
    arguments: [
      (["1,234", "5"], .float64, ["1.234", "5.0"]), (["1.234", "5.678"], .int64, ["1234", "5678"]),
      (["1.234", "0,5"], .float64, ["1234.0", "0.5"]), (["1.5", "2.5"], .utf8, ["1.5", "2.5"]),
      (["1", "2"], .int64, ["1", "2"]), (["1 234", "0,5"], .float64, ["1234.0", "0.5"]),
      (["1,234,567"], .utf8, ["1,234,567"]),
    ] as [([String], ColumnType, [String?])])
  func decimalComma(cells: [String], type: ColumnType, values: [String?]) throws {
    let table = try ReadTable(text(cells), try options { $0.hasDecimalComma = true })
    #expect(table.types[1] == type)
    #expect(table.texts.map { $0[1] } == values)
  }

  @Test("More words stand for null, unless they are quoted, and text keeps them")
  func nullWords() throws {
    let table = try ReadTable(
      "a,b,c\n1,k.A.,x\n-999,2.5,k.A.\n", try options { $0.nullWords = ["k.A.", "-999"] })
    #expect(table.types == [.int64, .float64, .utf8])
    #expect(table.texts == [["1", nil, "x"], [nil, "2.5", "k.A."]])
    #expect(table.note(.nullWords)?.example == "-999")
    let quoted = try ReadTable("a,b\n1,x\n\"k.A.\",y\n", try options { $0.nullWords = ["k.A."] })
    #expect(quoted.types[0] == .utf8)
  }

  @Test("A column without any value is dropped at the end only if no type is given for it")
  func emptyColumn() throws {
    let table = try ReadTable("a,b\n1,\n2,\n", try options([("b", "date")]))
    #expect(table.types == [.int64, .date])
  }
}
