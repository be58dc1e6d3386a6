// SPDX-License-Identifier: Apache-2.0

import Catalog
import FileDescriptors
import Glibc

/// The random directory that one process keeps its passing files in; removed with its owner.
///
/// Its owner holds a lock on it. The kernel drops that lock however the process ends, which tells the sweep of the next
/// process that nobody needs the directory any more.
struct ScratchDirectory: ~Copyable, Sendable {
  private let parent: OwnedDescriptor
  private let name: String
  private let directory: OwnedDescriptor

  /// Makes the directory in `parent`, only accessible to this user.
  ///
  /// The caller holds the lock of the store, or a sweep could remove the directory before its lock is taken.
  init(in parent: consuming OwnedDescriptor) throws(SystemCallError) {
    let name = String.randomHex32()
    guard try parent.makeDirectory(name, mode: 0o700) else { throw SystemCallError(call: "mkdirat", errno: EEXIST) }
    let directory = try parent.openDirectory(name)
    guard try directory.tryLock() else { throw SystemCallError(call: "flock", errno: EWOULDBLOCK) }
    self.name = name
    self.directory = directory
    self.parent = parent
  }

  deinit { remove() }

  /// A file without a name, readable and writable by this user; it vanishes when closed.
  func makeFile() throws(SystemCallError) -> OwnedDescriptor {
    do {
      return try directory.makeUnnamedFile()
    } catch  where [EOPNOTSUPP, EISDIR, EINVAL].contains(error.errno) {
      // A file system without unnamed files: a kill between the two calls leaves the file to the sweep.
      let name = String.randomHex32()
      let file = try directory.open(name, flags: O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
      try directory.removeFile(name)
      return file
    }
  }

  /// Removes the directory and all that is in it.
  ///
  /// Once is enough; what cannot be removed is left to the next sweep.
  func remove() {
    Self.remove(name, in: parent)
  }

  /// Removes the directories of owners that are gone, and nothing that does not look like one of ours.
  ///
  /// Never fails: what cannot be removed does no harm and is tried again by the next sweep.
  ///
  /// - Returns: how many there were.
  @discardableResult
  static func sweep(_ parent: borrowing OwnedDescriptor) -> Int {
    forEachAbandoned(in: parent) { remove($0, in: parent) }
  }

  /// How many directories there are whose owners are gone.
  static func abandoned(in parent: borrowing OwnedDescriptor) -> Int { forEachAbandoned(in: parent) { _ in } }

  private static func forEachAbandoned(in parent: borrowing OwnedDescriptor, _ body: (String) -> Void) -> Int {
    var count = 0
    for name in (try? parent.entries()) ?? [] where name.isLowercaseHex(digits: 32) {
      guard let directory = try? parent.openDirectory(name), (try? directory.tryLock()) == true else { continue }
      body(name)
      count += 1
      // Held until here: an owner that could still start would find its directory locked.
      directory.unlock()
    }
    return count
  }

  /// Does not guard against deep nesting: below `depth` levels the tree is left alone.
  private static func remove(_ name: String, in parent: borrowing OwnedDescriptor, depth: Int = 8) {
    guard depth > 0, let directory = try? parent.openDirectory(name) else { return }
    for entry in (try? directory.entries()) ?? [] where (try? directory.removeFile(entry)) == nil {
      remove(entry, in: directory, depth: depth - 1)
    }
    // Left where something in it could not be removed.
    try? parent.removeDirectory(name)
  }
}
