// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import IngestTables
import NIOCore
import NIOPosix

/// Writes a table's rows as text, no faster than the client takes them.
///
/// Holds one batch and one chunk.
struct RowStream: Sendable {
  private static let chunkBytes = 64 << 10

  let file: TableFile
  let text: TextRepresentation

  var body: ResponseBody {
    ResponseBody { writer in
      var renderer = TableRenderer(file.schema, as: text)
      var chunk: [UInt8] = []
      renderer.appendStart(to: &chunk)
      for index in 0..<file.batchCount {
        let batch = try await NIOThreadPool.singleton.runIfActive { try file.batch(index) }
        // After each row: as JSON a row repeats every column's name, so it can be far larger than its record.
        for row in 0..<batch.rowCount {
          renderer.append(batch, rows: row..<row + 1, to: &chunk)
          guard chunk.count >= Self.chunkBytes else { continue }
          try await writer.write(ByteBuffer(bytes: chunk))
          chunk.removeAll(keepingCapacity: chunk.count < Self.chunkBytes * 4)
        }
      }
      renderer.appendEnd(to: &chunk)
      try await writer.write(ByteBuffer(bytes: chunk))
      try await writer.finish(nil)
    }
  }
}
