// SPDX-License-Identifier: Apache-2.0

import IngestTables
import Testing
import Validation
import WorkerProtocol

@testable import Readers

@Suite("Tables of one text")
struct TextTablesTests {
  private static let three = ParsingThreads(count: 3)

  private static func options(table: Int, isVerbatim: Bool = false) throws -> ReadOptions {
    var options = ReadOptions(isVerbatim: isVerbatim)
    try options.dialect.set(.table, to: "\(table)")
    return options
  }

  /// A table that is asked for: its names, types and rows.
  struct Expected: Sendable {
    let names: [String]
    let types: [ColumnType]
    let rows: Int
    var above: UInt64 = 0
    var below: UInt64 = 0
  }

  private static let cities = "city,visits,rate\nOslo,12,0.5\nBern,7,0.25\n"
  private static let people = "name,born\nAnn,1980\nBob,1991\nEve,1977\n"

  static let cases: [(String, [Expected])] = [
    (
      cities + "\n\n" + people,
      [
        Expected(names: ["city", "visits", "rate"], types: [.utf8, .int64, .float64], rows: 2),
        Expected(names: ["name", "born"], types: [.utf8, .int64], rows: 3),
      ]
    ),
    // Titles and notes of each
    (
      "First\n\n" + cities + "Source: own survey.\n\nSecond\n\n" + people + "\nNote: nobody else.\n",
      [
        Expected(names: ["city", "visits", "rate"], types: [.utf8, .int64, .float64], rows: 2, above: 2, below: 1),
        Expected(names: ["name", "born"], types: [.utf8, .int64], rows: 3, above: 2, below: 1),
      ]
    ),
    // Another delimiter, other line ends within the same text, and quotes
    (
      cities + "Rome,9,1.5\nPisa,3,2.5\nBari,4,0.5\n\n"
        + "name;born;weight\nAnn;1980;1,5\n\"B;b\";1991;2,25\nEve;1977;1.234,5\n",
      [
        Expected(names: ["city", "visits", "rate"], types: [.utf8, .int64, .float64], rows: 5),
        Expected(names: ["name", "born", "weight"], types: [.utf8, .int64, .float64], rows: 3),
      ]
    ),
    (
      cities + "\n" + "name\tborn\nAnn\t1980\nBob\t1991\n\n" + "a,b,c,d\n1,2,3,x\n4,5,6,y\n",
      [
        Expected(names: ["city", "visits", "rate"], types: [.utf8, .int64, .float64], rows: 2),
        Expected(names: ["name", "born"], types: [.utf8, .int64], rows: 2),
        Expected(names: ["a", "b", "c", "d"], types: [.int64, .int64, .int64, .utf8], rows: 2),
      ]
    ),
    // The same width as the table above, and the same header twice
    (
      cities + "\ntown,people,share\nRome,1,0.5\nPisa,2,1.5\n\ntown,people,share\nBari,3,2.5\n",
      [
        Expected(names: ["city", "visits", "rate"], types: [.utf8, .int64, .float64], rows: 2),
        Expected(names: ["town", "people", "share"], types: [.utf8, .int64, .float64], rows: 2),
        Expected(names: ["town", "people", "share"], types: [.utf8, .int64, .float64], rows: 1),
      ]
    ),
    // One table
    (cities, [Expected(names: ["city", "visits", "rate"], types: [.utf8, .int64, .float64], rows: 2)]),
  ]

  @Test(
    "A text may end in a quoted cell with text behind its quote, whose end is the file's",
    arguments: ["\nname;value\nx;1\ny;2\n\"p,q\"r", "\nx;y\n1;2\n3;4\n\"\"\"J\"u", "\n\"\"\"J\"u"])
  func textBehindTheLastQuote(_ ending: String) throws {
    let rows = (1...12).map { "\($0),\($0 + 1)\n" }.joined()
    for isVerbatim in [false, true] {
      let table = try ReadTable("a,b\n" + rows + ending, ReadOptions(isVerbatim: isVerbatim))
      #expect(table.rowCount >= 12)
    }
  }

