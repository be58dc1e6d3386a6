// SPDX-License-Identifier: Apache-2.0

package import FileDescriptors
package import Validation

/// One entry of a 7z archive.
package struct SevenZipEntry: ArchiveEntry, Hashable {
  package let name: String
  package let isDirectory: Bool
  package let expandedBytes: UInt64
}

/// Expands members of a 7z archive by libarchive, one after the other.
///
/// The start of the archive is checked first, and each entry as it comes: its name, its kind, and its declared size
/// before a byte of it is expanded or passed over. Members without a checksum in the archive are not verified; every
/// packer writes one. Does not guard what libarchive makes of the directory, which is mostly compressed itself.
package struct SevenZipExpander: ~Copyable, ArchiveExpander {
  private var reader: ArchiveReader
  private let archiveBytes: UInt64
  private let caps: ExpansionCaps
  private let maximumEntries: UInt64
  private var seen: UInt64 = 0
  private var names: Set<String> = []
  private var declaredBytes: UInt64 = 0
  private var current: SevenZipEntry?

  /// Opens an archive.
  ///
  /// - Parameters:
  ///   - caps: what all entries together may declare.
  ///   - maximumEntries: how many entries there may be, folders included.
  /// - Throws: a `Rejection` with `archive_malformed`, `trailing_data` or `archive_encrypted`, or a `SystemCallError`
  ///   where memory is used up.
  package init(_ archive: MappedBytes, caps: ExpansionCaps, maximumEntries: UInt64) throws {
    try SevenZipStart.check(archive)
    do { reader = try ArchiveReader(archive, .sevenZip) } catch { throw error.translated(at: 0) }
    archiveBytes = UInt64(archive.count)
    self.caps = caps
    self.maximumEntries = maximumEntries
  }

  package mutating func next() throws -> SevenZipEntry? {
    let header: ArchiveReader.Header?
    do { header = try reader.next() } catch { throw error.translated(at: nil) }
    guard let header else { return nil }
    seen += 1
    guard seen <= maximumEntries else {
      throw Rejection(.archiveTooManyEntries, limit: maximumEntries, actual: seen)
    }
    guard !header.isEncrypted else { throw Rejection(.archiveEncrypted) }
    guard header.isFileOrFolder else { throw Rejection(.archiveEntryRefused) }
    let size = UInt64(clamping: header.size ?? 0)
    let (total, overflowed) = declaredBytes.addingReportingOverflow(size)
    declaredBytes = overflowed ? .max : total
    try caps.check(expanded: declaredBytes, compressed: archiveBytes)
    let entry = SevenZipEntry(name: try checkedName(), isDirectory: header.isFolder, expandedBytes: size)
    guard !entry.isDirectory || size == 0 else { throw Rejection(.archiveMalformed, reason: "A folder has content") }
    current = entry
    return entry
  }

  package mutating func content(
    in scratch: borrowing OwnedDescriptor, caps: inout ExpansionCaps
  ) throws -> MappedBytes {
    guard let entry = current else { return MappedBytes([]) }
    current = nil
    var written: UInt64 = 0
    let limits = caps
    do {
      while try reader.nextBlock({ offset, block in
        let (total, overflowed) = written.addingReportingOverflow(UInt64(block.count))
        guard UInt64(exactly: offset) == written, !overflowed, total <= entry.expandedBytes else {
          throw ArchiveFailure.damaged
        }
        try limits.check(expanded: total, compressed: archiveBytes)
        try scratch.pwrite(block, at: limits.scratchPosition(after: written))
        written = total
      }) {}
    } catch let failure as ArchiveFailure {
      throw failure.translated(at: nil)
    }
    guard written == entry.expandedBytes else { throw ArchiveFailure.damaged.translated(at: nil) }
    return try caps.map(Int(clamping: written), of: scratch)
  }

  private mutating func checkedName() throws(Rejection) -> String {
    guard let name = reader.name(), !name.isEmpty else {
      throw Rejection(.archiveMalformed, reason: "An entry's name is empty or no text")
    }
    guard !MemberName.leavesFolder(name) else {
      throw Rejection(.archiveEntryRefused, reason: "An entry's name climbs out of the archive")
    }
    guard names.insert(MemberName.label(name)).inserted else {
      throw Rejection(.archiveMalformed, reason: "Two entries have the same name")
    }
    return name
  }
}

/// The first 32 bytes of a 7z archive, which say where its directory lies.
private enum SevenZipStart {
  private static let length = 32

  /// Checks that the directory ends where the file does, and that both have the checksums that they should.
  ///
  /// - Throws: `archive_malformed`, `trailing_data`.
  static func check(_ archive: MappedBytes) throws(Rejection) {
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
  }

  private static func checksum(_ archive: MappedBytes, _ range: Range<Int>) -> UInt32 {
    var checksum = Checksum()
    archive.withSpan(range) { checksum.add($0) }
    return checksum.value
  }
}
