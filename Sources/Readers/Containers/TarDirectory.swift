// SPDX-License-Identifier: Apache-2.0

package import Validation

/// One entry of a checked tar archive.
package struct TarEntry: ArchiveEntry, Hashable {
  package let name: String
  package let isDirectory: Bool
  /// Where its content lies in the archive, as it is.
  package let content: Range<Int>
  /// The offset of its header in the archive.
  package let byteOffset: UInt64

  package var expandedBytes: UInt64 { UInt64(content.count) }
}

/// The entries of a tar archive (POSIX, pax, GNU, and the format of before them), after a check that leaves other readers
/// no room to see different ones.
///
/// Pure, and run before libarchive sees the archive. Headers follow each other without a gap, each with a right checksum;
/// files and folders only; no name twice; the end is marked, and nothing but zeros follows. Does not guard what hides in
/// the padding behind a content, or in extended attributes, which nobody reads.
package struct TarDirectory: Sendable {
  /// The entries, in the order of the archive.
  package let entries: [TarEntry]

  /// Checks the whole archive.
  ///
  /// - Parameter maximumEntries: how many entries there may be, folders included.
  /// - Throws: a rejection with `archive_malformed`, `archive_entry_refused`, `archive_too_many_entries` or
  ///   `trailing_data`.
  package init(of archive: MappedBytes, maximumEntries: UInt64) throws(Rejection) {
    var cursor = TarCursor(archive)
    var entries: [TarEntry] = []
    while let entry = try cursor.next() {
      guard UInt64(entries.count) < maximumEntries else {
        throw Rejection(.archiveTooManyEntries, limit: maximumEntries, actual: UInt64(entries.count) + 1)
      }
      entries.append(entry)
    }
    // A folder may well come twice: tools list it with each of two arguments below it.
    if let clash = MemberName.clash(in: entries) {
      throw .malformed("Two entries have the same name", at: Int(entries[clash].byteOffset))
    }
    self.entries = entries
  }
}

/// Reads the entries of a tar archive, one after the other.
private struct TarCursor {
  private let archive: MappedBytes
  private var offset = 0
  private var globals = 0

  /// What extended headers say of the next entry.
  private struct Extension {
    var path: [UInt8]?
    var size: UInt64?
    var isFromPax = false
  }

  /// The longest extended header: a name, and attributes that nobody reads.
  private static let longestExtension: UInt64 = 1 << 20
  private static let mostGlobals = 1_000
  /// The largest size of eleven octal digits, which all tools write.
  private static let largestOctal: UInt64 = 0o77_777_777_777

  init(_ archive: MappedBytes) { self.archive = archive }

  /// The next file or folder; nil at the end, behind which only zeros stand.
  mutating func next() throws(Rejection) -> TarEntry? {
    var extending = Extension()
    let start = offset
    while true {
      let header = try TarHeader(archive, at: offset)
      guard let header else {
        guard offset == start else { throw .malformed("An extended header belongs to no entry", at: start) }
        try checkEnd()
        return nil
      }
      switch header.kind {
      case .file, .folder: return try entry(header, extending)
      case .paxHeader: try extend(&extending, by: header)
      case .longName:
        guard extending.path == nil else { throw .malformed("An entry has two long names", at: offset) }
        let range = try content(header)
        // With the NUL that ends it.
        guard range.count <= TarName.longest + 1 else { throw .malformed("An entry's name is too long", at: offset) }
        extending.path = archive.bytes(range).prefix { $0 != 0 }.map(\.self)
      case .globalHeader:
        globals += 1
        let fields = try PaxRecords(archive, try content(header))
        guard !fields.isSparse else { throw Rejection(.archiveEntryRefused, byteOffset: UInt64(offset)) }
        guard globals <= Self.mostGlobals, fields.isDescription else {
          throw .malformed("A global header changes all entries", at: offset)
        }
      case .refused: throw Rejection(.archiveEntryRefused, byteOffset: UInt64(offset))
      }
      offset = try end(header, size: header.size)
    }
  }

  private mutating func extend(_ extending: inout Extension, by header: TarHeader) throws(Rejection) {
    guard !extending.isFromPax else { throw .malformed("Two extended headers belong to one entry", at: offset) }
    extending.isFromPax = true
    let fields = try PaxRecords(archive, try content(header))
    guard !fields.isSparse else { throw Rejection(.archiveEntryRefused, byteOffset: UInt64(offset)) }
    extending.size = fields.size
    guard let path = fields.path else { return }
    guard extending.path == nil else { throw .malformed("An entry has two long names", at: offset) }
    extending.path = path
  }

  private mutating func entry(_ header: TarHeader, _ extending: Extension) throws(Rejection) -> TarEntry {
    let name = try TarName.text(extending.path ?? header.name, at: offset)
    let size = try size(header, extending)
    let isFolder = header.kind == .folder || name.hasSuffix("/")
    guard !isFolder || size == 0 else { throw .malformed("A folder has content", at: offset) }
    let next = try end(header, size: size)
    let content = header.start + TarHeader.length
    let entry = TarEntry(
      name: name, isDirectory: isFolder, content: content..<content + Int(size), byteOffset: UInt64(header.start))
    offset = next
    return entry
  }

  /// An extended header may state the size only as the block does, or where the block has no room for it: readers
  /// differ on which of the two counts.
  private func size(_ header: TarHeader, _ extending: Extension) throws(Rejection) -> UInt64 {
    guard let stated = extending.size else { return header.size }
    guard stated == header.size || stated > Self.largestOctal else {
      throw .malformed("An extended header contradicts an entry's size", at: header.start)
    }
    return stated
  }

  /// The bytes of an extended header.
  private func content(_ header: TarHeader) throws(Rejection) -> Range<Int> {
    guard header.size <= Self.longestExtension else {
      throw .malformed("An extended header is too long", at: header.start)
    }
    _ = try end(header, size: header.size)
    let start = header.start + TarHeader.length
    return start..<start + Int(header.size)
  }

  /// Where the block after a content begins, which must lie in the archive.
  private func end(_ header: TarHeader, size: UInt64) throws(Rejection) -> Int {
    let start = header.start + TarHeader.length
    let left = UInt64(archive.count - start)
    let (rounded, overflowed) = size.addingReportingOverflow(511)
    guard !overflowed, rounded & ~511 <= left else { throw .malformed("A member is cut off", at: header.start) }
    return start + Int(rounded & ~511)
  }

  /// Two blocks of zeros mark the end, and more of them may follow.
  private func checkEnd() throws(Rejection) {
    guard archive.count - offset >= 2 * TarHeader.length else {
      throw .malformed("The archive has no end mark", at: offset)
    }
    let rest = offset..<archive.count
    let other = archive.withSpan(rest) { bytes in bytes.indices.first { bytes[$0] != 0 } }
    if let other { throw Rejection(.trailingData, byteOffset: UInt64(offset + other)) }
  }
}
