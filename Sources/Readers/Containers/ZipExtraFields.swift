// SPDX-License-Identifier: Apache-2.0

import Validation

/// The two extra fields of a zip header that change what it means; all others are passed over.
struct ZipExtraFields {
  /// The bytes of the zip64 field, which holds the values that do not fit into 32 bits.
  private(set) var wide: Range<Int>?
  /// The bytes of Info-ZIP's Unicode path, a second spelling of the name.
  private(set) var unicodePath: Range<Int>?

  /// Reads the fields that fill `range` exactly.
  ///
  /// - Throws: `archive_malformed` where they do not fill it, or one of the two appears twice.
  init(_ archive: MappedBytes, _ range: Range<Int>) throws(Rejection) {
    var cursor = ZipCursor(archive, range)
    while cursor.remaining > 0 {
      let start = cursor.offset
      let identifier: UInt16 = try cursor.integer()
      let content = try cursor.take(Int(try cursor.integer(UInt16.self)))
      switch identifier {
      case 0x0001 where wide == nil: wide = content
      case 0x7075 where unicodePath == nil: unicodePath = content
      case 0x0001, 0x7075: throw .malformed("An extra field of the archive appears twice", at: start)
      default: continue
      }
    }
  }
}

/// The values of a zip64 field, in the order in which the header asks for them.
struct ZipWideValues {
  private var cursor: ZipCursor
  private(set) var isUsed = false

  init(_ archive: MappedBytes, _ range: Range<Int>?) {
    cursor = ZipCursor(archive, range ?? 0..<0)
  }

  /// The value that a 32-bit field stands for: itself, or the next one here where it is the marker.
  ///
  /// - Throws: `archive_malformed` where there is none.
  mutating func resolve(_ field: UInt32) throws(Rejection) -> UInt64 {
    guard field == .max else { return UInt64(field) }
    isUsed = true
    return try cursor.integer()
  }

  /// The disk number that a 16-bit field stands for.
  ///
  /// - Throws: `archive_malformed` where there is none.
  mutating func resolve(disk field: UInt16) throws(Rejection) -> UInt32 {
    guard field == .max else { return UInt32(field) }
    isUsed = true
    return try cursor.integer()
  }

  /// Refuses values that nothing asked for, since readers differ on which they take.
  ///
  /// - Throws: `archive_malformed`.
  func finish() throws(Rejection) {
    guard cursor.remaining == 0 else { throw .malformed("A zip64 field holds too much", at: cursor.offset) }
  }
}
