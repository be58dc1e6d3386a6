// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Synchronization

/// Has outputs that will be published written to disk while their worker still goes on, a piece at a time.
///
/// Else nothing is written before the worker has ended, and publishing waits for all of it.
package final class WriteBack: Sendable {
  /// What was begun so far.
  struct State {
    /// The output that grows.
    var output: ObjectIdentifier?
    /// What was begun, and what the file had grown to when last looked at.
    var begun: UInt64 = 0
    var seen: UInt64 = 0
  }

  /// Smaller pieces cost the disk more calls than they save.
  static let piece: UInt64 = 8 << 20

  private let state = Mutex(State())

  package init() {}

  /// Begins with what the output had grown to the last time: what it has grown by since may still be changing.
  package func advance(_ output: WorkerOutput) {
    guard let size = try? output.size(), let range = state.withLock({ $0.next(ObjectIdentifier(output), size) }) else {
      return
    }
    output.startWritingBack(range)
  }
}

extension WriteBack.State {
  /// What is to be written now of an output that has grown to `size`; nil where that is too little yet.
  mutating func next(_ output: ObjectIdentifier, _ size: UInt64) -> Range<UInt64>? {
    if self.output != output { self = WriteBack.State(output: output) }
    defer { seen = size }
    guard seen >= begun, seen - begun >= WriteBack.piece else { return nil }
    defer { begun = seen }
    return begun..<seen
  }
}
