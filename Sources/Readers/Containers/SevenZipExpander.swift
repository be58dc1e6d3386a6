// SPDX-License-Identifier: Apache-2.0

package import FileDescriptors
import Validation

/// One entry of a 7z archive.
package struct SevenZipEntry: ArchiveEntry, Hashable {
  package let name: String
  package let isDirectory: Bool
  package let expandedBytes: UInt64
}

/// Expands members of a 7z archive by libarchive, one after the other.
///
/// The start of the archive and its directory's numbers are checked first, and each entry as it comes: its name, its
/// kind, and its declared size before a byte of it is expanded or passed over. Members without a checksum in the archive
/// are not verified; every packer writes one. Does not guard what libarchive makes of names and attributes.
package struct SevenZipExpander: ~Copyable, ArchiveExpander {
  private var reader: ArchiveReader
  private let archiveBytes: UInt64
  private let caps: ExpansionCaps
  private let maximumEntries: UInt64
  private var seen: UInt64 = 0
  /// The entries that came so far.
  private var entries: [SevenZipEntry] = []
  private var declaredBytes: UInt64 = 0
  private var current: SevenZipEntry?

  /// Opens an archive.
  ///
  /// - Parameters:
  ///   - caps: what all entries together may declare.
  ///   - maximumEntries: how many entries there may be, folders included.
  /// - Throws: a `Rejection` with `archive_malformed`, `trailing_data`, `archive_encrypted`, `window_too_large` or
  ///   `archive_too_many_entries`, or a `SystemCallError` where memory is used up.
  package init(_ archive: MappedBytes, caps: ExpansionCaps, maximumEntries: UInt64) throws {
    let directory = try SevenZipStart.directory(of: archive)
    try SevenZipDirectory.check(archive, directory, maximumEntries: maximumEntries)
    do { reader = try ArchiveReader(archive, .sevenZip) } catch { throw error.translated(at: 0) }
    archiveBytes = UInt64(archive.count)
    self.caps = caps
    self.maximumEntries = maximumEntries
  }

  package mutating func next() throws -> SevenZipEntry? {
    let header: ArchiveReader.Header?
    do { header = try reader.next() } catch { throw error.translated(at: nil) }
    guard let header else {
      guard MemberName.clash(in: entries) == nil else {
        throw Rejection(.archiveMalformed, reason: "Two entries have the same name")
      }
      return nil
    }
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
    entries.append(entry)
    current = entry
    return entry
  }

  package mutating func content(
    in scratch: borrowing OwnedDescriptor, caps: inout ExpansionCaps
  ) throws -> MappedBytes {
    guard let entry = current else { return .empty }
    current = nil
    var written: UInt64 = 0
    let limits = caps
    var step = ArchiveReader.Step.block
    do {
      while step == .block {
        step = try reader.nextBlock { offset, block in
          let (total, overflowed) = written.addingReportingOverflow(UInt64(block.count))
          guard UInt64(exactly: offset) == written, !overflowed, total <= entry.expandedBytes else {
            throw ArchiveFailure.damaged
          }
          try limits.check(expanded: total, compressed: archiveBytes)
          try scratch.pwrite(block, at: limits.scratchPosition(after: written))
          written = total
        }
      }
      // What cannot be decoded hides where the next member starts; libarchive goes no further.
      guard step != .undecodable, written == entry.expandedBytes else { throw ArchiveFailure.damaged }
    } catch let failure as ArchiveFailure {
      throw failure.translated(at: nil)
    }
    guard step == .end else { throw ArchiveFailure.damagedMember(at: nil) }
    return try caps.map(Int(clamping: written), of: scratch)
  }

  private mutating func checkedName() throws(Rejection) -> String {
    guard let name = reader.name(), !name.isEmpty else {
      throw Rejection(.archiveMalformed, reason: "An entry's name is empty or no text")
    }
    guard !MemberName.leavesFolder(name) else {
      throw Rejection(.archiveEntryRefused, reason: "An entry's name climbs out of the archive")
    }
    return name
  }
}
