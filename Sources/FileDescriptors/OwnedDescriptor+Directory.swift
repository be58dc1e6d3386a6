// SPDX-License-Identifier: Apache-2.0

package import Glibc

/// What can be done below a directory. Names are single components that the program made; symbolic links and `..` are
/// not guarded against.
extension OwnedDescriptor {
  /// Makes a directory, less what the process's mask takes away.
  ///
  /// - Returns: whether it was made; false where something of this name exists.
  /// - Throws: the failure of `mkdirat`.
  @discardableResult
  package func makeDirectory(_ name: String, mode: mode_t) throws(SystemCallError) -> Bool {
    do {
      // SAFETY: the string's bytes outlive the call and end in a zero; so below.
      _ = try systemCall("mkdirat") { unsafe mkdirat(rawValue, name, mode) }
      return true
    } catch  where error.errno == EEXIST {
      return false
    }
  }

  /// Opens a directory below this one, for reading its entries and as a base for further names.
  ///
  /// - Throws: the failure of `openat`; `ENOTDIR` or `ELOOP` where it is no directory.
  package func openDirectory(_ name: String) throws(SystemCallError) -> OwnedDescriptor {
    try open(name, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
  }

  /// Takes the name of a file away; its content goes with its last name and descriptor.
  ///
  /// - Throws: the failure of `unlinkat`.
  package func removeFile(_ name: String) throws(SystemCallError) {
    _ = try systemCall("unlinkat") { unsafe unlinkat(rawValue, name, 0) }
  }

  /// Removes an empty directory.
  ///
  /// - Throws: the failure of `unlinkat`, such as `ENOTEMPTY`.
  package func removeDirectory(_ name: String) throws(SystemCallError) {
    _ = try systemCall("unlinkat") { unsafe unlinkat(rawValue, name, AT_REMOVEDIR) }
  }

  /// The names in this directory, without `.` and `..`, in no order.
  ///
  /// Bytes that are not UTF-8 come out replaced.
  ///
  /// - Throws: the failure of `openat` or `fdopendir`; entries that cannot be read end the list.
  package func entries() throws(SystemCallError) -> [String] {
    // A description of its own, since reading moves the offset and `closedir` closes.
    let number = try openDirectory(".").release()
    guard let stream = unsafe fdopendir(number) else {
      let reason = errno
      close(number)
      throw SystemCallError(call: "fdopendir", errno: reason)
    }
    // SAFETY: the stream is ours alone until it is closed, and an entry is read before the next call replaces it.
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  /// Gives this file a further name in `directory`; the only name of one made by `makeUnnamedFile()`.
  ///
  /// - Throws: the failure of `linkat`; `EEXIST` where the name is taken, `ENOENT` where `/proc` is not mounted.
  package func link(as name: String, in directory: borrowing OwnedDescriptor) throws(SystemCallError) {
    let target = directory.rawValue
    // Through /proc, since naming the descriptor itself (AT_EMPTY_PATH) takes CAP_DAC_READ_SEARCH.
    _ = try systemCall("linkat") {
      unsafe linkat(AT_FDCWD, "/proc/self/fd/\(rawValue)", target, name, AT_SYMLINK_FOLLOW)
    }
  }
}
