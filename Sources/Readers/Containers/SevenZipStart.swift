// SPDX-License-Identifier: Apache-2.0

import Validation

/// The first 32 bytes of a 7z archive, which say where its directory lies.
enum SevenZipStart {
  static let length = 32

  /// The directory's record, which ends where the file does; both have the checksums that they should.
  ///
  /// - Throws: `archive_malformed`, `trailing_data`.
  static func directory(of archive: MappedBytes) throws(Rejection) -> Range<Int> {
    guard archive.count >= length, archive.hasBytes([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C, 0], at: 0) else {
      throw .malformed("The archive's start is cut off, or of another version", at: 0)
    }
    var cursor = ZipCursor(archive, 8..<length)
    let startChecksum: UInt32 = try cursor.integer()
    guard checksum(archive, 12..<length) == startChecksum else {
      throw .malformed("The checksum of the archive's start is wrong", at: 8)
    }
    let offset: UInt64 = try cursor.integer()
    let size: UInt64 = try cursor.integer()
    let stated: UInt32 = try cursor.integer()
    let room = UInt64(archive.count - length)
    guard offset <= room, size <= room - offset else {
      throw .malformed("The archive is cut off", at: archive.count)
    }
    let directory = length + Int(offset)..<length + Int(offset) + Int(size)
    guard directory.upperBound == archive.count else {
      throw Rejection(.trailingData, byteOffset: UInt64(directory.upperBound))
    }
    guard checksum(archive, directory) == stated else {
      throw .malformed("The checksum of the archive's directory is wrong", at: directory.lowerBound)
    }
    return directory
  }

  static func checksum(_ archive: MappedBytes, _ range: Range<Int>) -> UInt32 {
    var checksum = Checksum()
    archive.withSpan(range) { checksum.add($0) }
    return checksum.value
  }
}
