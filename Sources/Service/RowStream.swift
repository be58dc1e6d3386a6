// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import IngestTables
import NIOCore
import NIOPosix

/// Writes a table's rows as text, no faster than the client takes them. Holds one batch and one chunk.
struct RowStream: Sendable {
  private static let chunkBytes = 64 << 10
  /// Rows between two looks at the chunk's size. A row is at most as large as a record may be.
  private static let rowsAtOnce = 64

  let file: TableFile
  let text: TextRepresentation

  var body: ResponseBody {
    ResponseBody { writer in
      var renderer = TableRenderer(file.schema, as: text)
      var chunk: [UInt8] = []
      renderer.appendStart(to: &chunk)
      for index in 0..<file.batchCount {
        let batch = try await NIOThreadPool.singleton.runIfActive { try file.batch(index) }
        for row in stride(from: 0, to: batch.rowCount, by: Self.rowsAtOnce) {
          renderer.append(batch, rows: row..<min(row + Self.rowsAtOnce, batch.rowCount), to: &chunk)
          guard chunk.count >= Self.chunkBytes else { continue }
          try await writer.write(ByteBuffer(bytes: chunk))
          chunk.removeAll(keepingCapacity: true)
        }
      }
      renderer.appendEnd(to: &chunk)
      try await writer.write(ByteBuffer(bytes: chunk))
      try await writer.finish(nil)
    }
  }
}
