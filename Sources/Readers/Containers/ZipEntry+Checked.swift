// SPDX-License-Identifier: Apache-2.0

import Validation

extension ZipEntry {
  /// Checks what the directory says of one entry.
  ///
  /// - Throws: `archive_encrypted`; `archive_entry_refused` for what is neither file nor folder; `archive_malformed`
  ///   for other methods than stored and deflated, and for folders with content.
  init(_ central: ZipCentralHeader, index: Int, in archive: MappedBytes) throws(Rejection) {
    let header = central.header
    guard !header.isEncrypted else { throw Rejection(.archiveEncrypted, byteOffset: UInt64(header.start)) }
    let kind = UnixKind(central.externalAttributes)
    guard kind != .other else { throw Rejection(.archiveEntryRefused, byteOffset: UInt64(header.start)) }
    switch header.method {
    case 0 where header.compressed == header.expanded, 8: break
    case 0: throw .malformed("A stored member has two sizes", at: header.start)
    default: throw .malformed("A member is compressed by a method other than deflate", at: header.start)
    }
    let name = try ZipName(header, in: archive).text
    let isFolder = kind == .folder || central.externalAttributes & Self.dosFolder != 0 || name.hasSuffix("/")
    guard !isFolder || header.expanded == 0 else { throw .malformed("A folder has content", at: header.start) }
    self.init(
      index: index, name: name, isDirectory: isFolder, compressedBytes: header.compressed,
      expandedBytes: header.expanded, crc32: header.crc32, byteOffset: central.localOffset)
  }

  private static let dosFolder: UInt32 = 0x10

  /// What the upper half of the external attributes says, in the terms of `stat(2)`.
  ///
  /// It is looked at whatever system the archive claims to come from, since readers differ on when they believe it.
  private enum UnixKind {
    case file, folder, unstated, other

    init(_ externalAttributes: UInt32) {
      switch externalAttributes >> 16 & 0o170_000 {
      case 0: self = .unstated
      case 0o100_000: self = .file
      case 0o040_000: self = .folder
      default: self = .other
      }
    }
  }
}
