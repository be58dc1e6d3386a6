// SPDX-License-Identifier: Apache-2.0

import Dispatch
import FileDescriptors
import Foundation
import IngestTables
import Synchronization

/// Verifies the bodies of one output on a few threads, and writes each batch's message where it belongs.
///
/// Batches are handed out in the file's order, and memory does not grow with the file. The failure that is told is the
/// first in that order, whichever thread comes upon one first.
final class BatchVerification: Sendable {
  /// What threads share: what is to be done, and what came of it.
  private struct Progress {
    var cursor: LayoutCursor
    var next = 0
    var blocks: [ArrowMetadata.Block?]
    var contents: TableContents
    /// The batch of the first failure so far; nothing behind it matters.
    var failure: (batch: Int, error: any Error)?
  }

  /// More do not pay: memory is the limit then, and other uploads want processors too.
  private static let mostThreads = 4
  /// Less than this is done by the time that another thread has begun.
  private static let bytesPerThread = 4 << 20

  private let file: OwnedDescriptor
  private let metadata: OwnedDescriptor
  private let count: Int
  private let shape: @Sendable (Int) -> BatchShape
  private let progress: Mutex<Progress>

  /// - Parameters:
  ///   - file: for reading; nobody can write to it any more but through `metadata`.
  ///   - count: the number of batches.
  ///   - shape: gives the shape of each; called by any thread, by one at a time.
  init(
    _ file: consuming OwnedDescriptor, writingTo metadata: consuming OwnedDescriptor, schema: Schema, count: Int,
    shape: @escaping @Sendable (Int) -> BatchShape
  ) {
    self.file = file
    self.metadata = metadata
    self.count = count
    self.shape = shape
    progress = Mutex(
      Progress(
        cursor: LayoutCursor(schema: schema), blocks: [ArrowMetadata.Block?](repeating: nil, count: count),
        contents: TableContents(schema, batchCount: count)))
  }

  /// Verifies all batches.
  ///
  /// - Parameter length: what they take of the file.
  /// - Returns: where each lies, and what they hold.
  /// - Throws: `BodyFault`, or `SystemCallError` where the machine fails.
  func run(length: Int) throws -> (blocks: [ArrowMetadata.Block], contents: TableContents) {
    let threads = threads(for: length)
    if threads > 1 { DispatchQueue.concurrentPerform(iterations: threads) { _ in work() } } else { work() }
    return try progress.withLock { progress in
      if let failure = progress.failure { throw failure.error }
      return (progress.blocks.compactMap(\.self), progress.contents)
    }
  }

  private func threads(for length: Int) -> Int {
    let most = min(Self.mostThreads, count, length / Self.bytesPerThread)
    // Foundation reads files of the system to tell how many there are.
    return most > 1 ? min(most, ProcessInfo.processInfo.activeProcessorCount) : 1
  }

  /// One thread: takes batches until there is none, or a failure stands before it.
  private func work() {
    var current = 0
    do {
      var verifier = BodyVerifier(reading: try file.duplicate())
      while let (index, batch) = try next(failingAt: &current) {
        let body = try verifier.verify(batch)
        try metadata.pwrite(ArrowMetadata.batchMessage(batch, nulls: body.nulls).span, at: UInt64(batch.messageOffset))
        progress.withLock { progress in
          progress.blocks[index] = ArrowMetadata.Block(batch)
          progress.contents.add(body, of: batch, at: index)
        }
      }
    } catch {
      progress.withLock { progress in
        if let earlier = progress.failure, earlier.batch <= current { return }
        progress.failure = (current, error)
      }
    }
  }

  /// Hands out the next batch; nil where there is none, or it stands behind a failure.
  private func next(failingAt current: inout Int) throws -> (Int, ArrowLayout.Batch)? {
    try progress.withLock { progress in
      guard progress.failure == nil, progress.next < progress.blocks.count else { return nil }
      let index = progress.next
      current = index
      progress.next += 1
      return (index, try progress.cursor.place(shape(index)))
    }
  }
}
