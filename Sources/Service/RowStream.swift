// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import IngestTables
import NIOCore
import NIOPosix

/// Writes a table's rows as text, no faster than the client takes them.
///
/// Holds one batch and one chunk. The first rows are read by themselves, so that they are there at once, however large the
/// table is.
struct RowStream: Sendable {
  private static let chunkBytes = 64 << 10
  private static let firstRows = 128

  let file: TableFile
  let text: TextRepresentation
  /// How many rows at most.
  var limit = Int.max

  var body: ResponseBody {
    ResponseBody { writer in
      var renderer = TableRenderer(file.schema, as: text)
      var chunk: [UInt8] = []
      renderer.appendStart(to: &chunk)
      var ahead = 0
      var left = limit
      for piece in 0...file.batchCount where file.batchCount > 0 && left > 0 {
        let batch = try await NIOThreadPool.singleton.runIfActive {
          try piece == 0 ? file.slice(ofBatch: 0, rows: 0..<Self.firstRows).rows : file.batch(piece - 1)
        }
        let rows = (piece == 1 ? ahead : 0)..<batch.rowCount
        // After each row: as JSON a row repeats every column's name, so it can be far larger than its record.
        for row in rows.prefix(left) {
          renderer.append(batch, rows: row..<row + 1, to: &chunk)
          guard chunk.count >= Self.chunkBytes else { continue }
          try await writer.write(ByteBuffer(bytes: chunk))
          chunk.removeAll(keepingCapacity: chunk.count < Self.chunkBytes * 4)
        }
        left -= min(left, rows.count)
        guard piece == 0 else { continue }
        ahead = batch.rowCount
        try await writer.write(ByteBuffer(bytes: chunk))
        chunk.removeAll(keepingCapacity: true)
      }
      renderer.appendEnd(to: &chunk)
      try await writer.write(ByteBuffer(bytes: chunk))
      try await writer.finish(nil)
    }
  }
}
