// SPDX-License-Identifier: Apache-2.0

/// What the names of all archives' entries have in common: labels for people, never paths.
enum MemberName {
  /// Whether a name, taken as a path by Unix or Windows, could lead out of the folder it is unpacked in.
  ///
  /// We make no paths of names. Who packs such names means other programs to, so the archive is not let through.
  static func leavesFolder(_ name: String) -> Bool {
    let bytes = Array(name.utf8)
    let isSeparator: (UInt8) -> Bool = { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
    if let first = bytes.first, isSeparator(first) { return true }
    if bytes.count >= 2, bytes[1] == UInt8(ascii: ":"), (0x61...0x7A).contains(bytes[0] | 0x20) { return true }
    return bytes.split(omittingEmptySubsequences: false, whereSeparator: isSeparator)
      .contains { $0.elementsEqual("..".utf8) }
  }

  /// The parts of a name between slashes of either kind, without those that lead nowhere.
  static func components(_ name: String) -> [Substring] {
    // By bytes, since a combining mark after a slash makes another character of it.
    name.utf8.split { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }.map { Substring($0) }.filter { $0 != "." }
  }

  /// What two files of one archive may not share: readers differ on which of them is meant.
  ///
  /// A folder's slash, empty parts and `.` do not count; composed and decomposed letters are equal, as in all texts.
  /// Case does count: `a.csv` beside `A.csv` is honest on Unix, nothing is unpacked here, and table names are kept apart
  /// elsewhere.
  static func label(_ name: String) -> String { components(name).joined(separator: "/") }

  /// The index of an entry that has the name of a file before it or of a folder that one lies in; nil where all differ.
  ///
  /// Folders may come twice. Takes memory in the length of all names.
  static func clash(in entries: [some ArchiveEntry]) -> Int? {
    // In order, a file is directly before whatever has its name or lies in a folder of its name.
    let labels = entries.enumerated()
      .map { (label: label($1.name) + "/", isFolder: $1.isDirectory, index: $0) }
      .sorted { $0.label == $1.label ? !$0.isFolder && $1.isFolder : $0.label < $1.label }
    return zip(labels, labels.dropFirst()).first { first, second in
      !first.isFolder && (second.label.hasPrefix(first.label) || second.label.utf8.starts(with: first.label.utf8))
    }.map { max($0.index, $1.index) }
  }
}
