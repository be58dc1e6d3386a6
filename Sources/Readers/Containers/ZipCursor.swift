// SPDX-License-Identifier: Apache-2.0

import Validation

/// Reads the little-endian fields of a zip record, and never past its end.
struct ZipCursor {
  private let archive: MappedBytes
  /// The offset in the archive of the next byte.
  private(set) var offset: Int
  private let end: Int

  /// Reads the bytes of `range`, which must lie within the archive; the caller has checked it.
  init(_ archive: MappedBytes, _ range: Range<Int>) {
    self.archive = archive
    offset = range.lowerBound
    end = range.upperBound
  }

  /// How many bytes are left.
  var remaining: Int { end - offset }

  /// The next integer.
  ///
  /// - Throws: `archive_malformed` where the record ends before it.
  mutating func integer<Integer: FixedWidthInteger & UnsignedInteger>(
    _ type: Integer.Type = Integer.self
  ) throws(Rejection) -> Integer {
    var value: Integer = 0
    for index in try take(Integer.bitWidth / 8).reversed() { value = value << 8 | Integer(archive[index]) }
    return value
  }

  /// The offsets of the next `count` bytes, which are passed over.
  ///
  /// - Throws: `archive_malformed` where fewer are left.
  mutating func take(_ count: Int) throws(Rejection) -> Range<Int> {
    guard count <= remaining else { throw .malformed("A record of the archive is cut off", at: offset) }
    offset += count
    return offset - count..<offset
  }

  /// Passes over the signature that starts a record.
  ///
  /// - Throws: `archive_malformed` where it is another.
  mutating func signature(_ expected: UInt32, of record: String) throws(Rejection) {
    let start = offset
    guard try integer(UInt32.self) == expected else { throw .malformed("Found no \(record)", at: start) }
  }
}

extension MappedBytes {
  /// A copy of the bytes of a range that lies within.
  func bytes(_ range: Range<Int>) -> [UInt8] { range.map { self[$0] } }

  /// Whether the four bytes of a signature stand at `offset`; false where they do not fit.
  func hasSignature(_ signature: UInt32, at offset: Int) -> Bool {
    guard offset >= 0, count >= 4, offset <= count - 4 else { return false }
    return (0..<4).allSatisfy { self[offset + $0] == UInt8(truncatingIfNeeded: signature >> UInt32(8 * $0)) }
  }
}

extension Rejection {
  /// The archive contradicts itself, or zip as written by common tools, at this byte.
  static func malformed(_ reason: String, at offset: Int) -> Rejection {
    Rejection(.archiveMalformed, reason: reason, byteOffset: UInt64(clamping: offset))
  }
}
