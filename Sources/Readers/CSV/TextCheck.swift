// SPDX-License-Identifier: Apache-2.0

import IngestTables
package import Validation

/// Refuses what is not text: invalid UTF-8, and control characters other than TAB, LF, VT, FF and CR.
package struct TextCheck: Sendable {
  private var utf8 = UTF8Validator()

  package init() {}

  /// Checks the next piece, which starts at `offset` of the file.
  ///
  /// - Throws: `invalid_encoding` or `control_character`, with the offset.
  package mutating func check(_ piece: Span<UInt8>, at offset: Int) throws(Rejection) {
    if let control = Self.firstControl(piece) {
      throw Rejection(.controlCharacter, byteOffset: UInt64(offset + control))
    }
    if let fault = utf8.consume(piece) { throw Rejection(.invalidEncoding, byteOffset: UInt64(offset + fault)) }
  }

  /// Checks that the text does not end inside a character.
  package func finish(at offset: Int) throws(Rejection) {
    guard utf8.isAtBoundary else { throw Rejection(.invalidEncoding, byteOffset: UInt64(offset)) }
  }

  private static func firstControl(_ piece: Span<UInt8>) -> Int? {
    var index = 0
    let high: UInt64 = 0x8080_8080_8080_8080
    let ones: UInt64 = 0x0101_0101_0101_0101
    while index < piece.count {
      // Eight bytes at a time: none below 0x20 (the classic `hasless`) and none equal to 0x7F.
      while index &+ 8 <= piece.count {
        let word: UInt64 = piece.integer(at: index)
        let isLow = (word &- ones &* 0x20) & ~word & high
        let del = word ^ (ones &* 0x7F)
        guard isLow | ((del &- ones) & ~del & high) == 0 else { break }
        index &+= 8
      }
      for _ in 0..<8 where index < piece.count {
        let byte = piece[index]
        if byte < 0x20 && !(0x09...0x0D).contains(byte) || byte == 0x7F { return index }
        index &+= 1
      }
    }
    return nil
  }
}
