// SPDX-License-Identifier: Apache-2.0

import CArchive
import FileDescriptors
import Glibc
import Validation

/// What goes wrong while libarchive reads.
enum ArchiveFailure: Error {
  case outOfMemory
  /// The archive or a member is not what it says. libarchive's own message is left out: it may hold raw names.
  case damaged
  case encrypted

  /// The failure for who reads the archive.
  func translated(at byteOffset: UInt64?) -> any Error {
    switch self {
    case .outOfMemory: SystemCallError(call: "archive_read", errno: ENOMEM)
    case .damaged: Rejection(.archiveMalformed, reason: "A member is damaged", byteOffset: byteOffset)
    case .encrypted: Rejection(.archiveEncrypted, byteOffset: byteOffset)
    }
  }

  /// What a member is refused with whose data alone are damaged: the next one can be read.
  static func damagedMember(at byteOffset: UInt64?) -> Rejection {
    Rejection(.compressedCorrupt, reason: "A member is damaged", byteOffset: byteOffset)
  }
}

/// A libarchive handle that reads an archive in memory, of one format and no other.
///
/// One owner, one call at a time.
///
/// Only this format's reader is switched on, zip's by its directory, and no filter: the archive cannot be taken for
/// another format, or be decompressed first.
@safe struct ArchiveReader: ~Copyable {
  /// What libarchive says of an entry.
  struct Header {
    let isFileOrFolder: Bool
    let isFolder: Bool
    let isEncrypted: Bool
    /// nil where libarchive does not know it.
    let size: Int64?
  }

  /// How reading a member went on.
  enum Step {
    case block
    case end
    /// libarchive doubts the block, which is the last: a wrong checksum, or another size than was declared.
    case doubtful
    /// The data is no data of the member's method; nothing more of it can be read.
    case undecodable
  }

  private let handle: OpaquePointer
  /// The entry that `next()` came to last.
  private var current: OpaquePointer?

  /// libarchive's version: 3_006_002 is 3.6.2.
  static var libraryVersion: UInt32 { UInt32(clamping: archive_version_number()) }

  /// Opens the archive, whose bytes are never freed (`MappedBytes`).
  init(_ archive: MappedBytes, _ kind: ArchiveKind) throws(ArchiveFailure) {
    guard let opened = unsafe archive_read_new() else { throw .outOfMemory }
    // SAFETY: the handle is fresh and ours; the memory outlives it, and is only read.
    let isSupported =
      switch kind {
      case .zip: unsafe archive_read_support_format_zip_seekable(opened)
      case .tar: unsafe archive_read_support_format_tar(opened)
      case .sevenZip: unsafe archive_read_support_format_7zip(opened)
      }
    guard isSupported == ARCHIVE_OK,
      unsafe archive_read_open_memory(opened, archive.pointer, archive.count) == ARCHIVE_OK
    else {
      // libarchive has no format to ask for encryption yet, and would read before its list of them.
      let failure: ArchiveFailure = unsafe archive_errno(opened) == ENOMEM ? .outOfMemory : .damaged
      unsafe archive_read_free(opened)
      throw failure
    }
    unsafe handle = opened
  }

  deinit {
    // SAFETY: the handle is ours alone and is not used again.
    unsafe archive_read_free(handle)
  }

  /// Goes to the next entry; what is left of the current one is passed over without inflating it.
  ///
  /// nil after the last.
  mutating func next() throws(ArchiveFailure) -> Header? {
    var entry: OpaquePointer?
    // SAFETY: the entry belongs to the handle and is read before the next call replaces it.
    let status = unsafe archive_read_next_header(handle, &entry)
    guard status != ARCHIVE_EOF else { return nil }
    // A warning is about a name's charset or a time; both are not looked at.
    guard status == ARCHIVE_OK || status == ARCHIVE_WARN, let entry = unsafe entry else {
      throw unsafe Self.failure(handle)
    }
    unsafe current = entry
    return Header(
      isFileOrFolder: unsafe ingest_archive_is_plain(entry) != 0,
      isFolder: unsafe ingest_archive_is_folder(entry) != 0,
      isEncrypted: unsafe archive_entry_is_encrypted(entry) != 0,
      size: unsafe archive_entry_size_is_set(entry) != 0 ? archive_entry_size(entry) : nil)
  }

  /// The name of the entry that `next()` came to, in UTF-8; nil where libarchive has none.
  ///
  /// It converts names by the process's locale, which must be one of UTF-8: in another it has none for most.
  mutating func name() -> String? {
    // SAFETY: the handle keeps the entry, and the entry its name, until the next call; the text is copied.
    guard let entry = unsafe current, let name = unsafe archive_entry_pathname_utf8(entry) else { return nil }
    return unsafe String(validatingCString: name)
  }

  /// Gives the next bytes of the current entry to `body`, with their offset in it, where there are any.
  mutating func nextBlock(_ body: (Int64, Span<UInt8>) throws -> Void) throws -> Step {
    var start: UnsafeRawPointer?
    var count = 0
    var offset: Int64 = 0
    // SAFETY: libarchive owns the block until the next call, and the span does not outlive `body`.
    let status = unsafe archive_read_data_block(handle, &start, &count, &offset)
    guard status != ARCHIVE_EOF else { return .end }
    guard status == ARCHIVE_OK || status == ARCHIVE_WARN else {
      let failure = unsafe Self.failure(handle)
      guard case .damaged = failure else { throw failure }
      return .undecodable
    }
    if let start = unsafe start, count > 0 {
      let bytes = unsafe UnsafeRawBufferPointer(start: start, count: count)
      try body(offset, unsafe bytes.bindMemory(to: UInt8.self).span)
    }
    return status == ARCHIVE_OK ? .block : .doubtful
  }

  private static func failure(_ handle: OpaquePointer) -> ArchiveFailure {
    if unsafe archive_read_has_encrypted_entries(handle) > 0 { return .encrypted }
    return unsafe archive_errno(handle) == ENOMEM ? .outOfMemory : .damaged
  }
}
