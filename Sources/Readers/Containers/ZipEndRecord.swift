// SPDX-License-Identifier: Apache-2.0

import Validation

/// What the records at an archive's end say: where the central directory lies, and how many entries it has.
///
/// The archive must be one file, end with the record (and its comment), and the directory must end where the records
/// begin, so that nothing lies between or behind.
struct ZipEndRecord {
  /// The number of entries, of the central directory's own claim.
  let entryCount: UInt64
  /// The bytes of the central directory.
  let directory: Range<Int>

  private static let signature: UInt32 = 0x0605_4B50
  private static let wideSignature: UInt32 = 0x0606_4B50
  private static let locatorSignature: UInt32 = 0x0706_4B50
  private static let length = 22
  private static let locatorLength = 20
  private static let wideLength = 56
  /// libarchive looks for the record in the last 16 KiB only; no honest comment comes near.
  private static let longestComment = 8 << 10

  /// Finds and checks the records.
  ///
  /// - Throws: `archive_malformed`.
  init(of archive: MappedBytes) throws(Rejection) {
    let position = try Self.position(in: archive)
    let plain = try Fields(archive, at: position)
    let end: Int
    let fields: Fields
    if archive.hasSignature(Self.locatorSignature, at: position - Self.locatorLength) {
      end = try Self.widePosition(in: archive, locator: position - Self.locatorLength)
      fields = try Fields(wide: archive, at: end)
      guard plain.agrees(with: fields) else {
        throw .malformed("The archive's two end records contradict each other", at: position)
      }
    } else {
      end = position
      fields = plain
    }
    guard fields.disk == 0, fields.directoryDisk == 0, fields.entriesHere == fields.entries else {
      throw .malformed("The archive is one part of several", at: position)
    }
    guard let start = Int(exactly: fields.offset), let length = Int(exactly: fields.size), start <= end,
      length == end - start
    else { throw .malformed("The archive's directory does not end where its end record begins", at: position) }
    entryCount = fields.entries
    directory = start..<end
  }

  /// The last record's offset, whose comment must reach exactly to the end.
  private static func position(in archive: MappedBytes) throws(Rejection) -> Int {
    let last = archive.count - length
    let first = max(0, last - 0xFFFF)
    var found: Int?
    for position in stride(from: archive.count - 4, through: first, by: -1)
    where archive.hasSignature(signature, at: position) {
      let reachesEnd = position <= last && commentLength(archive, position) == last - position
      if found == nil {
        guard reachesEnd else { throw .malformed("The archive's end record is not at its end", at: position) }
        found = position
      } else if reachesEnd {
        // Its comment would swallow the record already found, so that readers disagree on what the archive holds.
        throw .malformed("The archive has two end records", at: position)
      }
    }
    guard let found else { throw .malformed("The archive has no end record", at: archive.count) }
    guard last - found <= longestComment else { throw .malformed("The archive's comment is too long", at: found) }
    return found
  }

  private static func commentLength(_ archive: MappedBytes, _ position: Int) -> Int {
    Int(archive[position + 20]) | Int(archive[position + 21]) << 8
  }

  /// The offset of the zip64 record, which must end where its locator begins.
  private static func widePosition(in archive: MappedBytes, locator: Int) throws(Rejection) -> Int {
    var cursor = ZipCursor(archive, locator..<locator + locatorLength)
    try cursor.signature(locatorSignature, of: "zip64 locator")
    let disk: UInt32 = try cursor.integer()
    let offset: UInt64 = try cursor.integer()
    let disks: UInt32 = try cursor.integer()
    guard disk == 0, disks <= 1, locator >= wideLength, offset == UInt64(locator - wideLength) else {
      throw .malformed("The archive's zip64 locator does not point at its record", at: locator)
    }
    return locator - wideLength
  }
}

extension ZipEndRecord {
  /// The fields that both kinds of record have.
  private struct Fields {
    let disk, directoryDisk: UInt32
    let entriesHere, entries, size, offset: UInt64

    init(_ archive: MappedBytes, at position: Int) throws(Rejection) {
      var cursor = ZipCursor(archive, position..<archive.count)
      try cursor.signature(signature, of: "end record")
      disk = UInt32(try cursor.integer(UInt16.self))
      directoryDisk = UInt32(try cursor.integer(UInt16.self))
      entriesHere = UInt64(try cursor.integer(UInt16.self))
      entries = UInt64(try cursor.integer(UInt16.self))
      size = UInt64(try cursor.integer(UInt32.self))
      offset = UInt64(try cursor.integer(UInt32.self))
    }

    init(wide archive: MappedBytes, at position: Int) throws(Rejection) {
      var cursor = ZipCursor(archive, position..<position + wideLength)
      try cursor.signature(wideSignature, of: "zip64 end record")
      guard try cursor.integer(UInt64.self) == UInt64(wideLength - 12) else {
        throw .malformed("The archive's zip64 end record has another length", at: position)
      }
      _ = try cursor.take(4)
      disk = try cursor.integer()
      directoryDisk = try cursor.integer()
      entriesHere = try cursor.integer()
      entries = try cursor.integer()
      size = try cursor.integer()
      offset = try cursor.integer()
    }

    /// Whether each field of the plain record is that of the zip64 record, or says to look there.
    func agrees(with wide: Fields) -> Bool {
      func agree(_ field: UInt64, _ wideField: UInt64, _ marker: UInt64) -> Bool {
        field == wideField || field == marker
      }
      return agree(UInt64(disk), UInt64(wide.disk), 0xFFFF)
        && agree(UInt64(directoryDisk), UInt64(wide.directoryDisk), 0xFFFF)
        && agree(entriesHere, wide.entriesHere, 0xFFFF) && agree(entries, wide.entries, 0xFFFF)
        && agree(size, wide.size, 0xFFFF_FFFF) && agree(offset, wide.offset, 0xFFFF_FFFF)
    }
  }
}
