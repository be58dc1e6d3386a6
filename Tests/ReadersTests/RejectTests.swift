// SPDX-License-Identifier: Apache-2.0

import IngestTables
import IngestTesting
import Testing
import Validation
import WorkerProtocol

@testable import Readers

/// How a text is read: rules by column, strictness, and how many records may be rejected.
private func options(
  _ rules: [(String, String)] = [], strict isStrict: Bool = false, most: UInt64 = 100,
  _ change: (inout ReadOptions) throws -> Void = { _ in }
) throws -> ReadOptions {
  var options = ReadOptions(header: .always)
  options.cells.rules = try rules.map { name, type in
    CellOptions.Rule(name: name, type: try #require(RequestedType(type)))
  }
  options.dialect = try DialectOptions([.delimiter: ",", .quote: "\"", .headerRows: "1"])
  options.isStrict = isStrict
  options.maxRejects = most
  try change(&options)
  return options
}

/// A rejected record, as a test expects it.
struct ExpectedReject: Equatable, CustomTestStringConvertible {
  var line: UInt64
  var offset: UInt64
  var column: UInt64
  var name: String?
  var code: RejectCode
  var text: String?
  var violations: UInt64
  var record: String?

  init(
    _ line: UInt64, _ offset: UInt64, _ column: UInt64, _ name: String?, _ code: RejectCode, _ text: String?,
    _ record: String?, violations: UInt64 = 1
  ) {
    (self.line, self.offset, self.column, self.name) = (line, offset, column, name)
    (self.code, self.text, self.violations, self.record) = (code, text, violations, record)
  }

  init?(_ row: [Value]) {
    guard case .uint64(let line) = row[0], case .uint64(let offset) = row[1], case .uint64(let column) = row[2],
      case .text(let code) = row[4], let code = RejectCode(rawValue: code), case .uint64(let violations) = row[6]
    else { return nil }
    func text(_ value: Value) -> String? { if case .text(let text) = value { text } else { nil } }
    self.init(line, offset, column, text(row[3]), code, text(row[5]), text(row[7]), violations: violations)
  }

  var testDescription: String { "\(line):\(column) \(code.rawValue) \(text ?? "nil")" }
}

@Suite("Rejected records")
struct RejectTests {
  private static let three = ParsingThreads(count: 3)

  /// Reads a text in several ways, which must agree.
  private func read(_ text: String, _ options: ReadOptions) throws -> ReadTable {
    let table = try ReadTable(text, options)
    for (block, sample, piece) in [(16, 1, 8), (37, 20, 64), (4000, 1, 16)] {
      let sizes = PassSizes(block: { _ in block }, sample: sample...sample, piece: piece)
      for threads in [ParsingThreads.alone, Self.three] {
        let other = try ReadTable(text, options, sizes: sizes, threads: threads)
        #expect(other.schema == table.schema && other.texts == table.texts, "\(block), \(sample), \(piece)")
        #expect(other.rejects == table.rejects && other.findings == table.findings, "\(block), \(sample), \(piece)")
      }
    }
    let findings = table.findings
    #expect(UInt64(table.rowCount) + findings.rejects + findings.setAside == findings.records)
    #expect(UInt64(table.rejects.count) == findings.rejects)
    return table
  }

  private static let typed: [(String, [(String, String)], [[String?]], [ExpectedReject])] = [
    (
      "a,b\n1,x\nz,y\n3,w\n", [("a", "int64")], [["1", "x"], ["3", "w"]],
      [ExpectedReject(3, 8, 1, "a", .wrongType, "z", "z,y")]
    ),
    ("a,b\nq,x\n", [("a", "int64")], [], [ExpectedReject(2, 4, 1, "a", .wrongType, "q", "q,x")]),
    (
      "a,b\nx,1\n2,y\nq,w\n", [("a", "int64"), ("b", "int64")], [],
      [
        ExpectedReject(2, 4, 1, "a", .wrongType, "x", "x,1"), ExpectedReject(3, 10, 2, "b", .wrongType, "y", "2,y"),
        ExpectedReject(4, 12, 1, "a", .wrongType, "q", "q,w", violations: 2),
      ]
    ),
    // Found only when it is converted: too many digits, a number that is no flag.
    (
      "a\n1.5\n1000\n2.25\n", [("a", "decimal(5,2)")], [["1.50"], ["2.25"]],
      [ExpectedReject(3, 6, 1, "a", .wrongType, "1000", "1000")]
    ),
    (
      "a,b\n1,p\n2,q\n0,r\n", [("a", "bool")], [["true", "p"], ["false", "r"]],
      [ExpectedReject(3, 8, 1, "a", .wrongType, "2", "2,q")]
    ),
    // A quoted cell: the place is that of its content, the text without its quotes, the record as it stands.
    (
      "a,b\r\n1,\"x\r\ny\"\r\n\"\"\"o\",\"l\r\n2\"\r\n", [("a", "int64")], [["1", "x\r\ny"]],
      [ExpectedReject(4, 16, 1, "a", .wrongType, "\"o", "\"\"\"o\",\"l\r\n2\"")]
    ),
    // A short record lacks nothing that is asked for; a wrong cell in one with a surplus keeps it out of `_extra`.
    (
      "a,b\n1\nx,2,3\n4,5\n", [("a", "int64")], [["1", nil], ["4", "5"]],
      [ExpectedReject(3, 6, 1, "a", .wrongType, "x", "x,2,3")]
    ),
    // Which of two formats is the column's is decided by those that stand first.
    (
      "a\n31/12/2024\n12/31/2024\n01/02/2024\n", [("a", "date")], [["2024-12-31"], ["2024-02-01"]],
      [ExpectedReject(3, 13, 1, "a", .wrongType, "12/31/2024", "12/31/2024")]
    ),
    ("a\n03/04/2024\n", [("a", "date")], [], [ExpectedReject(2, 2, 1, "a", .wrongType, "03/04/2024", "03/04/2024")]),
  ]

  @Test("A record with a cell that is not of its type is in no row, but among the rejects", arguments: typed)
  func types(_ text: String, _ rules: [(String, String)], _ rows: [[String?]], _ rejects: [ExpectedReject]) throws {
    let table = try read(text, try options(rules))
    #expect(table.texts == rows)
    #expect(table.rejects.map { ExpectedReject($0) } == rejects)
  }

  private static let strict: [(String, [[String?]], [ExpectedReject])] = [
    (
      "a,b\n1,2\n3\n4,5,6\n7,8\n", [["1", "2"], ["7", "8"]],
      [
        ExpectedReject(3, 9, 2, "b", .tooFewCells, nil, "3"),
        ExpectedReject(4, 14, 3, nil, .tooManyCells, "6", "4,5,6"),
      ]
    ),
    ("a,b\n1,2,\n3,4\n", [["3", "4"]], [ExpectedReject(2, 8, 3, nil, .tooManyCells, "", "1,2,")]),
    (
      "a,b\nx\"y,1\n\"p\"q,2\n\"r,3\ns,4\n", [["s", "4"]],
      [
        ExpectedReject(2, 5, 1, "a", .strayQuote, "x\"y", "x\"y,1"),
        ExpectedReject(3, 12, 1, "a", .strayQuote, "\"p\"q", "\"p\"q,2"),
        ExpectedReject(4, 17, 1, "a", .unclosedQuote, "\"r", "\"r,3"),
      ]
    ),
    ("a,b\n\"x\"\"y\",\"1\"\n\"\",z\n", [["x\"y", "1"], ["", "z"]], []),
    // Blank lines are no records, as ever.
    ("a,b\n1,2\n\n3,4\n", [["1", "2"], ["3", "4"]], []),
    // The header says how wide the table is, whatever most records have.
    (
      "a,b\n1,2,3\n4,5,6\n7,8\n", [["7", "8"]],
      [
        ExpectedReject(2, 8, 3, nil, .tooManyCells, "3", "1,2,3"),
        ExpectedReject(3, 14, 3, nil, .tooManyCells, "6", "4,5,6"),
      ]
    ),
  ]

  @Test("Where reading is strict, a malformed record is in no row", arguments: strict)
  func strictly(_ text: String, _ rows: [[String?]], _ rejects: [ExpectedReject]) throws {
    let table = try read(text, try options(strict: true))
    #expect(table.texts == rows)
    #expect(table.rejects.map { ExpectedReject($0) } == rejects)
    #expect(table.note(.strayQuotes) == nil && table.note(.shortRecords) == nil)
  }

  @Test("Cells of rejected records decide no type, not even those that were looked at first")
  func typesOfOthers() throws {
    let rows = (1...40).map { "\($0),\($0)\n" }.joined()
    for wrong in ["1,x\nz,y\n", "z,y\n"] {
      let table = try read("a,b\n\(wrong)\(rows)", try options([("a", "int64")]))
      #expect(table.types == [.int64, wrong == "z,y\n" ? .int64 : .utf8])
    }
    let strict = try read(
      "a,b\n1,x,y\n\(rows)2.5,q\"r\n", try options(strict: true))
    #expect(strict.types == [.int64, .int64] && strict.rejects.count == 2)
  }

  @Test("One reject more than may be refuses the file, at its place", arguments: [0, 1, 2])
  func limit(most: UInt64) throws {
    let text = "a,b\n1,x\nz,y\n3,x\nq,x\nr,x\n"
    let asked = try options([("a", "int64")], most: most)
    for sizes in [PassSizes(), PassSizes(block: { _ in 16 }, sample: 1...1, piece: 8)] {
      let rejection = try #require(
        try rejection(of: Array(text.utf8), asked, sizes: sizes, threads: Self.three))
      #expect(rejection.code == (most == 0 ? .contractViolated : .tooManyRejects))
      #expect(rejection.line == [3, 5, 6][Int(most)] && rejection.column == 1)
      #expect(rejection.byteOffset == [8, 16, 20][Int(most)])
      #expect(rejection.limit == (most == 0 ? nil : most) && rejection.violation == .wrongType)
    }
    #expect(try read(text, try options([("a", "int64")], most: 3)).rejects.count == 3)
  }

  @Test("Without rejects, strict reading refuses the first malformed record, with its code and place")
  func strictRefusal() throws {
    for (text, code, line, column, offset) in [
      ("a,b\n1,2\n3\n", RejectCode.tooFewCells, 3, 2, 9), ("a,b\n1,2,3\n", .tooManyCells, 2, 3, 8),
      ("a,b\n1,x\"y\n", .strayQuote, 2, 2, 7), ("a,b\n\"1,2\n", .unclosedQuote, 2, 1, 4),
      ("a,\"b\"c\n1,2\n", .strayQuote, 1, 2, 4),
    ] as [(String, RejectCode, UInt64, UInt64, UInt64)] {
      let asked = try options(strict: true, most: 0)
      let rejection = try #require(try rejection(of: Array(text.utf8), asked), "\(text)")
      #expect(rejection.code == .recordMalformed && rejection.violation == code, "\(text)")
      #expect(rejection.line == line && rejection.column == column && rejection.byteOffset == offset, "\(text)")
    }
  }

  @Test("What is shown of a reject is bounded, and ends between two characters")
  func bounds() throws {
    let long = String(repeating: "日", count: 30_000)
    let table = try read("a\n1\n\(long)\nxy\n", try options([("a", "int64")]))
    let rejects = table.rejects.compactMap { ExpectedReject($0) }
    #expect(rejects.map(\.text) == [String(repeating: "日", count: 85), "xy"])
    #expect(rejects.map(\.record) == [nil, "xy"])
  }

  @Test("Places are those of the file, whatever its encoding")
  func encodings() throws {
    let text = "a,b\n1,é€\nx,€\n2,z\nü,1\n"
    var utf16: [UInt8] = [0xFF, 0xFE]
    for unit in text.utf16 { utf16 += [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
    let asked = try options([("a", "int64")])
    let table = try ReadTable(encoded: utf16, asked)
    let rejects = table.rejects.compactMap { ExpectedReject($0) }
    #expect(rejects.map(\.offset) == [20, 36])
    #expect(rejects.map(\.line) == [3, 5])
    #expect(rejects.map(\.record) == ["x,€", "ü,1"])
    let latin = try ReadTable(encoded: Array("a,b\n1,".utf8) + [0xE9, 0x0A] + Array("x,y\n".utf8), asked)
    #expect(latin.rejects.compactMap { ExpectedReject($0)?.offset } == [8])
  }

  @Test("Rejects are the same however the text is cut, guessed and shared among threads")
  func same() throws {
    var generator = SeededGenerator(seed: 11)
    let pools = [
      ["1", "22", "-3", "", "NA", "x", "1.5"], ["a", "\"b,c\"", "\"d\ne\"", "f\"g", "\"h", "7"], ["1.5", "2", "y"],
    ]
    for round in 0..<Soak.rounds(40, soak: 150) {
      var text = "c0,c1,c2\n"
      for _ in 0..<Int.random(in: 1...60, using: &generator) {
        let cells = pools.map { $0.randomElement(using: &generator) ?? "" }
        let count = Int.random(in: 0..<12, using: &generator) == 0 ? Int.random(in: 1...4, using: &generator) : 3
        text += (cells + ["9"]).prefix(count).joined(separator: ",") + "\n"
      }
      let asked = try options([("c0", "int64")], strict: round.isMultiple(of: 2), most: 1000)
      _ = try read(text, asked)
    }
  }
}
