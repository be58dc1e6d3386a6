// SPDX-License-Identifier: Apache-2.0

import Validation

/// The name of an archive's entry: a label for people, never a path.
struct ZipName {
  /// The name as text.
  ///
  /// It may hold anything but NUL; escape it for display.
  let text: String

  /// Reads a name.
  ///
  /// It is UTF-8 where the flag says so, and also where it happens to be: macOS and old Unix tools write UTF-8 without
  /// the flag, and a name in code page 437 is hardly ever UTF-8 by accident. Info-ZIP's Unicode path comes first, as
  /// unzip and libarchive have it, if it belongs to these bytes.
  ///
  /// - Throws: `archive_malformed` for an empty name, NUL, or bytes that are not the UTF-8 they claim to be;
  ///   `archive_entry_refused` for a name that climbs or starts at a root.
  init(_ header: ZipHeader, in archive: MappedBytes) throws(Rejection) {
    let bytes = archive.bytes(header.name)
    guard !bytes.isEmpty, !bytes.contains(0) else {
      throw .malformed("An entry's name is empty or holds NUL", at: header.name.lowerBound)
    }
    if let text = try Self.unicodePath(header, in: archive, of: bytes) {
      self.text = text
    } else if let text = String(validating: bytes, as: UTF8.self) {
      self.text = text
    } else {
      guard !header.flags.contains(.utf8Name) else {
        throw .malformed("An entry's name is not valid UTF-8", at: header.name.lowerBound)
      }
      text = Self.codePage437(bytes)
    }
    guard !MemberName.leavesFolder(text), !MemberName.leavesFolder(String(decoding: bytes, as: UTF8.self)) else {
      throw Rejection(
        .archiveEntryRefused, reason: "An entry's name climbs out of the archive", byteOffset: UInt64(header.start))
    }
  }

  /// Info-ZIP's field: a version, the CRC-32 of the name that it belongs to, and the name in UTF-8.
  private static func unicodePath(
    _ header: ZipHeader, in archive: MappedBytes, of name: [UInt8]
  ) throws(Rejection) -> String? {
    guard let range = header.extra.unicodePath else { return nil }
    var cursor = ZipCursor(archive, range)
    let version: UInt8 = try cursor.integer()
    let expected: UInt32 = try cursor.integer()
    var checksum = Checksum()
    checksum.add(name.span)
    // A stale field, left by a tool that renamed the entry, is passed over as APPNOTE 4.6.9 says.
    guard version == 1, checksum.value == expected else { return nil }
    let bytes = archive.bytes(try cursor.take(cursor.remaining))
    guard !bytes.isEmpty, !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else {
      throw .malformed("An entry's Unicode name is not valid", at: range.lowerBound)
    }
    return text
  }

  private static func codePage437(_ bytes: [UInt8]) -> String {
    let upper = Array(upperHalf.unicodeScalars)
    return bytes.reduce(into: "") { text, byte in
      text.unicodeScalars.append(byte < 0x80 ? Unicode.Scalar(byte) : upper[Int(byte) - 0x80])
    }
  }

  /// The characters of 0x80 to 0xFF.
  private static let upperHalf =
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀"
    + "αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{A0}"
}
