// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Foundation
import IngestPipeline
import Validation

/// A file argument: a path, or `-` for standard input.
struct LocalInput {
  let path: String

  /// What it is called: nothing, for standard input.
  var name: String? { path == "-" ? nil : URL(fileURLWithPath: path).lastPathComponent }

  /// The bytes: in place where it is a regular file, else received until their end.
  ///
  /// - Throws: `Rejection` with `too_large` or `source_changed`, `ExitStatus.Usage` where there is nothing to read.
  func open(limits: Limits) throws -> UploadSource {
    if path != "-" {
      do {
        if let source = try UploadSource.open(path: path, limit: limits.uploadBytes) { return source }
      } catch let error as SystemCallError {
        throw ExitStatus.Usage(message: "cannot read \(path.escapedForDisplay): \(error.name)")
      }
    }
    return try receive(limits: limits)
  }

  private func receive(limits: Limits) throws -> UploadSource {
    let input =
      path == "-" ? OwnedDescriptor(owning: dup(STDIN_FILENO)) : try OwnedDescriptor.open(path, flags: O_RDONLY)
    let workspace = Workspace(temporaryDirectory: NSTemporaryDirectory())
    let spool = SpoolWriter(
      limits: limits, budget: SpoolBudget(limit: limits.memorySpoolBudget), makeFile: workspace.makeScratch)
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      var span = buffer.mutableSpan
      let count: Int
      do { count = try input.read(into: &span) } catch {
        throw ExitStatus.Usage(message: "cannot read \(path.escapedForDisplay): \(error.name)")
      }
      guard count > 0 else { return try spool.finish() }
      try spool.append(buffer.span.extracting(first: count))
    }
  }
}
