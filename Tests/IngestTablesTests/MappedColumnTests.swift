// SPDX-License-Identifier: Apache-2.0

import IngestTesting
import Testing

@testable import IngestTables

@Suite("Columns as they lie in the file")
struct MappedColumnTests {
  private static let rows = 70

  private func open(_ batches: Int = 2) throws -> TableFile {
    var table = SampleTable.everyType(rows: Self.rows)
    for _ in 1..<batches { table.batches += SampleTable.everyType(rows: 3).batches }
    return try TableFile(reading: makeFile(try table.file()))
  }

  // What borrows from a column does not go through a macro.
  private func text(_ column: MappedColumn, _ row: Int) throws -> String { String(copying: try column.text(at: row)) }

  private func byteCount(_ column: MappedColumn, _ row: Int) throws -> Int { try column.textBytes(at: row).count }

  private func array<Number: FixedWidthValue>(_ column: MappedColumn, _ type: Number.Type) throws -> [Number] {
    let span = try column.values(as: type)
    return span.indices.map { span[$0] }
  }

  @Test("Every cell is the one that a copy of the batch has, in every batch")
  func cells() throws {
    let file = try open()
    var batches = file.mappedBatches
    var index = 0
    while let batch = try batches.next() {
      let copied = try file.batch(index)
      #expect(batch.rowCount == copied.rowCount && batch.schema == copied.schema)
      for (mapped, column) in zip(batch.columns, copied.columns) {
        #expect(mapped.field == column.field)
        #expect((0..<batch.rowCount).map { mapped[$0] } == (0..<batch.rowCount).map { column[$0] })
        #expect((0..<batch.rowCount).map { mapped.isNull(at: $0) } == (0..<batch.rowCount).map { column[$0] == .null })
        #expect(mapped.nullCount == (0..<batch.rowCount).count { column[$0] == .null })
        #expect(mapped[batch.rowCount] == .null && mapped[-1] == .null)
      }
      index += 1
    }
    #expect(index == 2)
  }

  /// What `values(as:)` gives for a column, as values; nil where it says that the type is another.
  private func values<Number: FixedWidthValue>(
    _ column: MappedColumn, _ value: (Number) -> Value
  ) throws -> [Value]? {
    guard Number.isStored(in: column.field.type) else {
      #expect(throws: ColumnAccessError.wrongType(column: column.field.name, type: column.field.type)) {
        _ = try array(column, Number.self)
      }
      return nil
    }
    return try array(column, Number.self).enumerated().map { column.isNull(at: $0) ? .null : value($1) }
  }

  @Test("Spans hold the values of their type, and of no other")
  func spans() throws {
    let batch = try open().mappedBatch(0)
    for column in batch.columns {
      let cells = (0..<batch.rowCount).map { column[$0] }
      let type = column.field.type
      let signed = try values(column) { (number: Int64) in
        switch type {
        case .timestamp(let isUTC): .timestamp(microseconds: number, isUTC: isUTC)
        case .timestampNanoseconds(let isUTC): .timestampNanoseconds(number, isUTC: isUTC)
        case .time: .time(microseconds: number)
        default: .int64(number)
        }
      }
      let found = [
        signed, try values(column, Value.uint64), try values(column, Value.float64),
        try values(column) { (days: Int32) in .date(days: days) },
        try values(column) { (number: Int128) in
          if case .decimal(_, let scale) = type { .decimal(unscaled: number, scale: scale) } else { .null }
        },
      ].compactMap(\.self)
      switch type {
      case .null, .bool, .utf8, .listOfUTF8: #expect(found.isEmpty, "\(type)")
      default: #expect(found == [cells], "\(type)")
      }
    }
  }

  @Test("Texts are spans of the file, checked where that is asked for")
  func texts() throws {
    let batch = try open().mappedBatch(0)
    let column = try #require(batch.column(named: "utf8"))
    for row in 0..<batch.rowCount {
      let text = try text(column, row)
      #expect(.text(text) == (column.isNull(at: row) ? .text("") : column[row]))
      #expect(try byteCount(column, row) == text.utf8.count)
    }
    #expect(throws: ColumnAccessError.wrongType(column: "int64", type: .int64)) {
      _ = try batch.column(named: "int64").map { try byteCount($0, 0) }
    }
  }

  @Test("A text that is damaged is an error, or replaced where it is copied")
  func damagedText() throws {
    var table = SampleTable(
      schema: Schema(fields: [Field(name: "t", type: .utf8)]), batches: [[[.text("ab"), .text("cd")]]])
    var bytes = try table.file()
    let place = try #require(try table.layout().batches.first?.columns.first)
    bytes[place.text.lowerBound + 2] = 0xFF
    let column = try TableFile(reading: makeFile(bytes)).mappedBatch(0).columns[0]
    #expect(try text(column, 0) == "ab")
    #expect(throws: ColumnAccessError.damagedText(column: "t", row: 1)) { _ = try text(column, 1) }
    #expect(column[1] == .text("\u{FFFD}d"))
    table.batches = []
    #expect(throws: TableFileError.self) { try TableFile(reading: makeFile(try table.file())).mappedBatch(0) }
  }

  @Test("Offsets that lead nowhere cut out nothing")
  func damagedOffsets() throws {
    let table = SampleTable(
      schema: Schema(fields: [Field(name: "t", type: .utf8)]), batches: [[[.text("ab"), .text("cd")]]])
    var bytes = try table.file()
    let place = try #require(try table.layout().batches.first?.columns.first)
    bytes.put(UInt32(1 << 30), at: place.values.lowerBound + 4)
    let column = try TableFile(reading: makeFile(bytes)).mappedBatch(0).columns[0]
    #expect(try byteCount(column, 0) == 0 && byteCount(column, 1) == 0)
  }

  @Test("A batch whose numbers are not those of its body is damaged")
  func contradictions() throws {
    let table = SampleTable(
      schema: Schema(fields: [Field(name: "n", type: .int64)]), batches: [[[.int64(1), .null, .int64(3)]]])
    var bytes = try table.file()
    let place = try #require(try table.layout().batches.first?.columns.first)
    bytes[place.validity.lowerBound] = 0b111
    #expect(throws: TableFileError.damaged("batch 0")) {
      try TableFile(reading: makeFile(bytes)).mappedBatch(0)
    }
  }

  @Test("A batch can be read after its file was closed")
  func lifetime() throws {
    var file: TableFile? = try open()
    let column = try #require(try file?.mappedBatch(0).column(named: "int64"))
    file = nil
    let values = try array(column, Int64.self)
    let validity = column.validity.count
    #expect(values.count == Self.rows && values[0] == .min && validity == (Self.rows + 7) / 8)
  }
}
