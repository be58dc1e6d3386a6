// SPDX-License-Identifier: Apache-2.0

import Caching
import IngestPipeline
import IngestTables
import NIOCore
import NIOPosix
import Telemetry

/// Tables in their text forms, ready to be sent: what many ask for is rendered once.
///
/// A table's id is one content for ever, so a rendering never gets old. What is large is not kept, but streamed to each
/// who asks.
final class EncodedTables: Sendable {
  /// The largest rendering that is kept; as many are made at a time as fit into the memory of all.
  private static let largest = 8 << 20
  private static let memory = 64 << 20

  private struct Key: Hashable {
    let tableID: String
    let form: Representation
    let firstRows: Int?
    let coding: ContentCoding

    init(_ download: TableDownload, _ coding: ContentCoding) {
      tableID = download.tableID
      form = download.form
      firstRows = download.firstRows
      self.coding = coding
    }
  }

  /// A table's text, and how it is coded.
  struct Rendering {
    let bytes: ByteBuffer
    let coding: ContentCoding
  }

  /// A whole rendering; nil where it is too large, or compressed no shorter.
  private let renderings = SharedCache<Key, ByteBuffer?>(
    CacheBounds(
      cost: UInt64(memory), costOfOne: UInt64(largest), entries: 4_096, computations: memory / largest)
  ) { 256 + UInt64($0?.readableBytes ?? 0) }

  /// The rendering of a table, or of its first rows; nil where it has to be streamed.
  ///
  /// - Parameter coding: how it is sent, where that makes it shorter.
  func rendering(of download: TableDownload, _ coding: ContentCoding) async throws -> Rendering? {
    guard let text = download.form.text else { return nil }
    if coding == .gzip, let kept = renderings.kept(for: Key(download, .gzip)), let bytes = kept {
      return Rendering(bytes: bytes, coding: .gzip)
    }
    let (file, firstRows) = (download.file, download.firstRows)
    let rendering = try await renderings.value(for: Key(download, .identity)) {
      try await NIOThreadPool.singleton.runIfActive { try Self.render(file, firstRows, as: text) }
    }
    guard let whole = rendering ?? nil else { return nil }
    guard coding == .gzip else { return Rendering(bytes: whole, coding: .identity) }
    // After the text, not within its computation: each counts among those that may be under way.
    let compressed = try await renderings.value(for: Key(download, .gzip)) {
      try await NIOThreadPool.singleton.runIfActive { ContentCoding.compress(whole) }
    }
    guard let compressed = compressed ?? nil else { return Rendering(bytes: whole, coding: .identity) }
    return Rendering(bytes: compressed, coding: .gzip)
  }

  private static func render(
    _ file: TableFile, _ firstRows: Int?, as text: TextRepresentation
  ) throws -> ByteBuffer? {
    var renderer = TableRenderer(file.schema, as: text)
    var bytes: [UInt8] = []
    renderer.appendStart(to: &bytes)
    var left = firstRows ?? .max
    for index in 0..<file.batchCount where left > 0 {
      // Of the first rows no more is read than they take.
      let batch = try firstRows == nil ? file.batch(index) : file.slice(ofBatch: index, rows: 0..<left).rows
      left -= batch.rowCount
      for row in 0..<batch.rowCount {
        renderer.append(batch, rows: row..<row + 1, to: &bytes)
        guard bytes.count <= largest else { return nil }
      }
    }
    renderer.appendEnd(to: &bytes)
    return bytes.count <= largest - 256 ? ByteBuffer(bytes: bytes) : nil
  }

  var running: RunningCache { RunningCache("encodings", renderings) }

  var metricReadings: [MetricReading] { CacheMetrics.readings("encodings", renderings.activity) }
}