  @Test("Each table of a text is read by its number, with its own names and types", arguments: cases)
  func byNumber(text: String, expected: [Expected]) throws {
    for end in ["\n", "\r\n", "\r"] {
      let text = text.replacing("\n", with: end)
      var totals: Set<UInt64> = []
      var places: Set<[Dialect.TablePlace]> = []
      for (number, expected) in expected.enumerated() {
        let table = try ReadTable(text, Self.options(table: number + 1))
        #expect(table.names == expected.names && table.types == expected.types)
        #expect(table.rowCount == expected.rows)
        let (findings, dialect) = (table.findings, table.findings.dialect)
        #expect(dialect.preambleRows == expected.above && dialect.footnoteRows == expected.below)
        #expect(findings.records - findings.setAside == UInt64(table.rowCount))
        #expect(dialect.table == UInt8(number + 1))
        totals.insert(findings.records)
        places.insert(dialect.tables)
        let verbatim = try ReadTable(text, Self.options(table: number + 1, isVerbatim: true))
        #expect(verbatim.rowCount == expected.rows + 1 && verbatim.findings.records == findings.records)
      }
      // Whichever is read, the text has the same records and the same tables.
      #expect(totals.count == 1 && places.count == 1)
      #expect(
        places.first?.map { $0.records } ?? [] == (expected.count > 1 ? expected.map { UInt64($0.rows + 1) } : []))
    }
  }

  @Test("All tables of a text are read at once, each with the records of its own stretch", arguments: cases)
  func all(text: String, expected: [Expected]) throws {
    var options = ReadOptions()
    try options.dialect.set(.table, to: "all")
    let tables = try ReadTable.all(text, options)
    #expect(tables.map(\.names) == expected.map(\.names))
    #expect(tables.map(\.types) == expected.map(\.types))
    #expect(tables.map(\.rowCount) == expected.map(\.rows))
    #expect(tables.map { Int($0.findings.dialect.table) } == Array(1...expected.count))
    for table in tables {
      #expect(table.findings.records - table.findings.setAside == UInt64(table.rowCount))
      #expect(table.note(.otherTables) == nil)
    }
    #expect(tables.reduce(0) { $0 + $1.findings.records } == (try ReadTable(text).findings.records))
  }

  @Test("Where the text is none, no table leaves before that is known")
  func allOrNone() throws {
    var options = ReadOptions()
    try options.dialect.set(.table, to: "all")
    let bytes = Array((Self.cities + "\n" + Self.people).utf8) + [0xFF, 0x0A]
    var finished = 0
    let output = ReaderOutput(
      open: { _ in try makeFile() }, finish: { _, _, _ in finished += 1 }, finishRejects: { _ in },
      progress: { _, _ in })
    #expect(throws: Rejection.self) {
      try CSVReader(MappedBytes(bytes), options: options, limits: ReadLimits(Limits())).read(to: output)
    }
    #expect(finished == 0)
  }

  @Test("A table's place is the line of its header, its records and its columns")
  func places() throws {
    let text = "First\n\n" + Self.cities + "\nSecond\n" + Self.people
    let findings = try ReadTable(text).findings
    #expect(
      findings.dialect.tables == [
        Dialect.TablePlace(line: 3, records: 3, columns: 3), Dialect.TablePlace(line: 8, records: 4, columns: 2),
      ])
    #expect(findings.lines.map(\.part) == [.preamble, .table, .table, .table, .table, .table])
    #expect(findings.lines.map(\.line) == [1, 7, 8, 9, 10, 11])
    let second = try ReadTable(text, Self.options(table: 2)).findings
    #expect(second.lines.map(\.part) == [.table, .table, .table, .table, .preamble])
    #expect(second.lines.map(\.line) == [1, 3, 4, 5, 7])
  }

  @Test("A number that the text does not have is refused, with the places of those that it has")
  func missing() throws {
    let text = Array((Self.cities + "\n" + Self.people).utf8)
    let refused = try rejection(of: text, Self.options(table: 3))
    #expect(refused?.code == .tableMissing && refused?.actual == 3 && refused?.tableLines == [1, 5])
    #expect(refused?.detail.contains("(3; it has 2, which start on lines 1, 5)") == true)
    let single = try rejection(of: Array(Self.cities.utf8), Self.options(table: 2))
    #expect(single?.detail.contains("(2; it has one, which starts on line 1)") == true)
  }

  @Test("What is stated of the dialect holds for the table that is asked for")
  func stated() throws {
    let text = Self.cities + "\n" + Self.people
    var options = try Self.options(table: 2)
    try options.dialect.set(.headerRows, to: "0")
    #expect(try ReadTable(text, options).rowCount == 4)
    // Lines above the first table are no matter of the second.
    options = try Self.options(table: 2)
    try options.dialect.set(.skipRows, to: "1")
    #expect(try ReadTable("Title\n" + text, options).names == ["name", "born"])
    // Columns whose types are given are those of the table that is read.
    options = try Self.options(table: 2)
    options.cells.rules = [CellOptions.Rule(name: "born", type: .text)]
    #expect(try ReadTable(text, options).types == [.utf8, .utf8])
  }

  @Test("Of very many tables the last that is told apart holds the rest, and nothing is lost")
  func many() throws {
    let text = (0..<300).map { "a\($0),b\n1,2\n3,4\n\n" }.joined()
    let first = try ReadTable(text).findings
    #expect(first.dialect.tables.count == Dialect.mostTables)
    #expect(first.records == 900)
    var options = try Self.options(table: Dialect.mostTables)
    try options.dialect.set(.headerRows, to: "1")
    let last = try ReadTable(text, options)
    #expect(last.findings.records == 900 && last.rowCount == 200 * 3 + 2)
  }

  // MARK: Beyond the sample

  /// Long rows, so that few of them fill a mebibyte.
  private static let wide = String(repeating: "abcde ", count: 170)
  private static func rows(_ count: Int) -> String { (0..<count).map { "\($0),\(wide),1.5\n" }.joined() }
  private static func pairs(_ count: Int) -> String { "k,v\n" + String(repeating: "\(wide),1\n", count: count) }

  /// Tables behind more than a mebibyte of rows: what stands there, and the rows of each table.
  static let longTexts: [(String, [Int])] = [
    ("\nk,v\na,1\nb,2\n", [1200, 2]), ("\n\nSecond\n\nk,v\na,1\nb,2\n\nNote: the end of it.\n", [1200, 2]),
    ("Note: the end of it.\n\nk,v\na,1\nb,2\n", [1200, 2]), ("\n" + pairs(1200), [1200, 1200]),
    ("\n" + pairs(1200) + "\nn,text,x\n" + rows(80) + "\nx;y\n1;2\n3;4\n", [1200, 1200, 80, 2]),
    // A blank line, ragged rows and texts are none
    ("\n" + rows(10), [1210]), ("\n\n1,2\n3,4\n", [1202]), ("\nsum,,3\n", [1201]), ("\nx,y\n", [1201]),
  ]

  @Test("A table below a long one is found where it starts, however the text is cut and shared", arguments: longTexts)
  func long(below: String, rows: [Int]) throws {
    let bytes = Array(("n,text,x\n" + Self.rows(1200) + below).utf8)
    for (threads, block) in [(ParsingThreads.alone, 4 << 20), (Self.three, 50_000)] {
      let sizes = PassSizes(block: { _ in block })
      var totals: Set<UInt64> = []
      for (number, expected) in rows.enumerated() {
        let options = try Self.options(table: number + 1)
        let table = try ReadTable(bytes: bytes, options, sizes: sizes, threads: threads)
        #expect(table.rowCount == expected)
        #expect(table.findings.records - table.findings.setAside == UInt64(expected))
        #expect(table.findings.dialect.tables.count == (rows.count > 1 ? rows.count : 0))
        totals.insert(table.findings.records)
      }
      #expect(totals.count == 1)
      let refused = try rejection(
        of: bytes, Self.options(table: rows.count + 1), sizes: sizes, threads: threads)
      #expect(refused?.code == .tableMissing && refused?.tableLines.count == rows.count)
    }
  }

  @Test("A table below a long one does not change what the long one is")
  func unchanged() throws {
    let rows = Self.rows(1200)
    let alone = try ReadTable("n,text,x\n" + rows)
    let table = try ReadTable("n,text,x\n" + rows + "\nk,v\na,x\nb,y\n", threads: Self.three)
    #expect(table.schema == alone.schema && table.batchRows == alone.batchRows)
    #expect(table.columns == alone.columns)
  }

  @Test("What looks like another table within quotes is a cell", arguments: [false, true])
  func quoted(isVerbatim: Bool) throws {
    let cell = "\n\nk,v\na,1\nb,2\n"
    let text = "n,text,x\n" + Self.rows(1200) + "1,\"\(cell)\",2\n" + Self.rows(10)
    for block in [4 << 20, 1000] {
      let table = try ReadTable(
        text, ReadOptions(isVerbatim: isVerbatim), sizes: PassSizes(block: { _ in block }), threads: Self.three)
      #expect(table.rowCount == 1211 + (isVerbatim ? 1 : 0))
      if !isVerbatim { #expect(table.columns[1][1200] == .text(cell)) }
    }
  }

  @Test("Many blank lines take linear time, and texts behind them no more")
  func blankLines() throws {
    let start = ContinuousClock.now
    for unit in ["1,abc,2\n\n", "x\n\n", "x,y\n\n", "\n", "a;b\nc;d\ne;f\n\n", "p,q,r\n\n"] {
      let text = "n,text,x\n" + Self.rows(1100) + String(repeating: unit, count: 60_000 / unit.utf8.count)
      let table = try ReadTable(text, ReadOptions(isVerbatim: true))
      #expect(table.findings.records - table.findings.setAside == UInt64(table.rowCount))
    }
    #expect(ContinuousClock.now - start < .seconds(60))
  }
}
