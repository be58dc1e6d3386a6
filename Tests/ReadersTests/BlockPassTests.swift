// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Glibc
import IngestTables
import IngestTesting
import Testing
import Validation
import WorkerProtocol

@testable import Readers

@Suite("Tables in one pass")
struct BlockPassTests {
  /// Threads that start once for all tests.
  private static let three = ParsingThreads(count: 3)

  private func sizes(block: Int, sample: Int, piece: Int) -> PassSizes {
    PassSizes(block: { _ in block }, sample: sample...sample, piece: piece)
  }

  /// Rows whose types hold for a while and are then contradicted, with records of any width, quotes and line ends.
  ///
  /// Some lines end with CR alone, some cells are parted by two bytes or escaped by backslashes, some lines are comments.
  private static func text(_ generator: inout SeededGenerator) -> String {
    let pools: [[String]] = [
      ["1", "22", "-3", "0", "", "999999999999999999", "NA"], ["1.5", "-0.25", "1e-3", "7", ""],
      ["true", "FALSE", ""], ["2024-01-02", "1999-12-31", ""],
      ["2024-01-02T03:04:05", "2024-01-02T03:04:05.678", "2024-01-02T03:04", ""],
      ["2024-01-02 03:04:05Z", "2024-01-02 03:04:05+01:00"], ["x", "\"a,b\"", "\"l\n2\"", "\"q\"\"q\"", "", "\"\""],
      ["31/12/2024", "01/02/2024"], ["12", "007", "x"], ["1.234,5", "2,25"], ["10:30", "23:59:59"],
      ["12345678901234567890", "1"], ["0.1234567890123456789", "2.5"], [""],
    ]
    let spoilers = [
      "x", "1.5", "-1", "NA", "1E10", "12345678901234567890", "\"\"", "2024-02-30", " 7 ", "0.30000000000000004",
    ]
    let odd = ["a\"b,1\n", "\n", "  \n", "1\n", "\"open,2\n", "1,2,3,4,5,6,7,8,9\n"]
    let columns = (0..<Int.random(in: 1...5, using: &generator)).map { _ in
      pools.randomElement(using: &generator) ?? [""]
    }
    let lineEnd = ["\r\n", "\r", "\n", "\n", "\n"].randomElement(using: &generator) ?? "\n"
    var text = columns.indices.map { "c\($0)" }.joined(separator: ",") + lineEnd
    let rows = Int.random(in: 1...90, using: &generator)
    let spoiled = Int.random(in: 0...1, using: &generator) == 0 ? Int.random(in: 0..<rows, using: &generator) : -1
    for row in 0..<rows {
      if Int.random(in: 0..<50, using: &generator) == 0 { text += odd.randomElement(using: &generator) ?? "" }
      let isSpoiled = row == spoiled
      text +=
        columns.map { pool in
          let spoils = isSpoiled && Bool.random(using: &generator)
          return (spoils ? spoilers : pool).randomElement(using: &generator) ?? ""
        }.joined(separator: ",") + lineEnd
    }
    return Int.random(in: 0..<3, using: &generator) == 0 ? rewritten(text, &generator) : text
  }

  /// The same text in a format that is not that of RFC 4180.
  private static func rewritten(_ text: String, _ generator: inout SeededGenerator) -> String {
    switch Int.random(in: 0..<4, using: &generator) {
    case 0: text.replacing(",", with: "||")
    case 1: text.replacing("\"\"", with: "\\\"")
    case 2: text.replacing("\"", with: "'")
    default: text.replacing("\n", with: "\n# a comment, \"and\n more\n", maxReplacements: 5)
    }
  }

  @Test("A table is the same however it is cut, guessed and shared among threads")
  func same() throws {
    var generator = SeededGenerator(seed: 4)
    for _ in 0..<250 {
      let text = Self.text(&generator)
      let block = Int.random(in: 16...4000, using: &generator)
      // The whole text as the sample, byte by byte: nothing is guessed and nothing scanned by vectors.
      var slow = Limits()
      slow.recordBytes = ByteCount(bytes: 100_000)
      let expected = try ReadTable(
        text, limits: slow, sizes: sizes(block: block, sample: 1 << 20, piece: 128 << 10))
      for threads in [ParsingThreads.alone, Self.three] {
        let table = try ReadTable(
          text,
          sizes: sizes(
            block: block, sample: Int.random(in: 1...600, using: &generator),
            piece: Int.random(in: 64...3000, using: &generator)), threads: threads)
        #expect(table.schema == expected.schema, "\(text.debugDescription)")
        #expect(table.texts == expected.texts, "\(text.debugDescription)")
        #expect(table.batchRows == expected.batchRows, "\(text.debugDescription)")
        #expect(table.findings.notes == expected.findings.notes, "\(text.debugDescription)")
        #expect(table.findings.dialect == expected.findings.dialect, "\(text.debugDescription)")
        #expect(table.findings.records == expected.findings.records, "\(text.debugDescription)")
      }
    }
  }

  @Test(
    "A cell in the last row decides for its whole column, and is named",
    arguments: [
      ("1", "x", ColumnType.utf8), ("1", "1.5", .float64), ("1", "-1", .int64), ("1", "NA", .int64),
      ("1", "12345678901234567890", .uint64), ("1.5", "0.12345678901234567890", .decimal(precision: 21, scale: 20)),
      ("1.5", "1.00000000000000022", .decimal(precision: 18, scale: 17)),
      ("2024-01-01", "2024-01-01T00:00", .utf8), ("true", "yes", .utf8), ("", "5", .int64), ("", "", .null),
    ])
  func lastRow(common: String, last: String, type: ColumnType) throws {
    let rows = String(repeating: "\(common),k\n", count: 200)
    for threads in [ParsingThreads.alone, Self.three] {
      let table = try ReadTable(
        "a,b\n\(rows)\(last),k\n", sizes: sizes(block: 64, sample: 50, piece: 64), threads: threads)
      #expect(table.types == [type, .utf8])
      #expect(table.rowCount == 201)
      if type == .utf8 {
        #expect(table.note(.nearMiss)?.line == 202)
        #expect(table.columns[0].last == .text(last) && table.columns[0].first == .text(common))
      }
    }
  }

