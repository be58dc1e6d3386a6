// SPDX-License-Identifier: Apache-2.0

package import FileDescriptors
import Glibc
import Validation

/// Expands members of a checked zip archive by libarchive, one after the other.
///
/// libarchive is not believed: each entry must be the one that `ZipDirectory` has at its place, and each content must
/// have the size and the checksum that the directory declares.
package struct ZipExpander: ~Copyable, ArchiveExpander {
  /// nil for an archive without entries, which libarchive takes for no archive.
  private var reader: ArchiveReader?
  private let entries: [ZipEntry]
  private var nextIndex = 0

  /// Opens an archive whose directory was checked.
  ///
  /// - Throws: a `Rejection` with `archive_malformed`, or a `SystemCallError` where memory is used up.
  package init(_ archive: MappedBytes, _ directory: ZipDirectory) throws {
    let reader = try directory.entries.isEmpty ? nil : Self.open(archive)
    self.reader = reader
    entries = directory.entries
  }

  /// Goes to the next entry; content that was not asked for is never inflated.
  ///
  /// - Returns: the entry, or nil after the last one.
  /// - Throws: as `init`.
  package mutating func next() throws -> ZipEntry? {
    guard nextIndex <= entries.count else { return nil }
    let expected = nextIndex < entries.count ? entries[nextIndex] : nil
    let header: ArchiveReader.Header?
    do { header = try reader?.next() ?? nil } catch { throw Self.translated(error, at: expected?.byteOffset ?? 0) }
    guard Self.agree(header, expected) else {
      throw Rejection(
        .archiveMalformed, reason: "Two readers see different entries", byteOffset: expected?.byteOffset)
    }
    nextIndex += 1
    return expected
  }

  /// Writes the content of the entry that `next()` gave last to `scratch`, from `caps.scratchOffset` on.
  ///
  /// Once for each.
  ///
  /// Never writes past a cap or the declared size; a part of the content may have been written when it throws.
  ///
  /// - Returns: how many bytes were written, as many as the entry declares.
  /// - Throws: a `Rejection` with `compressed_corrupt` where the member's data are damaged, and the next entries can be
  ///   read; with `archive_malformed`, `expanded_too_large` or `compression_ratio`; a `SystemCallError` where we failed.
  package mutating func expandCurrent(
    into scratch: borrowing OwnedDescriptor, caps: ExpansionCaps
  ) throws -> Int {
    try forEachBlock(caps) { block, written throws(SystemCallError) in
      try scratch.pwrite(block, at: caps.scratchPosition(after: written))
    }
  }

  package mutating func content(
    in scratch: borrowing OwnedDescriptor, caps: inout ExpansionCaps
  ) throws -> MappedBytes {
    try caps.map(try expandCurrent(into: scratch, caps: caps), of: scratch)
  }

  /// Expands the current entry for its checks only.
  mutating func discardCurrent() throws {
    let caps = ExpansionCaps(expandedBytes: .max, compressionRatio: .max, ratioFloor: .max)
    _ = try forEachBlock(caps) { _, _ throws(SystemCallError) in }
  }

  /// Gives the checked blocks of the current entry to `body`, with how many bytes came before.
  private mutating func forEachBlock(
    _ caps: ExpansionCaps, _ body: (Span<UInt8>, UInt64) throws(SystemCallError) -> Void
  ) throws -> Int {
    guard nextIndex > 0, nextIndex <= entries.count else { return 0 }
    let entry = entries[nextIndex - 1]
    var written: UInt64 = 0
    var checksum = Checksum()
    var step = ArchiveReader.Step.block
    do {
      while step == .block {
        step =
          try reader?.nextBlock { offset, block in
            let (total, overflowed) = written.addingReportingOverflow(UInt64(block.count))
            // More than was declared is no damage, but what a bomb does.
            guard UInt64(exactly: offset) == written, !overflowed, total <= entry.expandedBytes else {
              throw ArchiveFailure.damaged
            }
            try caps.check(expanded: total, compressed: entry.compressedBytes)
            checksum.add(block)
            try body(block, written)
            written = total
          } ?? .end
      }
    } catch let failure as ArchiveFailure {
      throw Self.translated(failure, at: entry.byteOffset)
    }
    let isWhole = written == entry.expandedBytes && checksum.value == entry.crc32
    guard !isWhole || step != .end else { return Int(written) }
    // Where the content is whole the compressed data is shorter than declared: something else lies behind it.
    throw isWhole
      ? Self.translated(.damaged, at: entry.byteOffset) : ArchiveFailure.damagedMember(at: entry.byteOffset)
  }

  /// Whether libarchive is at the entry that the directory has next.
  ///
  /// Sizes must agree; names cannot be compared, as libarchive converts them, and what is a folder is a matter of
  /// taste.
  private static func agree(_ header: ArchiveReader.Header?, _ entry: ZipEntry?) -> Bool {
    guard let header, let entry else { return header == nil && entry == nil }
    let size = header.size.flatMap(UInt64.init(exactly:))
    return size == entry.expandedBytes && header.isFileOrFolder
  }

  private static func open(_ archive: MappedBytes) throws -> ArchiveReader {
    do { return try ArchiveReader(archive, .zip) } catch { throw translated(error, at: 0) }
  }

  private static func translated(_ failure: ArchiveFailure, at byteOffset: UInt64) -> any Error {
    failure.translated(at: byteOffset)
  }
}
