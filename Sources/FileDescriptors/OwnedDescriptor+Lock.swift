// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Advisory locks of an open file description (`flock(2)`): they end with its last descriptor, so also by `kill -9`.
extension OwnedDescriptor {
  /// Waits for the exclusive lock of this file or directory, without limit.
  ///
  /// - Throws: the failure of `flock`.
  package func lock() throws(SystemCallError) {
    _ = try systemCall("flock") { flock(rawValue, LOCK_EX) }
  }

  /// Waits for a shared lock of this file or directory, which others may have too, without limit.
  ///
  /// - Throws: the failure of `flock`.
  package func lockShared() throws(SystemCallError) {
    _ = try systemCall("flock") { flock(rawValue, LOCK_SH) }
  }

  /// Takes the exclusive lock, if nobody else has it.
  ///
  /// - Returns: whether it was taken.
  /// - Throws: the failure of `flock`.
  package func tryLock() throws(SystemCallError) -> Bool {
    do {
      _ = try systemCall("flock") { flock(rawValue, LOCK_EX | LOCK_NB) }
      return true
    } catch  where error.errno == EWOULDBLOCK {
      return false
    }
  }

  /// Gives the lock up; no failure is possible on a lock that is held.
  package func unlock() {
    _ = flock(rawValue, LOCK_UN)
  }
}
