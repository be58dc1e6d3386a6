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
    switch utf8.consumeText(piece) {
    case .control(let index)?: throw Rejection(.controlCharacter, byteOffset: UInt64(offset + index))
    case .malformed(let index)?: throw Rejection(.invalidEncoding, byteOffset: UInt64(offset + index))
    case nil: return
    }
  }

  /// Checks that the text does not end inside a character.
  package func finish(at offset: Int) throws(Rejection) {
    guard utf8.isAtBoundary else { throw Rejection(.invalidEncoding, byteOffset: UInt64(offset)) }
  }
}
