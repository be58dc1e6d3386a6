// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Foundation
import IngestPipeline
import IngestTables
import Validation

/// Where exported bytes go: standard output, a file that appears complete or not at all, or in place where the path
/// leads to something else than a file, such as a pipe or a device.
final class DataSink {
  private let file: OwnedDescriptor?
  private var path: String?
  private var temporary: String?

  init(path: String?) throws {
    guard let path else {
      self.path = nil
      file = nil
      temporary = nil
      return
    }
    if let isRegular = try? UploadSource.isRegularFile(path: path), !isRegular {
      do { file = try OwnedDescriptor.open(path, flags: O_WRONLY) } catch {
        throw ExitStatus.Usage(message: "cannot write \(path.escapedForDisplay): \(error.name)")
      }
      temporary = nil
      return
    }
    // What a symbolic link leads to is replaced, not the link.
    let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    self.path = target
    let temporary = "\(target).\(UInt32.random(in: .min ... .max)).partial"
    do {
      file = try OwnedDescriptor.open(temporary, flags: O_WRONLY | O_CREAT | O_EXCL, mode: 0o644)
    } catch { throw ExitStatus.Usage(message: "cannot write \(path.escapedForDisplay): \(error.name)") }
    self.temporary = temporary
  }

  /// An output that was not committed leaves nothing behind.
  deinit {
    // SAFETY: the string's bytes outlive the call and end in a zero; so below.
    if let temporary { _ = unsafe unlink(temporary) }
  }

  func write(_ bytes: [UInt8]) throws {
    if file != nil { try file?.write(bytes.span) } else { try DataOutput.write(bytes) }
  }

  func commit() throws {
    guard let path, let temporary else { return }
    try file?.synchronize()
    guard unsafe rename(temporary, path) == 0 else { throw SystemCallError(call: "rename", errno: errno) }
    self.temporary = nil
    try Self.synchronizeFolder(of: path)
  }

  /// Makes the file's name durable, too.
  private static func synchronizeFolder(of path: String) throws(SystemCallError) {
    let folder: OwnedDescriptor
    do throws(SystemCallError) {
      let path = URL(fileURLWithPath: path).deletingLastPathComponent().path
      folder = try OwnedDescriptor.open(path, flags: O_RDONLY | O_DIRECTORY)
    } catch {
      // A folder that this user may write to, but not list.
      guard error.errno == EACCES else { throw error }
      return
    }
    try folder.synchronize()
  }
}

/// Writes a table in one of its forms, batch by batch.
struct TableExport {
  private static let chunkBytes = 256 << 10
  private let table: TableFile
  private let target: ConvertCommand.Target
  private let isVerbatim: Bool

  init(_ table: TableFile, as target: ConvertCommand.Target, isVerbatim: Bool = false) {
    self.table = table
    self.target = target
    self.isVerbatim = isVerbatim
  }

  func write(to sink: DataSink) throws {
    switch target {
    case .arrow: try copy(0..<table.size, to: sink)
    case .arrows: try copy(table.streamRange, to: sink)
    case .csv: try render(.csv, to: sink)
    case .json: try render(.json, to: sink)
    case .ndjson: try render(.ndjson, to: sink)
    }
  }

  private func copy(_ range: Range<UInt64>, to sink: DataSink) throws {
    for start in stride(from: range.lowerBound, to: range.upperBound, by: 1 << 20) {
      try sink.write(try table.read(start..<min(start + 1 << 20, range.upperBound)))
    }
  }

  private func render(_ representation: TextRepresentation, to sink: DataSink) throws {
    var buffer: [UInt8] = []
    if isVerbatim {
      var renderer = VerbatimRenderer(as: representation)
      renderer.appendStart(to: &buffer)
      for index in 0..<table.batchCount {
        renderer.append(try table.batch(index), to: &buffer)
        try sink.write(buffer)
        buffer.removeAll(keepingCapacity: true)
      }
      renderer.appendEnd(to: &buffer)
    } else {
      var renderer = TableRenderer(table.schema, as: representation)
      renderer.appendStart(to: &buffer)
      for index in 0..<table.batchCount {
        let batch = try table.batch(index)
        for row in 0..<batch.rowCount {
          renderer.append(batch, rows: row..<row + 1, to: &buffer)
          guard buffer.count >= Self.chunkBytes else { continue }
          try sink.write(buffer)
          buffer.removeAll(keepingCapacity: true)
        }
      }
      renderer.appendEnd(to: &buffer)
    }
    try sink.write(buffer)
  }
}
