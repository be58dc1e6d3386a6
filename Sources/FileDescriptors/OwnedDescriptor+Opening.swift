// SPDX-License-Identifier: Apache-2.0

package import Glibc

extension OwnedDescriptor {
  /// Opens a file by its path, always closed on `exec`.
  ///
  /// - Parameters:
  ///   - path: a path that the program or its operator made, never a client's text.
  ///   - flags: of `open(2)`; `O_CLOEXEC` is added.
  ///   - mode: the permissions of a file that the call creates, before the process's mask.
  /// - Throws: the failure of `open`.
  package static func open(_ path: String, flags: Int32, mode: mode_t = 0) throws(SystemCallError) -> OwnedDescriptor {
    // SAFETY: the string's bytes outlive the call and end in a zero.
    OwnedDescriptor(owning: try systemCall("open") { unsafe Glibc.open(path, flags | O_CLOEXEC, mode) })
  }

  /// Opens a file by its path below this directory, always closed on `exec`.
  ///
  /// Does not guard against `..` or symbolic links; `name` must be one that the program made.
  ///
  /// - Throws: the failure of `openat`.
  package func open(_ name: String, flags: Int32, mode: mode_t = 0) throws(SystemCallError) -> OwnedDescriptor {
    // SAFETY: as above.
    OwnedDescriptor(owning: try systemCall("openat") { unsafe openat(rawValue, name, flags | O_CLOEXEC, mode) })
  }

  /// Makes a file without a name on this directory's file system, readable and writable by its owner (0600).
  ///
  /// It can be given a name later by `linkat(2)`, since it is not opened with `O_EXCL`; else it vanishes when closed.
  ///
  /// - Throws: the failure of `openat`; `EOPNOTSUPP` where the file system has no such files.
  package func makeUnnamedFile() throws(SystemCallError) -> OwnedDescriptor {
    try open(".", flags: Self.unnamedFile | O_RDWR, mode: 0o600)
  }

  /// `O_TMPFILE`, which is a compound macro and therefore not imported: `__O_TMPFILE | O_DIRECTORY`.
  private static let unnamedFile: Int32 = 0o20_000_000 | O_DIRECTORY
}
