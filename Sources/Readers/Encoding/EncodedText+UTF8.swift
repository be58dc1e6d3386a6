// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Validation

extension EncodedText {
  private static let pieceBytes = 256 << 10

  /// Writes the text as UTF-8 into `scratch`, from `offset` on.
  ///
  /// - Parameter cap: the bytes that may be written at most.
  /// - Returns: how many bytes were written, and how many characters beyond ASCII.
  /// - Throws: `invalid_encoding`, `expansion_too_large`, or the failure of a write.
  func writeUTF8(
    to scratch: borrowing OwnedDescriptor, at offset: UInt64, cap: UInt64
  ) throws -> (bytes: Int, beyondASCII: UInt64) {
    var piece: [UInt8] = []
    piece.reserveCapacity(Self.pieceBytes + 4)
    var (position, written, beyondASCII) = (start, UInt64(0), UInt64(0))
    while position < bytes.count {
      let (scalar, length) = try character(at: position)
      position += length
      if !scalar.isASCII { beyondASCII += 1 }
      piece.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      guard piece.count >= Self.pieceBytes || position == bytes.count else { continue }
      guard written + UInt64(piece.count) <= cap else {
        throw Rejection(.expandedTooLarge, limit: cap, actual: written + UInt64(piece.count))
      }
      try scratch.pwrite(piece.span, at: offset + written)
      written += UInt64(piece.count)
      piece.removeAll(keepingCapacity: true)
    }
    return (Int(clamping: written), beyondASCII)
  }

  /// Where the characters at these offsets of the UTF-8 text stand in the file.
  func originals(of offsets: [UInt64]) -> [UInt64: UInt64] {
    var originals: [UInt64: UInt64] = [:]
    var rest = Set(offsets).sorted()[...]
    var (position, length) = (start, UInt64(0))
    while let next = rest.first {
      guard next > length, position < bytes.count, let (scalar, width) = try? character(at: position) else {
        originals[next] = UInt64(position)
        rest = rest.dropFirst()
        continue
      }
      position += width
      length += UInt64(UTF8.width(scalar))
    }
    return originals
  }
}
