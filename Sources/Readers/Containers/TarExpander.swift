// SPDX-License-Identifier: Apache-2.0

package import FileDescriptors
import Validation

/// Goes through a checked tar archive beside libarchive, which must see the same entries.
///
/// Contents lie in the archive as they are, so nothing is copied.
package struct TarExpander: ~Copyable, ArchiveExpander {
  private let archive: MappedBytes
  private let entries: [TarEntry]
  /// nil for an archive without entries, which libarchive takes for no archive.
  private var reader: ArchiveReader?
  private var nextIndex = 0

  /// Opens an archive whose headers were checked.
  ///
  /// - Throws: a `Rejection` with `archive_malformed`, or a `SystemCallError` where memory is used up.
  package init(_ archive: MappedBytes, _ directory: TarDirectory) throws {
    self.archive = archive
    entries = directory.entries
    do {
      reader = entries.isEmpty ? nil : try ArchiveReader(archive, .tar)
    } catch { throw error.translated(at: 0) }
  }

  package mutating func next() throws -> TarEntry? {
    guard nextIndex <= entries.count else { return nil }
    let expected = nextIndex < entries.count ? entries[nextIndex] : nil
    let header: ArchiveReader.Header?
    do { header = try reader?.next() ?? nil } catch { throw error.translated(at: expected?.byteOffset) }
    guard Self.agree(header, expected) else {
      throw Rejection(
        .archiveMalformed, reason: "Two readers see different entries", byteOffset: expected?.byteOffset)
    }
    nextIndex += 1
    return expected
  }

  package mutating func content(
    in scratch: borrowing OwnedDescriptor, caps: inout ExpansionCaps
  ) throws -> MappedBytes {
    guard nextIndex > 0, nextIndex <= entries.count else { return .empty }
    return archive.part(entries[nextIndex - 1].content)
  }

  private static func agree(_ header: ArchiveReader.Header?, _ entry: TarEntry?) -> Bool {
    guard let header, let entry else { return header == nil && entry == nil }
    return header.isFileOrFolder && header.size.flatMap(UInt64.init(exactly:)) == entry.expandedBytes
  }
}
