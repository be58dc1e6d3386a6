// SPDX-License-Identifier: Apache-2.0

import Validation

/// What a member's two headers have in common: the local one before its data, and that of the central directory.
struct ZipHeader {
  /// The general purpose bits that matter here.
  struct Flags: OptionSet {
    let rawValue: UInt16
    static let encrypted = Flags(rawValue: 1 << 0)
    /// Checksum and sizes follow the data.
    static let dataDescriptor = Flags(rawValue: 1 << 3)
    static let strongEncryption = Flags(rawValue: 1 << 6)
    static let utf8Name = Flags(rawValue: 1 << 11)
    static let maskedHeader = Flags(rawValue: 1 << 13)
    /// How hard the compressor tried; tools leave them out of one header or the other.
    static let effort: Flags = [Flags(rawValue: 1 << 1), Flags(rawValue: 1 << 2)]
  }

  /// The method number that stands for AES around another method.
  private static let aesMethod: UInt16 = 99

  let start: Int
  let flags: Flags
  let method: UInt16
  let crc32: UInt32
  let compressed: UInt64
  let expanded: UInt64
  let name: Range<Int>
  let extra: ZipExtraFields

  var isEncrypted: Bool {
    !flags.isDisjoint(with: [.encrypted, .strongEncryption, .maskedHeader]) || method == Self.aesMethod
  }
}

/// A header of the central directory, with what only it says.
struct ZipCentralHeader {
  let header: ZipHeader
  let externalAttributes: UInt32
  /// Where the local header lies.
  let localOffset: UInt64

  private static let signature: UInt32 = 0x0201_4B50

  /// Reads the next header.
  ///
  /// - Throws: `archive_malformed`.
  init(_ archive: MappedBytes, _ cursor: inout ZipCursor) throws(Rejection) {
    let start = cursor.offset
    try cursor.signature(Self.signature, of: "entry in the archive's directory")
    _ = try cursor.take(4)
    let flags = ZipHeader.Flags(rawValue: try cursor.integer())
    let method: UInt16 = try cursor.integer()
    _ = try cursor.take(4)
    let crc32: UInt32 = try cursor.integer()
    let compressed: UInt32 = try cursor.integer()
    let expanded: UInt32 = try cursor.integer()
    let nameLength: UInt16 = try cursor.integer()
    let extraLength: UInt16 = try cursor.integer()
    let commentLength: UInt16 = try cursor.integer()
    let disk: UInt16 = try cursor.integer()
    _ = try cursor.take(2)
    externalAttributes = try cursor.integer()
    let offset: UInt32 = try cursor.integer()
    let name = try cursor.take(Int(nameLength))
    let extra = try ZipExtraFields(archive, try cursor.take(Int(extraLength)))
    _ = try cursor.take(Int(commentLength))
    var wide = ZipWideValues(archive, extra.wide)
    // In the order of the zip64 field.
    let sizes = (expanded: try wide.resolve(expanded), compressed: try wide.resolve(compressed))
    header = ZipHeader(
      start: start, flags: flags, method: method, crc32: crc32, compressed: sizes.compressed, expanded: sizes.expanded,
      name: name, extra: extra)
    localOffset = try wide.resolve(offset)
    guard try wide.resolve(disk: disk) == 0 else { throw .malformed("The archive is one part of several", at: start) }
    try wide.finish()
  }
}

/// A header before a member's data.
struct ZipLocalHeader {
  let header: ZipHeader
  /// Where the member's data begins.
  let dataOffset: Int

  private static let signature: UInt32 = 0x0403_4B50

  /// Reads the header at the start of `range`.
  ///
  /// - Throws: `archive_malformed`.
  init(_ archive: MappedBytes, _ range: Range<Int>) throws(Rejection) {
    var cursor = ZipCursor(archive, range)
    try cursor.signature(Self.signature, of: "header of a member")
    _ = try cursor.take(2)
    let flags = ZipHeader.Flags(rawValue: try cursor.integer())
    let method: UInt16 = try cursor.integer()
    _ = try cursor.take(4)
    let crc32: UInt32 = try cursor.integer()
    let compressed: UInt32 = try cursor.integer()
    let expanded: UInt32 = try cursor.integer()
    let nameLength: UInt16 = try cursor.integer()
    let extraLength: UInt16 = try cursor.integer()
    let name = try cursor.take(Int(nameLength))
    let extra = try ZipExtraFields(archive, try cursor.take(Int(extraLength)))
    var wide = ZipWideValues(archive, extra.wide)
    let sizes = (expanded: try wide.resolve(expanded), compressed: try wide.resolve(compressed))
    header = ZipHeader(
      start: range.lowerBound, flags: flags, method: method, crc32: crc32, compressed: sizes.compressed,
      expanded: sizes.expanded, name: name, extra: extra)
    // Some tools reserve the field and then do without it, so what nothing asks for is refused only beside what is.
    if wide.isUsed { try wide.finish() }
    dataOffset = cursor.offset
  }
}
