// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import IngestTables
import NIOCore
import NIOPosix

/// Sends bytes of a table file as they lie, a bounded chunk at a time and no faster than the client takes them.
struct FileStream: Sendable {
  static let chunkBytes: UInt64 = 256 << 10

  let file: TableFile
  let range: Range<UInt64>

  var body: ResponseBody {
    ResponseBody(contentLength: Int(clamping: range.upperBound - range.lowerBound)) { writer in
      var start = range.lowerBound
      while start < range.upperBound {
        let end = start + min(Self.chunkBytes, range.upperBound - start)
        try await writer.write(try await chunk(start..<end))
        start = end
      }
      try await writer.finish(nil)
    }
  }

  /// Reads on NIO's threads for files: a disk may take its time, and neither the connections nor the tasks may wait.
  private func chunk(_ range: Range<UInt64>) async throws -> ByteBuffer {
    try await NIOThreadPool.singleton.runIfActive { ByteBuffer(bytes: try file.read(range)) }
  }
}
