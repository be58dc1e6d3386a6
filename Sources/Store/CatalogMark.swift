// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Tells whether any process may have changed the catalog: the catalog's files as they were at one instant.
///
/// Every commit writes to the log or to the file. Two commits within one tick of the file system's clock that leave the
/// log as long as it was look like one.
package struct CatalogMark: Hashable, Sendable {
  private struct FileState: Hashable {
    let device: UInt64
    let inode: UInt64
    let bytes: Int64
    let seconds: Int
    let nanoseconds: Int
  }

  /// Nil where the file is not there.
  private let database: FileState?
  private let log: FileState?

  /// What the files of a database are now.
  init(database: String, log: String) {
    self.database = Self.state(of: database)
    self.log = Self.state(of: log)
  }

  private static func state(of path: String) -> FileState? {
    var answer = stat()
    // SAFETY: the string's bytes outlive the call, and the kernel fills the one structure that it is given.
    guard unsafe stat(path, &answer) == 0 else { return nil }
    return FileState(
      device: UInt64(answer.st_dev), inode: UInt64(answer.st_ino), bytes: Int64(answer.st_size),
      seconds: answer.st_mtim.tv_sec, nanoseconds: answer.st_mtim.tv_nsec)
  }
}

extension TableStore {
  /// The mark of the catalog as it is now; taken before a lookup, it says how long that stays true.
  package var catalogMark: CatalogMark { CatalogMark(database: catalogPath, log: catalogLogPath) }
}
