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

  /// What two entries of one archive may not share: readers differ on which of them is meant.
  ///
  /// A folder's slash and a leading `./` do not count; composed and decomposed letters are equal, as in all texts. Case
  /// does count: `a.csv` beside `A.csv` is honest on Unix, nothing is unpacked here, and table names are kept apart
  /// elsewhere.
  static func label(_ name: String) -> String {
    var label = name[...]
    while label.hasPrefix("./") { label = label.dropFirst(2) }
    if label.hasSuffix("/") { label = label.dropLast() }
    return String(label)
  }
}
