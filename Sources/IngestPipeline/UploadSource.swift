// SPDX-License-Identifier: Apache-2.0

import CKernel
package import FileDescriptors
import Glibc
import Synchronization
package import Validation

/// The bytes of one upload, received or in place, counted and hashed.
///
/// Nothing of them is interpreted here.
package final class UploadSource: Sendable {
  /// Read-only, with a file offset of its own.
  package let descriptor: OwnedDescriptor
  package let bytes: UInt64
  private let hashing: ContentHashing
  /// Larger files are hashed while their worker reads them.
  static let hashedFirst: UInt64 = 4 << 20
  /// What the file was before it was hashed; nil for a spool, which nobody else can open.
  let identity: FileIdentity?
  /// The memory of an in-memory spool, which lives as long as its bytes do.
  private let reservation: SpoolReservation?
  /// Whether it is a file without a name on the store's file system.
  let isInStore: Bool
  /// Whether it was settled by the upload's publication if the store keeps the bytes.
  let isKeepingSettled = Atomic(false)

  init(
    descriptor: consuming OwnedDescriptor, bytes: UInt64, hashing: ContentHashing, identity: FileIdentity? = nil,
    reservation: SpoolReservation? = nil, isInStore: Bool = false
  ) {
    self.isInStore = isInStore
    self.reservation = reservation
    self.descriptor = descriptor
    self.bytes = bytes
    self.hashing = hashing
    self.identity = identity
  }

  /// The hash, where it is at hand: always, but for a large file in place.
  package var knownHash: ContentHash? { hashing.known }

  /// The hash, as soon as there is one.
  ///
  /// - Throws: `Rejection` with `source_changed` where the file has become shorter, or `SystemCallError`.
  package func hash() async throws -> ContentHash { try await hashing.value() }

  /// Whether the file is still what was hashed, once it is.
  ///
  /// A lease, where one was had, makes a writer wait meanwhile.
  package var isUnchanged: Bool {
    guard let identity else { return true }
    return (try? FileIdentity(of: descriptor)) == identity
  }

  /// Lets writers go on, where they wait for the lease.
  ///
  /// - Returns: whether a lease was held.
  @discardableResult
  package func releaseLease() -> Bool { ingest_release_lease(descriptor.rawValue) == 0 }

  /// Whether a path leads to a regular file.
  ///
  /// Looks without opening: a pipe would lose what its writer has to say.
  ///
  /// - Throws: the failure of `open`.
  package static func isRegularFile(path: String) throws(SystemCallError) -> Bool {
    // O_PATH, which Swift does not import.
    try FileIdentity(of: try OwnedDescriptor.open(path, flags: 0o10_000_000)).isRegular
  }

  /// Opens a regular file to be read where it lies, and hashes it, or begins to where it is large.
  ///
  /// - Returns: nil where the path is no regular file, but a pipe, a terminal or a device: that is received instead.
  /// - Throws: `Rejection` with `too_large` or `source_changed`, or `SystemCallError`.
  package static func open(path: String, limit: ByteCount) throws -> UploadSource? {
    guard try isRegularFile(path: path) else { return nil }
    let file = try OwnedDescriptor.open(path, flags: O_RDONLY | O_NONBLOCK)
    let identity = try FileIdentity(of: file)
    guard identity.isRegular else { return nil }
    guard identity.size <= limit.bytes else {
      throw Rejection(.tooLarge, limit: limit.bytes, actual: identity.size)
    }
    // Where no lease is to be had (another's file, a writer), the identity alone guards.
    _ = ingest_read_lease(file.rawValue)
    let hashing =
      identity.size > hashedFirst
      ? try ContentHashing.start(file, count: identity.size)
      : ContentHashing(try ContentHashing.hash(file, count: identity.size))
    return UploadSource(descriptor: file, bytes: identity.size, hashing: hashing, identity: identity)
  }
}

/// What tells whether a file is the same, and unchanged.
struct FileIdentity: Equatable, Sendable {
  let size: UInt64
  let isRegular: Bool
  private let device: UInt64
  private let inode: UInt64
  private let modified: [Int]
  private let changed: [Int]

  init(of file: borrowing OwnedDescriptor) throws(SystemCallError) {
    let status = try file.status()
    size = UInt64(clamping: status.st_size)
    isRegular = status.st_mode & S_IFMT == S_IFREG
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    modified = [status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
    changed = [status.st_ctim.tv_sec, status.st_ctim.tv_nsec]
  }
}
