// SPDX-License-Identifier: Apache-2.0

import IngestTables
import Testing
import Validation
import WorkerProtocol

@testable import Readers

/// A reader, and how records are written for it.
struct ReaderUnderTest: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let reader: any TableReader.Type
  /// A text of records with an integer and a text each; nil for a text that is missing.
  let write: @Sendable ([(Int?, String?)]) -> String

  static let all = [
    ReaderUnderTest(testDescription: "CSV", reader: CSVReader.self, write: csv),
    ReaderUnderTest(
      testDescription: "lines of objects", reader: JSONLinesReader.self,
      write: { $0.map { object($0) + "\n" }.joined() }),
    ReaderUnderTest(
      testDescription: "a list of objects", reader: JSONReader.self,
      write: { "[\n" + $0.map { "  " + object($0) }.joined(separator: ",\n") + "\n]\n" }),
    ReaderUnderTest(
      testDescription: "lines of lists", reader: JSONLinesReader.self,
      write: { "[\"id\",\"text\"]\n" + $0.map { "[\(cells($0).joined(separator: ","))]\n" }.joined() }),
    ReaderUnderTest(
      testDescription: "a list of lists", reader: JSONReader.self,
      write: { "{\"rows\":[[\"id\",\"text\"]" + $0.map { ",[\(cells($0).joined(separator: ", "))]" }.joined() + "]}" }),
    ReaderUnderTest(testDescription: "lists as columns", reader: JSONReader.self, write: columns),
  ]

  private static func csv(_ records: [(Int?, String?)]) -> String {
    "id,text\n"
      + records.map { id, text in
        "\(id.map(String.init) ?? ""),\(text.map { "\"\($0.replacing("\"", with: "\"\""))\"" } ?? "")\n"
      }.joined()
  }

  private static func cells(_ record: (Int?, String?)) -> [String] {
    let text = record.1.map { text in
      "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n") + "\""
    }
    return [record.0.map(String.init) ?? "null", text ?? "null"]
  }

  private static func object(_ record: (Int?, String?)) -> String {
    let cells = cells(record)
    return "{\"id\": \(cells[0]), \"text\": \(cells[1])}"
  }

  private static func columns(_ records: [(Int?, String?)]) -> String {
    let cells = records.map(cells)
    let (ids, texts) = (cells.map { $0[0] }, cells.map { $0[1] })
    return "{\"id\":[\(ids.joined(separator: ","))],\n\"text\" : [\(texts.joined(separator: ", "))]}"
  }
}

/// What every reader keeps, whatever its format.
@Suite("Readers of every format")
struct ReaderConformanceTests {
  private static let records: [(Int?, String?)] = (0..<300).map { row in
    (
      row % 7 == 3 ? nil : row * 37 % 100,
      row % 5 == 2 ? nil : "text \(row) \"\(row % 3 == 0 ? "\n" : "é")\" " + String(repeating: "x", count: row % 90)
    )
  }

  @Test("The same records are the same table in every format", arguments: ReaderUnderTest.all)
  func sameTable(format: ReaderUnderTest) throws {
    let table = try ReadTable(format.write(Self.records), by: format.reader)
    #expect(table.names == ["id", "text"] && table.types == [.int64, .utf8])
    #expect(table.texts == Self.records.map { [$0.0.map(String.init), $0.1] })
    #expect(table.findings.records == UInt64(table.rowCount) + table.findings.setAside + table.findings.rejects)
  }

  @Test("Neither threads nor the sizes of pieces and samples change a table", arguments: ReaderUnderTest.all)
  func determinism(format: ReaderUnderTest) throws {
    let text = format.write(Self.records)
    let blocks: @Sendable (Int) -> Int = { _ in 2_000 }
    let table = try ReadTable(text, by: format.reader, sizes: PassSizes(block: blocks))
    for (piece, sample) in [(7, 10), (64, 500), (5_000, 100_000)] {
      for threads in [1, 3] {
        let other = try ReadTable(
          text, by: format.reader, sizes: PassSizes(block: blocks, sample: sample...sample, piece: piece),
          threads: ParsingThreads(count: threads))
        #expect(other.schema == table.schema && other.columns == table.columns && other.batchRows == table.batchRows)
        #expect(other.findings == table.findings)
      }
    }
  }

