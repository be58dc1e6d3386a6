// SPDX-License-Identifier: Apache-2.0

/// The blanks that a file starts with.
enum BlankLead {
  private static let pieceLength = 64 << 10
  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// The offset of the first byte that is neither a space, tab, line end nor part of a leading UTF-8 byte order mark;
  /// nil where there is none.
  ///
  /// Other blanks, such as form feeds, are left to the reader, which refuses them as control characters.
  static func end(count: Int, head: [UInt8], at bytes: (Range<Int>) -> [UInt8]) -> Int? {
    let start = head.starts(with: byteOrderMark) ? byteOrderMark.count : 0
    // Nearly every file ends the search in its first bytes.
    if let found = firstVisible(head, from: start) { return found }
    var offset = head.count
    while offset < count {
      let piece = bytes(offset..<min(count, offset + pieceLength))
      if let found = firstVisible(piece, from: 0) { return offset + found }
      // Fewer bytes than asked for: the file shrank, and what is not there is no content.
      guard !piece.isEmpty else { return nil }
      offset += piece.count
    }
    return nil
  }

  private static func firstVisible(_ piece: [UInt8], from start: Int) -> Int? {
    var index = start
    while index < piece.count {
      switch piece[index] {
      case 0x20, 0x09, 0x0A, 0x0D: index += 1
      default: return index
      }
    }
    return nil
  }
}
