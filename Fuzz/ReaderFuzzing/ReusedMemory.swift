// SPDX-License-Identifier: Apache-2.0

package import Readers
import Synchronization

/// Memory for inputs, one for each length: a reader's input is never freed, and a fuzzer reads millions of them.
///
/// Each lies in an allocation of its own, so that the address sanitizer sees a read past its end.
package enum ReusedMemory {
  private static let memory = Mutex<[Int: MappedBytes]>([:])

  /// The bytes as a reader takes them.
  ///
  /// What was handed out before for the same length is overwritten, so nobody may read it any more.
  package static func filled(with bytes: [UInt8]) -> MappedBytes {
    memory.withLock { memory in
      guard let used = memory[bytes.count] else {
        let fresh = MappedBytes(bytes)
        memory[bytes.count] = fresh
        return fresh
      }
      // SAFETY: the memory was allocated as mutable by `MappedBytes`, is as long as `bytes`, and no reader is at work.
      unsafe UnsafeMutablePointer(mutating: used.pointer).update(from: bytes, count: bytes.count)
      return used
    }
  }
}
