// SPDX-License-Identifier: Apache-2.0

import Validation

/// The name of a tar archive's entry: a label for people, never a path.
enum TarName {
  /// The longest name, in bytes: what Linux takes for a path (`PATH_MAX`).
  static let longest = 4_096

  /// Reads a name: UTF-8, as all tools of today write; what is not is taken byte for byte, as Latin-1.
  ///
  /// - Throws: `archive_malformed` for an empty name, one too long, or NUL; `archive_entry_refused` for a name that climbs
  ///   or starts at a root.
  static func text(_ bytes: [UInt8], at offset: Int) throws(Rejection) -> String {
    guard !bytes.isEmpty, !bytes.contains(0) else {
      throw .malformed("An entry's name is empty or holds NUL", at: offset)
    }
    guard bytes.count <= longest else { throw .malformed("An entry's name is too long", at: offset) }
    let text =
      String(validating: bytes, as: UTF8.self)
      ?? bytes.reduce(into: "") { $0.unicodeScalars.append(Unicode.Scalar($1)) }
    guard !MemberName.leavesFolder(text) else {
      throw Rejection(
        .archiveEntryRefused, reason: "An entry's name climbs out of the archive", byteOffset: UInt64(offset))
    }
    return text
  }
}