  @Test(
    "Decimal commas in all rows but the last are read by what the last one is",
    arguments: [("0,5", "1.234,5", ColumnType.float64), ("1,25", "1.5", .utf8), ("1,25", "1,5e3", .utf8)])
  func decimalCommas(common: String, last: String, type: ColumnType) throws {
    let rows = String(repeating: "\(common);k\n", count: 200)
    let table = try ReadTable("a;b\n\(rows)\(last);k\n", sizes: sizes(block: 64, sample: 50, piece: 64))
    #expect(table.types == [type, .utf8])
    #expect(table.columns[0].last == (type == .utf8 ? .text(last) : .float64(1234.5)))
  }

  @Test("Floats without a point do not make a number of what could be a part's", arguments: ["-0", "nan", "inf"])
  func bareExponents(special: String) throws {
    let rows = "\(special),k\n" + String(repeating: "1,k\n", count: 200) + "1E10,k\n2E05,k\n"
    let table = try ReadTable("a,b\n\(rows)", sizes: sizes(block: 64, sample: 50, piece: 64))
    #expect(table.types == [.utf8, .utf8])
    #expect(table.columns[0].last == .text("2E05"))
  }

  @Test("A cell that looks like the table's end is read as the cell that it is", arguments: [false, true])
  func endWithinQuotes(isVerbatim: Bool) throws {
    let rows = String(repeating: "1234567,1234567\n", count: 80_000)
    let cell = "mail\n" + String(repeating: "7,8\n", count: 20_000) + "\nNote: these are the figures of last year.\n"
    let table = try ReadTable("a,b\n\(rows)5,\"\(cell)\"\n", ReadOptions(isVerbatim: isVerbatim))
    #expect(table.rowCount == (isVerbatim ? 80_002 : 80_001))
    if !isVerbatim { #expect(table.columns[1].last == .text(cell)) }
  }

  @Test("A file that cannot be written ends the pass at once, on one thread and on several")
  func unwritable() throws {
    let rows = String(repeating: "1,2\n", count: 2000)
    for threads in [ParsingThreads.alone, Self.three] {
      let output = ReaderOutput(
        open: { _ in try OwnedDescriptor.open("/dev/null", flags: O_RDONLY) }, finish: { _, _, _ in },
        finishRejects: { _ in }, progress: { _, _ in })
      #expect(throws: SystemCallError.self) {
        try CSVReader(
          MappedBytes(Array("a,b\n\(rows)".utf8)), options: ReadOptions(), limits: ReadLimits(Limits()),
          threads: threads, sizes: sizes(block: 100, sample: 50, piece: 64)
        ).read(to: output)
      }
    }
  }

  @Test("A surplus cell in the last row gets its column, and the rows before it none")
  func surplus() throws {
    let rows = String(repeating: "1,2\n", count: 300)
    let table = try ReadTable(
      "a,b\n\(rows)1,2,3\n", sizes: sizes(block: 64, sample: 50, piece: 64), threads: Self.three)
    #expect(table.names == ["a", "b", "_extra"])
    #expect(table.note(.longRecords)?.line == 302)
    #expect(table.columns[2].first == .null)
  }

  @Test("What no text is, or breaks a cap, is refused at the first place, whichever thread finds it")
  func refused() throws {
    let rows = String(repeating: "1,\"x\ny\"\n", count: 400)
    let bytes = Array("a,b\n\(rows)1,\u{1}\n\(rows)2,\u{2}\n".utf8)
    let first = bytes.firstIndex(of: 1) ?? 0
    for _ in 0..<20 {
      let refused = try rejection(
        of: bytes, sizes: sizes(block: 128, sample: 64, piece: 64), threads: Self.three)
      #expect(refused?.code == .controlCharacter && refused?.byteOffset == UInt64(first))
    }
  }

  @Test("Of two faults the first is refused, however long the sample is", arguments: [1, 8, 1 << 20])
  func twoFaults(sample: Int) throws {
    var limits = Limits()
    limits.columns = 3
    let bytes = Array("a,b\n".utf8) + [0xFF] + Array(",2\n1,2\n1,2,3,4\n".utf8)
    let refused = try rejection(of: bytes, limits: limits, sizes: sizes(block: 8, sample: sample, piece: 64))
    #expect(refused?.code == .invalidEncoding && refused?.byteOffset == 4)
  }

  @Test("Threads that guess wrong where a record starts read it again")
  func wrongGuesses() throws {
    // Within the quotes every line looks like a record of this table.
    let trap = String(repeating: "1,2\n", count: 40)
    let rows = String(repeating: "7,\"\(trap)\"\n8,9\n", count: 30)
    let table = try ReadTable(
      "a,b\n\(rows)", sizes: sizes(block: 100, sample: 64, piece: 64), threads: Self.three)
    #expect(table.rowCount == 60)
    #expect(table.columns[1].first == .text(trap))
    #expect(table.columns[0] == (0..<60).map { .int64($0 % 2 == 0 ? 7 : 8) })
  }
}
