// SPDX-License-Identifier: Apache-2.0

import CLzma
import Validation

/// Checks the numbers in a 7z archive's directory, by which libarchive would take memory.
///
/// Every byte of the archive belongs to one packed stream or to the directory. Does not look at names and attributes.
enum SevenZipDirectory {
  /// The bytes that a directory may have, unpacked: a thousand names of 255 letters are half of it.
  private static let longest = 1 << 20

  /// Checks the directory that lies in `range`.
  ///
  /// - Throws: `archive_malformed`, `archive_encrypted`, `archive_too_many_entries` or `window_too_large`.
  static func check(_ archive: MappedBytes, _ range: Range<Int>, maximumEntries: UInt64) throws(Rejection) {
    let packed = UInt64(range.lowerBound - SevenZipStart.length)
    guard !range.isEmpty else {
      guard packed == 0 else { throw .malformed("Bytes belong to no member", at: SevenZipStart.length) }
      return
    }
    guard archive[range.lowerBound] == 0x17 else {
      return try checkPlain(archive, range, packed: packed, maximumEntries: maximumEntries)
    }
    var cursor = ZipCursor(archive, range)
    try cursor.expect(0x17)
    let streams = try SevenZipStreams(&cursor)
    guard cursor.remaining == 0, streams.packPosition <= packed,
      streams.packedBytes == packed - streams.packPosition, streams.contents <= 1
    else { throw .malformed("Bytes belong to no member", at: range.lowerBound) }
    try checkPacked(archive, streams, at: range.lowerBound) { directory throws(Rejection) in
      try checkPlain(
        directory, 0..<directory.count, packed: streams.packPosition, maximumEntries: maximumEntries)
    }
  }

  private static func checkPlain(
    _ bytes: MappedBytes, _ range: Range<Int>, packed: UInt64, maximumEntries: UInt64
  ) throws(Rejection) {
    guard range.count <= longest else { throw .malformed("The archive's directory is too long", at: range.lowerBound) }
    var cursor = ZipCursor(bytes, range)
    try cursor.expect(0x01)
    var tag = try cursor.integer(UInt8.self)
    var (position, members, contents): (UInt64, UInt64?, Int) = (0, 0, 0)
    if tag == 0x04 {
      let streams = try SevenZipStreams(&cursor)
      (position, members, contents) = (streams.packPosition, streams.packedBytes, streams.contents)
      tag = try cursor.integer(UInt8.self)
    }
    guard position == 0, members == packed else {
      throw .malformed("Bytes belong to no member", at: SevenZipStart.length)
    }
    guard tag == 0x05 || tag == 0 else {
      throw .malformed("The archive's directory is not as packers write it", at: range.lowerBound)
    }
    let files = tag == 0 ? 0 : try cursor.number()
    guard files <= maximumEntries else {
      throw Rejection(.archiveTooManyEntries, limit: maximumEntries, actual: files)
    }
    guard UInt64(contents) <= files else {
      throw .malformed("The archive's directory counts more contents than files", at: range.lowerBound)
    }
  }

  /// Checks a directory that is compressed, its checksum or its end first.
  private static func checkPacked(
    _ archive: MappedBytes, _ streams: SevenZipStreams, at offset: Int,
    _ check: (MappedBytes) throws(Rejection) -> Void
  ) throws(Rejection) {
    guard let folder = streams.folders.first else { throw .malformed("The archive has no directory", at: offset) }
    guard folder.coders.allSatisfy({ $0.method != .encryption }) else { throw Rejection(.archiveEncrypted) }
    guard streams.folders.count == 1, streams.packSizes.count == 1, folder.coders.count == 1,
      let coder = folder.coders.first, let size = folder.unpackSizes.first
    else { throw .malformed("The archive's directory is packed in no known way", at: offset) }
    guard size <= longest else { throw .malformed("The archive's directory is too long", at: offset) }
    let start = SevenZipStart.length + Int(streams.packPosition)
    let packed = archive.part(start..<start + Int(streams.packSizes[0]))
    let (bytes, isWhole) = try unpacked(
      packed, coder, archive.part(coder.properties), count: Int(size), at: offset)
    try MappedBytes.withCopy(of: bytes) { directory throws(Rejection) in
      // py7zr writes no checksum, but LZMA2, which tells its end.
      let isSound = folder.checksum.map { SevenZipStart.checksum(directory, 0..<directory.count) == $0 } ?? isWhole
      guard isSound else {
        throw .malformed("The checksum of the archive's directory is wrong", at: offset)
      }
      try check(directory)
    }
  }

  private static func unpacked(
    _ packed: MappedBytes, _ coder: SevenZipFolder.Coder, _ properties: MappedBytes, count: Int, at offset: Int
  ) throws(Rejection) -> ([UInt8], isWhole: Bool) {
    switch coder.method {
    case .copy where packed.count == count:
      var bytes: [UInt8] = []
      packed.append(0..<count, to: &bytes)
      return (bytes, true)
    case .lzma, .lzma2:
      var bytes = [UInt8](repeating: 0, count: count)
      let isLzma2: Int32 = coder.method == .lzma2 ? 1 : 0
      // SAFETY: each buffer is of the length that is handed over with it, and outlives the call.
      let isWhole = unsafe bytes.withUnsafeMutableBufferPointer { buffer in
        unsafe ingest_lzma_raw(
          isLzma2, properties.pointer, properties.count, packed.pointer, packed.count, buffer.baseAddress,
          buffer.count) != 0
      }
      return (bytes, isWhole)
    default: throw .malformed("The archive's directory is packed in no known way", at: offset)
    }
  }
}
