// SPDX-License-Identifier: Apache-2.0

import CMagic

/// A libmagic handle with its database.
///
/// Not thread-safe: one owner, one call at a time.
@safe struct MagicCookie: ~Copyable {
  private let handle: magic_t
  /// libmagic keeps pointers into it, so it ends after the handle: members are destroyed after `deinit` has run.
  private let database: MagicDatabase

  /// Loads the system's database; nothing is read from a file after that.
  init() throws(InspectionError) {
    let database = try MagicDatabase()
    guard let opened = unsafe magic_open(ingest_magic_flags()) else { throw .outOfMemory }
    var buffer: UnsafeMutableRawPointer? = unsafe database.pointer
    var size = database.count
    // SAFETY: libmagic reads the one buffer for as long as the handle lives, which is shorter than the database.
    guard unsafe magic_load_buffers(opened, &buffer, &size, 1) == 0 else {
      unsafe magic_close(opened)
      throw .databaseRefused
    }
    unsafe handle = opened
    self.database = database
  }

  deinit {
    // SAFETY: the handle is ours alone and is not used again.
    unsafe magic_close(handle)
  }

  /// libmagic's version: 544 is 5.44.
  static var libraryVersion: UInt32 { UInt32(clamping: magic_version()) }

  /// libmagic's answer to some bytes, as `type/subtype; charset=name`; nil where it fails.
  mutating func describe(_ bytes: [UInt8]) -> String? {
    // SAFETY: libmagic reads within the array, and its answer, which the next call overwrites, is copied here.
    unsafe bytes.withUnsafeBytes { buffer in
      guard let answer = unsafe magic_buffer(handle, buffer.baseAddress, buffer.count) else { return nil }
      return unsafe String(validatingCString: answer)
    }
  }
}
