// SPDX-License-Identifier: Apache-2.0

import IngestTesting
import Testing

@testable import IngestTables

@Suite("Table files")
struct TableFileTests {
  private static var small: SampleTable {
    var table = SampleTable.everyType(rows: 5)
    table.batches += SampleTable.everyType(rows: 2).batches
    return table
  }

  private func open(_ bytes: [UInt8]) throws -> TableFile { try TableFile(reading: makeFile(bytes)) }

  /// All cells, or the error that says why not.
  private func readAll(_ bytes: [UInt8]) throws -> [[[Value]]] {
    let file = try open(bytes)
    return try (0..<file.batchCount).map { index in
      let batch = try file.batch(index)
      return batch.columns.map { column in (0..<batch.rowCount).map { column[$0] } }
    }
  }

  @Test("Tables of the same columns are joined as they lie", arguments: [[0], [1], [3, 0, 64], [2, 2]])
  func joined(rows: [Int]) throws {
    let parts = rows.map { rows in
      var table = SampleTable.everyType(rows: rows)
      if rows == 2 { table.batches += SampleTable.everyType(rows: 1).batches }
      return table
    }
    let first = try open(try Self.small.file())
    let file = try makeFile([])
    let length = try first.write(followedBy: try parts.map { try open(try $0.file()) }, to: file)
    let table = try TableFile(reading: file)
    #expect(table.size == length && table.schema == first.schema)
    let batches = try (0..<table.batchCount).map { index in
      let batch = try table.batch(index)
      return batch.columns.map { column in (0..<batch.rowCount).map { column[$0] } }
    }
    #expect(batches == Self.small.batches + parts.flatMap(\.batches))
    // Not a byte differs from a table that was laid out as one.
    var whole = Self.small
    whole.batches += parts.flatMap(\.batches)
    #expect(try table.read(0..<table.size) == (try whole.file()))
  }

  @Test("What was written is read back, cell by cell")
  func roundTrip() throws {
    let table = Self.small
    let file = try open(try table.file())
    #expect(file.schema == table.schema)
    #expect(file.batchCount == 2)
    #expect(try file.countRows() == 7)
    #expect(try readAll(try table.file()) == table.batches)
    for (index, nulls) in table.nulls.enumerated() {
      let batch = try file.batch(index)
      for (column, count) in zip(batch.columns, nulls) where column.field.type != .null {
        #expect(column.nullCount == count.rows)
      }
    }
    let layout = try table.layout()
    #expect(file.streamRange == UInt64(layout.streamRange.lowerBound)..<UInt64(layout.streamRange.upperBound))
  }

  @Test("A schema alone is a table without rows", arguments: [0, 1, 10])
  func empty(columns: Int) throws {
    let table = SampleTable(
      schema: Schema(fields: (0..<columns).map { Field(name: "c\($0)", type: SampleTable.types[$0]) }), batches: [])
    let file = try open(try table.file())
    #expect(try file.countRows() == 0)
    #expect(file.schema == table.schema)
    #expect(file.streamRange.upperBound == UInt64(try table.layout().streamRange.upperBound))
  }

  @Test(
    "Names of any length and script are read back",
    arguments: [
      "", "a", "日本語", "🌡",
      String(repeating: "x", count: 1024), "a\0b",
    ])
  func names(name: String) throws {
    let table = SampleTable(schema: Schema(fields: [Field(name: name, type: .int64)]), batches: [[[.int64(1)]]])
    #expect(try open(try table.file()).schema.fields[0].name == name)
  }

  @Test("C50 A file that is cut off at any byte is an error")
  func truncated() throws {
    let bytes = try Self.small.file()
    for length in 0..<bytes.count {
      #expect(throws: TableFileError.self, "\(length) bytes") { try readAll(Array(bytes.prefix(length))) }
    }
  }

  @Test("C50 A file with bytes behind its end, or in front, is an error", arguments: [1, 8, 64])
  func extended(count: Int) throws {
    let bytes = try Self.small.file()
    #expect(throws: TableFileError.self) { try readAll(bytes + [UInt8](repeating: 0, count: count)) }
    #expect(throws: TableFileError.self) { try readAll(Array(bytes.prefix(count)) + bytes) }
    #expect(throws: TableFileError.self) { try readAll(bytes + bytes.suffix(10)) }
  }

  /// The bytes that are metadata: everything but the bodies.
  private func metadata(_ table: SampleTable, _ bytes: [UInt8]) throws -> [Int] {
    let layout = try table.layout()
    let bodies = layout.batches.map { $0.bodyOffset..<$0.bodyEnd }
    return bytes.indices.filter { index in !bodies.contains { $0.contains(index) } }
  }

