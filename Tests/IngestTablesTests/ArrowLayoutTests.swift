// SPDX-License-Identifier: Apache-2.0

import IngestTesting
import Testing

@testable import IngestTables

@Suite("Layout of Arrow files")
struct ArrowLayoutTests {
  private static let schema = SampleTable.everyType(rows: 0).schema

  private func ranges(_ layout: ArrowLayout) -> [Range<Int>] { layout.batches.flatMap { $0.columns.flatMap(\.ranges) } }

  @Test("Buffers are aligned, rise, and do not overlap", arguments: [0, 1, 7, 8, 9, 64, 1000, 4097])
  func places(rows: Int) throws {
    let shape = BatchShape(rows: UInt64(rows), sizes: [UInt64(rows * 3), UInt64(rows / 2), 5])
    let layout = try ArrowLayout(schema: Self.schema, shapes: [shape, BatchShape(rows: 1, sizes: [0, 0, 0]), shape])
    var end = ArrowLayout.magic.count + layout.schemaMessageLength
    for batch in layout.batches {
      #expect(batch.messageOffset == end)
      #expect(batch.bodyOffset == end + batch.messageLength)
      #expect(batch.bodyOffset.isMultiple(of: ArrowLayout.alignment))
      var cursor = batch.bodyOffset
      for range in batch.columns.flatMap(\.ranges) {
        #expect(range.lowerBound == cursor)
        #expect(range.lowerBound.isMultiple(of: ArrowLayout.alignment))
        cursor = range.upperBound.roundedUp(to: ArrowLayout.alignment)
      }
      #expect(cursor == batch.bodyEnd)
      end = batch.bodyEnd
    }
    #expect(layout.endOfStream == end)
    #expect(layout.bodiesEnd == end)
    #expect(layout.rows == UInt64(2 * rows + 1))
    #expect(layout.streamRange == 8..<end + 8)
  }

  @Test(
    "Each type takes its width",
    arguments: [
      (.null, 9, []), (.bool, 9, [2, 2]), (.int64, 9, [2, 72]), (.uint64, 8, [1, 64]), (.float64, 0, [0, 0]),
      (.date, 9, [2, 36]),
      (.timestamp(isUTC: true), 1, [1, 8]), (.utf8, 9, [2, 40, 5]), (.listOfUTF8, 9, [2, 40, 1, 24, 6]),
      (.utf8, 0, [0, 4, 5]), (.decimal(precision: 5, scale: 2), 9, [2, 144]), (.time, 9, [2, 72]),
      (.timestampNanoseconds(isUTC: false), 9, [2, 72]),
    ] as [(ColumnType, UInt64, [Int])])
  func widths(type: ColumnType, rows: UInt64, lengths: [Int]) throws {
    let sizes: [UInt64] = type == .utf8 ? [5] : type == .listOfUTF8 ? [5, 6] : []
    let layout = try ArrowLayout(
      schema: Schema(fields: [Field(name: "x", type: type)]), shapes: [BatchShape(rows: rows, sizes: sizes)])
    #expect(ranges(layout).map(\.count) == lengths)
  }

  @Test("A table without batches has no bodies")
  func noBatches() throws {
    let layout = try ArrowLayout(schema: Self.schema, shapes: [])
    #expect(layout.bodiesEnd == 0 && layout.rows == 0)
    #expect(layout.endOfStream == 8 + layout.schemaMessageLength)
  }

  @Test("A cursor that starts at a batch lays it out as the whole file does")
  func resumed() throws {
    let shapes = (1...5).map { BatchShape(rows: $0 * 10, sizes: [$0, $0, $0]) }
    let layout = try ArrowLayout(schema: Self.schema, shapes: shapes)
    for (batch, shape) in zip(layout.batches, shapes) {
      var cursor = LayoutCursor(schema: Self.schema, from: batch.messageOffset)
      #expect(try cursor.place(shape) == batch)
    }
  }

  /// Shapes of one utf8 and one list column that cannot be.
  static let hostile: [(BatchShape, ArrowLayoutError)] = [
    (BatchShape(rows: 0, sizes: []), .wrongNumberOfSizes(batch: 1)),
    (BatchShape(rows: 0, sizes: [0, 0]), .wrongNumberOfSizes(batch: 1)),
    (BatchShape(rows: 0, sizes: [0, 0, 0, 0]), .wrongNumberOfSizes(batch: 1)),
    (BatchShape(rows: (1 << 23) + 1, sizes: [0, 0, 0]), .tooManyRows(batch: 1)),
    (BatchShape(rows: .max, sizes: [0, 0, 0]), .tooManyRows(batch: 1)),
    (BatchShape(rows: 1 << 63, sizes: [.max, .max, .max]), .tooManyRows(batch: 1)),
    (BatchShape(rows: 1, sizes: [(1 << 30) + 1, 0, 0]), .tooMuchText(batch: 1)),
    (BatchShape(rows: 1, sizes: [0, .max, 0]), .tooMuchText(batch: 1)),
    (BatchShape(rows: 1, sizes: [0, 0, .max]), .tooMuchText(batch: 1)),
  ]

  @Test("C40 Hostile numbers throw and never trap", arguments: hostile)
  func hostileShapes(shape: BatchShape, error: ArrowLayoutError) {
    let schema = Schema(fields: [Field(name: "t", type: .utf8), Field(name: "l", type: .listOfUTF8)])
    #expect(throws: error) {
      try ArrowLayout(schema: schema, shapes: [BatchShape(rows: 1, sizes: [1, 1, 1]), shape])
    }
  }

  @Test("C40 The largest numbers that offsets can hold are laid out, as often as they are stated")
  func largest() throws {
    let schema = Schema(fields: (0..<50).map { Field(name: "\($0)", type: .listOfUTF8) })
    let shape = BatchShape(
      rows: ArrowLayout.maximumRows,
      sizes: [UInt64](
        repeating: ArrowLayout.maximumTextBytes,
        count: 100))
    let layout = try ArrowLayout(schema: schema, shapes: [BatchShape](repeating: shape, count: 50))
    #expect(layout.rows == 50 * ArrowLayout.maximumRows)
    #expect(ranges(layout).allSatisfy { $0.count <= Int(Int32.max) * 4 })
  }

  @Test("C40 A file beyond 2^60 bytes is refused")
  func tooLarge() {
    var cursor = LayoutCursor(schema: Self.schema, from: (1 << 60) - 64)
    #expect(throws: ArrowLayoutError.fileTooLarge) { try cursor.place(BatchShape(rows: 1000, sizes: [0, 0, 0])) }
  }
}
