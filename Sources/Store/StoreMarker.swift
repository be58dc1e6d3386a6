// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Glibc

/// The file that says that a directory is a store, and of which format.
enum StoreMarker {
  /// The format that this program lays out.
  static let version = 1

  private static let name = "ingest-store"
  private static let content = "\(name) \(version)\n"

  /// Makes sure that `directory`, which the operator calls `path`, is a store of this format.
  static func verify(_ directory: borrowing OwnedDescriptor, path: String) throws(StoreError) {
    guard let text = try read(directory) else { throw .notAStore(path) }
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 2, words[0] == name, words[1].last == "\n", let found = Int(words[1].dropLast()), found > 0
    else { throw .notAStore(path) }
    guard found <= version else { throw .newerStore(found) }
  }

  /// Makes an empty directory a store; leaves a store as it is, and refuses anything else untouched.
  static func create(in directory: borrowing OwnedDescriptor, path: String) throws(StoreError) {
    guard try read(directory) == nil else { return try verify(directory, path: path) }
    // A file system of its own has this folder from the start.
    let others = try StoreError.mapping { () throws(SystemCallError) in try directory.entries() }
      .filter { $0 != "lost+found" }
    guard others.isEmpty else { throw .notAStore(path) }
    // It appears complete or not at all, and first: a crash on the way leaves a store that the next start completes.
    try StoreError.mapping { () throws(SystemCallError) in
      try synchronizeParent(of: directory)
      let file = try directory.makeUnnamedFile()
      try file.write(content.utf8Span.span)
      try file.setPermissions(0o444)
      try file.synchronize()
      try file.link(as: name, in: directory)
      try directory.synchronize()
    }
  }

  /// Makes the directory's own name durable: it may have just been made, by this process or by one that was killed.
  private static func synchronizeParent(of directory: borrowing OwnedDescriptor) throws(SystemCallError) {
    let parent: OwnedDescriptor
    do {
      parent = try directory.openDirectory("..")
    } catch {
      // A parent that this user may not open was not where this user made a directory.
      guard error.errno == EACCES else { throw error }
      return
    }
    try parent.synchronize()
  }

  /// The marker's text; nil where there is none.
  private static func read(_ directory: borrowing OwnedDescriptor) throws(StoreError) -> String? {
    var bytes = [UInt8](repeating: 0, count: 64)
    let count: Int
    do {
      let file = try directory.open(name, flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
      var span = bytes.mutableSpan
      count = try file.pread(into: &span, at: 0)
    } catch {
      if error.errno == ENOENT { return nil }
      throw StoreError(error)
    }
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }
}
