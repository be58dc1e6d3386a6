// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A system call that failed, and why.
package struct SystemCallError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The name of the call, as its man page has it: `openat`.
  package let call: String
  /// The error number, one of `errno(3)`.
  package let errno: Int32

  /// A failure of `call` with the number `errno`.
  package init(call: String, errno: Int32) {
    self.call = call
    self.errno = errno
  }

  /// The call and the name of the error: `openat: ENOSPC`.
  package var description: String { "\(call): \(name)" }
}

/// Runs a system call that answers -1 on failure, again for as long as a signal interrupts it.
///
/// Not for `close(2)`: on Linux the descriptor is gone even where it answers `EINTR`.
///
/// - Returns: what the call answered.
/// - Throws: the error that the call left in `errno`.
package func systemCall<Answer: FixedWidthInteger & SignedInteger>(
  _ name: String, _ call: () -> Answer
) throws(SystemCallError) -> Answer {
  while true {
    let answer = call()
    guard answer == -1 else { return answer }
    let reason = errno
    guard reason == EINTR else { throw SystemCallError(call: name, errno: reason) }
  }
}
