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

  /// The database and its log; nil for one that is not there.
  private let files: [FileState?]

  /// What the files of the database at `path` are now.
  init(path: String) {
    files = ["", "-wal"].map { suffix in
      var answer = stat()
      // SAFETY: the string's bytes outlive the call, and the kernel fills the one structure that it is given.
      guard unsafe stat(path + suffix, &answer) == 0 else { return nil }
      return FileState(
        device: UInt64(answer.st_dev), inode: UInt64(answer.st_ino), bytes: Int64(answer.st_size),
        seconds: answer.st_mtim.tv_sec, nanoseconds: answer.st_mtim.tv_nsec)
    }
  }
}

extension TableStore {
  /// The mark of the catalog as it is now; taken before a lookup, it says how long that stays true.
  package var catalogMark: CatalogMark { CatalogMark(path: catalogPath) }
}
