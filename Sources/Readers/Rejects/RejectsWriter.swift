// SPDX-License-Identifier: Apache-2.0

import IngestTables
import Validation
import WorkerProtocol

/// Writes the table of a text's rejected records, one batch after the other.
struct RejectsWriter {
  private static let batchRows = 64 << 10
  private static let batchTextBytes = 4 << 20

  private let bytes: MappedBytes
  private let names: [String]
  private let originals: (([UInt64]) -> [UInt64: UInt64])?

  /// - Parameter originals: finds where in the file the offsets of this text are; nil where they are the same.
  init(_ bytes: MappedBytes, _ table: Schema, originals: (([UInt64]) -> [UInt64: UInt64])?) {
    self.bytes = bytes
    names = table.fields.filter { $0.type != .listOfUTF8 }.map(\.name)
    self.originals = originals
  }

  /// Writes records, which are in the text's order, as the rejects of a table.
  ///
  /// - Throws: `output_too_large`, or what `output` throws.
  func write(
    _ records: [RejectedRecord], of role: OutputRole, to output: ReaderOutput, outputLimit: UInt64
  ) throws {
    var writer = TableWriter(
      to: try output.open(role.rejects), schema: RejectsTable.schema, outputLimit: outputLimit)
    let places = originals.map { $0(records.map { UInt64($0.fault.offset) }) }
    var lines = LineCounter(in: bytes)
    var batch = RejectsBatch()
    for (number, record) in records.enumerated() {
      let offset = UInt64(record.fault.offset)
      batch.append(
        record, line: lines.line(of: record.fault.offset), byteOffset: places?[offset] ?? offset,
        columnName: record.fault.column.flatMap { names.indices.contains($0) ? names[$0] : nil }, bytes)
      let isFull = batch.rows >= Self.batchRows || batch.textBytes >= Self.batchTextBytes
      guard isFull || number == records.count - 1 else { continue }
      try writer.write(batch.shape) { body in try batch.withBuffers(body) }
      batch = RejectsBatch()
    }
    try output.finishRejects(writer.shapes)
  }
}