  @Test("One cell far behind the sample still decides its column", arguments: ReaderUnderTest.all)
  func wholeFile(format: ReaderUnderTest) throws {
    let records = (0..<5_000).map { ($0 == 4_900 ? nil : Int?.some($0), Optional("2024-01-\(10 + $0 % 20)")) }
    let sizes = PassSizes(block: { _ in 4_000 }, sample: 1_000...1_000, piece: 1_000)
    let dates = try ReadTable(format.write(records), by: format.reader, sizes: sizes)
    #expect(dates.types == [.int64, .date])
    var spoilt = records
    spoilt[4_800].1 = "someday"
    let texts = try ReadTable(format.write(spoilt), by: format.reader, sizes: sizes)
    #expect(texts.types == [.int64, .utf8] && texts.texts[4_800][1] == "someday")
    #expect(texts.note(.nearMiss)?.type == .date && texts.note(.nearMiss)?.count == 1)
  }

  @Test("A reader whose progress is refused stops with that error", arguments: ReaderUnderTest.all)
  func cancellation(format: ReaderUnderTest) throws {
    struct Cancelled: Error {}
    let sizes = PassSizes(block: { _ in 500 })
    #expect(throws: Cancelled.self) {
      try ReadTable(
        bytes: Array(format.write(Self.records).utf8), by: format.reader, sizes: sizes,
        progress: { _, records in if records > 20 { throw Cancelled() } })
    }
  }

  @Test("Progress never falls, and ends at all rows", arguments: ReaderUnderTest.all)
  func progress(format: ReaderUnderTest) throws {
    var seen: [(UInt64, UInt64)] = []
    let table = try ReadTable(
      bytes: Array(format.write(Self.records).utf8), by: format.reader, sizes: PassSizes(block: { _ in 500 }),
      progress: { seen.append(($0, $1)) })
    #expect(zip(seen, seen.dropFirst()).allSatisfy { $0.0 <= $1.0 && $0.1 <= $1.1 })
    #expect(seen.count > 5 && seen.last?.1 == UInt64(table.rowCount))
  }

  @Test("C27 Rows, cells and output keep their caps", arguments: ReaderUnderTest.all)
  func caps(format: ReaderUnderTest) throws {
    let bytes = Array(format.write(Self.records).utf8)
    var limits = Limits()
    limits.rows = 299
    #expect(try rejection(of: bytes, by: format.reader, limits: limits)?.code == .tooManyRows)
    limits.rows = 300
    #expect(try rejection(of: bytes, by: format.reader, limits: limits) == nil)
    limits.cellBytes = ByteCount(bytes: 60)
    #expect(try rejection(of: bytes, by: format.reader, limits: limits)?.code == .cellTooLarge)
    limits = Limits()
    limits.outputBase = ByteCount(bytes: 2_000)
    limits.outputFactor = 0
    #expect(try rejection(of: bytes, by: format.reader, limits: limits)?.code == .outputTooLarge)
    limits = Limits()
    limits.columns = 1
    let refused = try rejection(of: bytes, by: format.reader, limits: limits)
    #expect(refused?.code == .tooManyColumns, "\(refused?.detail ?? "a table")")
  }

  @Test(
    "A cell that a contract does not take refuses the text, or sets its record apart", arguments: ReaderUnderTest.all)
  func contract(format: ReaderUnderTest) throws {
    var options = ReadOptions()
    options.cells.rules = [CellOptions.Rule(name: "text", type: .date)]
    let records = [(1, "2024-01-02"), (2, "x"), (3, "2024-01-04")].map { (Int?.some($0.0), Optional($0.1)) }
    let text = format.write(records)
    #expect(try rejection(of: Array(text.utf8), options, by: format.reader)?.code == .contractViolated)
    // Lists that are columns have no records to set apart.
    guard format.testDescription != "lists as columns" else { return }
    options.maxRejects = 1
    let table = try ReadTable(text, options, by: format.reader)
    #expect(table.texts == [["1", "2024-01-02"], ["3", "2024-01-04"]] && table.rejects.count == 1)
    #expect(table.rejects[0][RejectsTable.Column.code.rawValue] == .text("wrong_type"))
    #expect(table.rejects[0][RejectsTable.Column.text.rawValue] == .text("x"))
    #expect(table.findings.records == UInt64(table.rowCount) + table.findings.setAside + table.findings.rejects)
  }
}