  @Test("C50 Every single bit of the metadata counts")
  func flipped() throws {
    var table = SampleTable(
      schema: Schema(fields: [Field(name: "t", type: .utf8), Field(name: "z", type: .timestamp(isUTC: true))]),
      batches: [])
    table.batches = [[[.text("a"), .null], [.null, .timestamp(microseconds: 0, isUTC: true)]]]
    let bytes = try table.file()
    for index in try metadata(table, bytes) {
      for bit in 0..<8 {
        var damaged = bytes
        damaged[index] ^= 1 << UInt8(bit)
        #expect(throws: TableFileError.self, "byte \(index), bit \(bit)") { try readAll(damaged) }
      }
    }
  }

  @Test("C50 Damage anywhere, also in the bodies, is never a crash")
  func damaged() throws {
    let bytes = try Self.small.file()
    var generator = SeededGenerator(seed: 50)
    for _ in 0..<Soak.rounds(500, soak: 1_500) {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        damaged[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      }
      if let table = try? Table(contentsOf: open(damaged)) {
        #expect(!table.grid(rows: 10, width: 200).isEmpty)
      }
    }
  }

  @Test(
    "C50 Footers of numbers that lie are errors",
    arguments: [
      Int64.min, -1, 0, 7, 8, 1 << 40, (1 << 60) - 1,
      1 << 60, .max,
    ])
  func lyingBlocks(number: Int64) throws {
    let table = Self.small
    let bytes = try table.file()
    let layout = try table.layout()
    let footer = ArrowMetadata.footer(table.schema, layout)
    for batch in layout.batches {
      for value in [batch.messageOffset, batch.messageLength, batch.bodyLength] where Int64(value) != number {
        var lying = footer
        var needle = [UInt8](repeating: 0, count: 8)
        needle.put(Int64(value), at: 0)
        guard let place = lying.indices.dropLast(8).first(where: { lying[$0..<$0 + 8].elementsEqual(needle) }) else {
          Issue.record("no such number in the footer")
          continue
        }
        lying.put(number, at: place)
        #expect(throws: TableFileError.self) { try readAll(Array(bytes.dropLast(footer.count)) + lying) }
      }
    }
  }

  @Test("C50 A batch that is missing from the footer is an error")
  func missingBatch() throws {
    let table = Self.small
    let bytes = try table.file()
    var shorter = table
    shorter.batches.removeLast()
    let footer = ArrowMetadata.footer(table.schema, try table.layout())
    let lying = ArrowMetadata.footer(table.schema, try shorter.layout())
    #expect(throws: TableFileError.damaged("footer")) { try readAll(Array(bytes.dropLast(footer.count)) + lying) }
  }

  @Test("C50 A footer whose length lies is an error", arguments: [Int32.min, -1, 0, 1, 8, .max])
  func footerLength(length: Int32) throws {
    var bytes = try Self.small.file()
    bytes.put(length, at: bytes.count - 10)
    #expect(throws: TableFileError.self) { try readAll(bytes) }
  }

  @Test("C50 Counts of nulls that cannot be are errors", arguments: [-1, 2, Int64.min, .max])
  func nullCounts(count: Int64) throws {
    let table = SampleTable(schema: Schema(fields: [Field(name: "n", type: .int64)]), batches: [[[.int64(5)]]])
    var bytes = try table.file()
    let batch = try table.layout().batches[0]
    let message = ArrowMetadata.batchMessage(batch, nulls: [NullCount(rows: Int(count))])
    bytes.replaceSubrange(batch.messageOffset..<batch.bodyOffset, with: message)
    #expect(throws: TableFileError.damaged("batch 0")) { try readAll(bytes) }
  }

  @Test("A batch or a path that does not exist is an error")
  func absent() throws {
    let file = try open(try Self.small.file())
    for index in [-1, 2, .max] { #expect(throws: TableFileError.self) { try file.batch(index) } }
    #expect(throws: TableFileError.self) { try TableFile(path: "/nonexistent/table.arrow") }
    #expect(throws: TableFileError.self) { try TableFile(path: "/tmp") }
  }

  @Test("A cell that the batch does not have is null")
  func outOfRange() throws {
    let table = try Table(contentsOf: open(try Self.small.file()))
    #expect(table[-1, 0] == .null && table[7, 1] == .null && table[0, 99] == .null && table[0, -1] == .null)
    #expect(table[5, 2] == .int64(.min))
    #expect(try Table(contentsOf: open(try Self.small.file()), rows: 1).batches.count == 1)
  }
}
