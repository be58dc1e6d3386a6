// SPDX-License-Identifier: Apache-2.0

import Dispatch
package import FileDescriptors
import Foundation
import Synchronization

/// Has outputs that will be published written to disk while their worker still goes on, a piece at a time.
///
/// Else nothing is written before the worker has ended, and publishing waits for all of it. A disk that caches what it
/// is given takes long to empty that cache, so it is asked to do so from time to time.
package final class WriteBack: Sendable {
  /// What was begun so far.
  struct State {
    /// The output that grows.
    var output: ObjectIdentifier?
    /// What was begun, and what the file had grown to when last looked at.
    var begun: UInt64 = 0
    var seen: UInt64 = 0
    /// What was begun when the file was last synced.
    var synced: UInt64 = 0
    var isSyncing = false
    /// The kernel tells of a failed write once; whoever publishes must learn of it.
    var failure: SystemCallError?
  }

  /// Smaller pieces cost the disk more calls than they save.
  static let piece: UInt64 = 8 << 20
  /// What a file grows by between two syncs.
  ///
  /// Less was no faster, and more was slower.
  static let syncedPiece: UInt64 = 64 << 20
  /// What is worth a sync of its own before the file is complete.
  static let lastPiece: UInt64 = 16 << 20

  private let state = Mutex(State())
  private let syncs = DispatchGroup()

  package init() {}

  /// Begins with what the output had grown to the last time: what it has grown by since may still be changing.
  package func advance(_ output: WorkerOutput) {
    guard let size = try? output.size() else { return }
    let (range, syncs) = state.withLock { state in
      (state.next(ObjectIdentifier(output), size), state.beginsSync(of: Self.syncedPiece))
    }
    if let range { output.startWritingBack(range) }
    if syncs { sync(output) }
  }

  /// Begins with the rest of an output whose worker has ended, beside whatever is still to be done with it.
  package func complete(_ output: WorkerOutput) {
    guard let size = try? output.size() else { return }
    let syncs = state.withLock { state in
      if state.output == ObjectIdentifier(output) { state.begun = max(state.begun, size) }
      return state.beginsSync(of: Self.lastPiece)
    }
    if syncs { sync(output) }
  }

  /// Waits for the disk.
  ///
  /// - Throws: the first failure to write, which the kernel will not tell of again.
  package func finish() throws(SystemCallError) {
    syncs.wait()
    if let failure = state.withLock({ $0.failure }) { throw failure }
  }

  private func sync(_ output: WorkerOutput) {
    // Opened for reading only: whoever could still write to the output would be taken for a writer.
    guard let number = try? output.openForReading().release() else { return state.withLock { $0.isSyncing = false } }
    // Not on one of the queue's few threads, which verification needs: they count as busy while the disk is.
    syncs.enter()
    Thread.detachNewThread {
      let file = OwnedDescriptor(owning: number)
      let outcome = Result { () throws(SystemCallError) in try file.synchronize() }
      self.state.withLock { $0.endSync(outcome) }
      self.syncs.leave()
    }
  }
}

extension WriteBack.State {
  /// What is to be written now of an output that has grown to `size`; nil where that is too little yet.
  mutating func next(_ output: ObjectIdentifier, _ size: UInt64) -> Range<UInt64>? {
    if self.output != output { (self.output, begun, seen, synced) = (output, 0, 0, 0) }
    defer { seen = size }
    guard seen >= begun, seen - begun >= WriteBack.piece else { return nil }
    defer { begun = seen }
    return begun..<seen
  }

  /// Whether enough was begun since the last sync for another one; then that has begun.
  mutating func beginsSync(of piece: UInt64) -> Bool {
    guard !isSyncing, begun >= synced, begun - synced >= piece else { return false }
    (isSyncing, synced) = (true, begun)
    return true
  }

  mutating func endSync(_ outcome: Result<Void, SystemCallError>) {
    isSyncing = false
    if case .failure(let failure) = outcome { self.failure = self.failure ?? failure }
  }
}
