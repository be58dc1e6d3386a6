// SPDX-License-Identifier: Apache-2.0

import Catalog
import FileDescriptors
import Hashing
import Store

/// What is wrong with a kept original.
package enum OriginalFault: Error, Hashable, CustomStringConvertible {
  /// Its bytes are not those of its hash.
  case damaged(String)

  /// The fault in words.
  package var description: String {
    switch self {
    case .damaged(let hash): "the original \(hash) is damaged: its bytes are not those that came"
    }
  }
}

/// The bytes of an upload as they came, found again.
package struct KeptOriginal: Sendable {
  /// The client's name for the file: display data, never a path.
  package let displayName: String?
  /// SHA-256 of the bytes.
  package let contentHash: String
  /// The length in bytes.
  package let bytes: UInt64
  private let scope: String
  private let store: TableStore

  init(_ upload: UploadRecord, _ original: OriginalRecord, _ store: TableStore) {
    displayName = upload.displayName
    contentHash = original.contentHash
    bytes = original.bytes
    scope = original.scope
    self.store = store
  }

  /// Opens its file; what is open stays readable, whatever is removed meanwhile.
  ///
  /// - Throws: `StoreError.notFound` where it was removed already, or the machine's failure.
  package func open() throws -> OriginalReader {
    OriginalReader(try store.openOriginal(contentHash), contentHash, bytes: bytes)
  }

  /// Removes it before its time; no other scope's.
  ///
  /// - Returns: whether it was still kept.
  /// - Throws: the failure of the machine or the catalog.
  package func forget(by actor: String = UploadRequest().principal) async throws -> Bool {
    try await store.forgetOriginal(contentHash, scope: scope, by: actor, at: .nowInMicroseconds)
  }
}

/// Reads an original piece by piece, and knows at the end whether it is what came.
package struct OriginalReader: Sendable {
  private static let pieceBytes: UInt64 = 256 << 10

  private final class File: Sendable {
    let descriptor: OwnedDescriptor

    init(_ descriptor: consuming OwnedDescriptor) { self.descriptor = descriptor }
  }

  private let file: File
  private let contentHash: String
  private let bytes: UInt64
  private var offset: UInt64 = 0
  private var hasher = SHA256()

  init(_ file: consuming OwnedDescriptor, _ contentHash: String, bytes: UInt64) {
    self.file = File(file)
    self.contentHash = contentHash
    self.bytes = bytes
  }

  /// The next piece; nil behind the last one.
  ///
  /// The last piece is not given where the bytes are not those of the hash, so that nobody takes them for whole.
  ///
  /// - Throws: `OriginalFault.damaged`, or the machine's failure.
  package mutating func next() throws -> [UInt8]? {
    guard offset < bytes || (bytes == 0 && offset == 0) else { return nil }
    var piece = [UInt8](repeating: 0, count: Int(min(Self.pieceBytes, bytes - offset)))
    var span = piece.mutableSpan
    let count = try file.descriptor.pread(into: &span, at: offset)
    guard count == piece.count else { throw OriginalFault.damaged(contentHash) }
    hasher.update(piece.span)
    offset += UInt64(count)
    guard offset == bytes else { return piece }
    guard try file.descriptor.size() == bytes, ContentHash(hasher.finalize()).description == contentHash else {
      throw OriginalFault.damaged(contentHash)
    }
    return bytes == 0 ? nil : piece
  }
}

extension TableLookup {
  /// The bytes that an upload came as; nil where there is no such upload, or they are not kept.
  package func original(ofUpload id: String) async throws -> KeptOriginal? {
    guard let (upload, _) = try await store.catalog.upload(id: id),
      let original = try await store.catalog.original(
        upload.contentHash, scope: upload.scope, at: .nowInMicroseconds)
    else { return nil }
    return KeptOriginal(upload, original, store)
  }

  /// The bytes that a table was read from; nil where there is no such table, or they are not kept.
  package func original(of reference: String) async throws -> KeptOriginal? {
    guard let version = try await version(reference) else { return nil }
    return try await original(ofUpload: version.uploadID)
  }
}
