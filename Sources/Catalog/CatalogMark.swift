// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Tells whether any process may have changed the catalog: its files as they were at one instant, and how many commits
/// this process had made.
///
/// What is looked up after a mark was taken holds for as long as a new mark equals it. A commit shows in the files before
/// readers see it, and waits for the disk in between: while one may be under way no mark equals any other. Of commits of
/// this process that is known; those of others are taken to be over when the files have not changed for `rest`.
package struct CatalogMark: Hashable, Sendable {
  /// How long after a change of the files the commit of another process may still be waiting for the disk, in seconds.
  static let rest = 5

  /// How much is known of the last change.
  enum Phase: Hashable {
    /// It may be seen later than it shows. The number is of this mark alone.
    case underway(UInt64)
    /// It is a commit of this process, which has ended.
    case ended
    /// It is long over. What was found before is looked up once more: another process may have begun to write at the very
    /// moment at which the commit of this one had ended.
    case atRest
  }

  let files: CatalogFiles
  let commits: UInt64
  let phase: Phase
}

/// What the kernel says of a catalog's files.
///
/// Two commits within one tick of the file system's clock that leave the log as long as it was look like one.
struct CatalogFiles: Hashable {
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
  init(_ paths: (database: String, log: String)) {
    database = Self.state(of: paths.database)
    log = Self.state(of: paths.log)
  }

  private static func state(of path: String) -> FileState? {
    var answer = stat()
    // SAFETY: the string's bytes outlive the call, and the kernel fills the one structure that it is given.
    guard unsafe stat(path, &answer) == 0 else { return nil }
    return FileState(
      device: UInt64(answer.st_dev), inode: UInt64(answer.st_ino), bytes: Int64(answer.st_size),
      seconds: answer.st_mtim.tv_sec, nanoseconds: answer.st_mtim.tv_nsec)
  }

  /// Whether neither has changed for `seconds`, by a clock in seconds since 1970.
  func areUnchanged(for seconds: Int, at now: Int) -> Bool {
    max(database?.seconds ?? .min, log?.seconds ?? .min) < now - seconds
  }
}
