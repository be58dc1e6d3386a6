// SPDX-License-Identifier: Apache-2.0

package import Glibc

extension OwnedDescriptor {
  /// The file's length in bytes.
  ///
  /// - Throws: the failure of `fstat`.
  package func size() throws(SystemCallError) -> UInt64 {
    UInt64(clamping: try status().st_size)
  }

  /// What the kernel knows about the file: type, permissions, inode, length, times.
  ///
  /// - Throws: the failure of `fstat`.
  package func status() throws(SystemCallError) -> stat {
    var answer = stat()
    // SAFETY: the kernel fills the one structure that it is given.
    _ = try systemCall("fstat") { unsafe fstat(rawValue, &answer) }
    return answer
  }

  /// The bytes that are free on the file's file system for whoever this process is.
  ///
  /// - Throws: the failure of `fstatvfs`.
  package func freeSpace() throws(SystemCallError) -> UInt64 {
    var answer = statvfs()
    // SAFETY: the kernel fills the one structure that it is given.
    _ = try systemCall("fstatvfs") { unsafe fstatvfs(rawValue, &answer) }
    let (bytes, overflowed) = UInt64(answer.f_bavail).multipliedReportingOverflow(by: UInt64(answer.f_frsize))
    return overflowed ? .max : bytes
  }

  /// Cuts the file off, or extends it with zeros, so that it has `bytes` bytes.
  ///
  /// - Throws: the failure of `ftruncate`; `EINVAL` for a length past 2^63 - 1.
  package func truncate(to bytes: UInt64) throws(SystemCallError) {
    guard let length = off_t(exactly: bytes) else { throw SystemCallError(call: "ftruncate", errno: EINVAL) }
    _ = try systemCall("ftruncate") { ftruncate(rawValue, length) }
  }

  /// Waits until everything written to this file or directory survives a power cut.
  ///
  /// A failure is final: after it the kernel may have dropped the data, so a second call proves nothing.
  ///
  /// - Throws: the failure of `fsync`, such as `EIO`.
  package func synchronize() throws(SystemCallError) {
    _ = try systemCall("fsync") { fsync(rawValue) }
  }

  /// Sets the file's permission bits, whatever the process's mask.
  ///
  /// - Throws: the failure of `fchmod`.
  package func setPermissions(_ mode: mode_t) throws(SystemCallError) {
    _ = try systemCall("fchmod") { fchmod(rawValue, mode) }
  }
}
