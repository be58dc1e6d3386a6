// SPDX-License-Identifier: Apache-2.0

import Glibc

/// An open file descriptor that has exactly one owner and is closed with it.
///
/// The number may be borrowed from several threads at once, as the kernel allows; only the owner can close it.
package struct OwnedDescriptor: ~Copyable, Sendable {
  /// The descriptor's number.
  ///
  /// Borrowed: it is valid for as long as its owner lives, and nobody else may close it.
  package let rawValue: Int32

  /// Takes over an open descriptor, which nobody else may close from now on.
  package init(owning rawValue: Int32) {
    self.rawValue = rawValue
  }

  deinit {
    // Errors of written data were reported by `synchronize()`; what is left is a number that was not ours (EBADF).
    let answer = close(rawValue)
    assert(answer == 0 || errno != EBADF, "descriptor \(rawValue) was closed by somebody else")
  }

  /// Gives the descriptor up without closing it.
  ///
  /// - Returns: the number, which the caller must close.
  package consuming func release() -> Int32 {
    let number = rawValue
    discard self
    return number
  }

  /// Another descriptor of the same open file description, closed on `exec`.
  ///
  /// Both share one file offset and one set of locks.
  ///
  /// - Throws: the failure of `fcntl`, such as `EMFILE`.
  package func duplicate() throws(SystemCallError) -> OwnedDescriptor {
    OwnedDescriptor(owning: try systemCall("fcntl") { fcntl(rawValue, F_DUPFD_CLOEXEC, 0) })
  }
}
