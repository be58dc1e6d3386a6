// SPDX-License-Identifier: Apache-2.0

import Dispatch
package import FileDescriptors
import Synchronization

/// Has outputs that will be published written to disk while their worker still goes on, a piece at a time.
///
/// Else nothing is written before the worker has ended, and publishing waits for all of it. A disk that caches what it
/// is given takes long to empty that cache, so it is asked to do so again and again. Room on the disk is found before:
/// looking for it may mean reading from a disk that is busy with emptying its cache, and all who write wait meanwhile.
///
/// What cannot be looked at or begun is left to publishing, which syncs whatever happened here; only a sync that failed
/// is told.
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
    /// Up to where room was found.
    var allocated: UInt64 = 0
    var isComplete = false
    var isSyncing = false
    /// The kernel tells of a failed write once; whoever publishes must learn of it.
    var failure: SystemCallError?
  }

  /// Smaller pieces cost the disk more calls than they save.
  static let piece: UInt64 = 4 << 20
  /// What a file grows by between two syncs.
  static let syncedPiece: UInt64 = 8 << 20
  /// What is worth a sync of its own once the file is complete.
  static let lastPiece: UInt64 = 4 << 20
  /// The most room that is found at a time, the least that is worth it, and what is left of it when more is looked for.
  static let mostRoom: UInt64 = 512 << 20
  static let leastRoom: UInt64 = 64 << 20
  static let roomLeft: UInt64 = 128 << 20
  /// Smaller outputs are written before room would be found.
  static let leastWithRoom: UInt64 = 2 * piece

  private let state = Mutex(State())
  private let syncs = DispatchGroup()

  package init() {}

  /// Begins with what the output had grown to the last time: what it has grown by since may still be changing.
  ///
  /// - Parameter share: the share of the input, from 0 to 1, by which the output has come this far.
  package func advance(_ output: WorkerOutput, by share: Double) {
    guard let size = try? output.size() else { return }
    let (range, room, syncs) = state.withLock { state in
      let range = state.next(ObjectIdentifier(output), size)
      return (range, state.room(for: size, by: share), state.beginsSync())
    }
    if let room { output.allocate(room) }
    if let range { output.startWritingBack(range) }
    if syncs { sync(output) }
  }

  /// Begins with the rest of an output whose worker has ended, beside whatever is still to be done with it.
  package func complete(_ output: WorkerOutput) {
    guard let size = try? output.size() else { return }
    let syncs = state.withLock { state in
      if state.output == ObjectIdentifier(output) { state.begun = max(state.begun, size) }
      state.isComplete = true
      return state.beginsSync()
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

  private static func close(_ descriptor: consuming OwnedDescriptor) {}

  /// Syncs the output, and again for as long as it has grown by enough meanwhile.
  private func sync(_ output: WorkerOutput) {
    let identifier = ObjectIdentifier(output)
    // Opened for reading only: whoever could still write to the output would be taken for a writer.
    guard let number = try? output.openForReading().release() else { return state.withLock { $0.isSyncing = false } }
    // Not on one of the queue's few threads, which verification needs: they count as busy while the disk is.
    syncs.enter()
    do {
      try DetachedThread.start {
        let file = OwnedDescriptor(owning: number)
        var goesOn = true
        while goesOn {
          let outcome = Result { () throws(SystemCallError) in try file.synchronize() }
          goesOn = self.state.withLock { $0.endSync(of: identifier, outcome) }
        }
        self.syncs.leave()
      }
    } catch {
      // Publishing syncs it, later; whoever waits for this one must not.
      Self.close(OwnedDescriptor(owning: number))
      state.withLock { $0.isSyncing = false }
      syncs.leave()
    }
  }
}

extension WriteBack.State {
  /// What is to be written now of an output that has grown to `size`; nil where that is too little yet.
  mutating func next(_ output: ObjectIdentifier, _ size: UInt64) -> Range<UInt64>? {
    if self.output != output { (self.output, begun, seen, synced, allocated) = (output, 0, 0, 0, 0) }
    // Emptied, and its room with it.
    if size < seen { allocated = 0 }
    defer { seen = size }
    guard seen >= begun, seen - begun >= WriteBack.piece else { return nil }
    defer { begun = seen }
    return begun..<seen
  }

  /// The room that is to be found now for an output that has grown to `size` by a share of the input; nil for none.
  mutating func room(for size: UInt64, by share: Double) -> Range<UInt64>? {
    guard size >= WriteBack.leastWithRoom, share > 0, size + WriteBack.roomLeft > allocated else { return nil }
    // What is too much is given back, and what is too little is found as it is written.
    let expected = UInt64(min(1.05 * Double(size) / share, Double(size + WriteBack.mostRoom)))
    let start = max(size, allocated)
    guard expected >= start + WriteBack.leastRoom else { return nil }
    allocated = expected
    return start..<expected
  }

  /// Whether enough was begun since the last sync for another one; then that has begun.
  mutating func beginsSync() -> Bool {
    let piece = isComplete ? WriteBack.lastPiece : WriteBack.syncedPiece
    guard !isSyncing, begun >= synced, begun - synced >= piece else { return false }
    (isSyncing, synced) = (true, begun)
    return true
  }

  /// Whether another sync of the same output has begun.
  mutating func endSync(of output: ObjectIdentifier, _ outcome: Result<Void, SystemCallError>) -> Bool {
    isSyncing = false
    if case .failure(let failure) = outcome { self.failure = self.failure ?? failure }
    return self.output == output && beginsSync()
  }
}
