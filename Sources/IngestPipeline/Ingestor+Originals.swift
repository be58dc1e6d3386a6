// SPDX-License-Identifier: Apache-2.0

import Catalog
import FileDescriptors
import Hashing
import Logging
import Store
import Synchronization
import Validation

extension UploadSource {
  /// Whether the bytes were received, rather than read where they lie.
  var isReceived: Bool { identity == nil }

  /// A file with these bytes that can be named in the store: the spool itself, where it lies there, or a copy.
  ///
  /// - Returns: nil where the bytes are not those of the hash any more.
  /// - Throws: the machine's failure.
  func original(_ content: ContentHash, in store: TableStore) throws(StoreError) -> FinishedOutput? {
    guard !isInStore else {
      let file = try StoreError.mapping { () throws(SystemCallError) in try descriptor.duplicate() }
      return FinishedOutput(file, tableID: content.description)
    }
    // What its owner can still write, or what lies in memory, is copied.
    let copy = try store.makeOutput()
    let copied = try StoreError.mapping { () throws(SystemCallError) in try self.copy(to: copy) }
    // Nobody can have changed what was received.
    guard isReceived || copied == content else { return nil }
    return FinishedOutput(copy, tableID: content.description)
  }

  /// - Returns: the hash of what was copied where it was read in place; nil where the file has become shorter.
  private func copy(to copy: borrowing OwnedDescriptor) throws(SystemCallError) -> ContentHash? {
    var hasher = SHA256()
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    var offset: UInt64 = 0
    while offset < bytes {
      var span = buffer.mutableSpan
      let count = min(UInt64(try descriptor.pread(into: &span, at: offset)), bytes - offset)
      guard count > 0 else { return nil }
      if !isReceived { hasher.update(buffer.span.extracting(first: Int(count))) }
      try copy.pwrite(buffer.span.extracting(first: Int(count)), at: offset)
      offset += count
    }
    return ContentHash(hasher.finalize())
  }
}

extension Ingestor {
  /// Decides an upload by `work`, counts what came of it, and keeps its bytes once it is decided: what fails keeps
  /// nothing, least of all on a disk that is full.
  func decide(
    _ source: UploadSource, _ request: UploadRequest, _ work: () async throws -> UploadAnswer
  ) async throws -> UploadAnswer {
    do {
      let answer = try await work()
      if answer.rejection == nil { PipelineMetrics.ended(answer.isNew ? .published : .known) }
      // The answer waits for it, so that it can be asked for then.
      if !source.isKeepingSettled.load(ordering: .acquiring) { await keepOriginal(of: source, request) }
      return answer
    } catch {
      PipelineMetrics.ended(PipelineMetrics.Outcome(error))
      throw error
    }
  }

  /// Keeps the bytes of an upload that was decided without being published, where that is wanted and there is room.
  ///
  /// An upload is answered whether its bytes could be kept or not.
  private func keepOriginal(of source: UploadSource, _ request: UploadRequest) async {
    guard keepsOriginal(of: source, request) else { return }
    do {
      let content = try await source.hash()
      let known = try await store.catalog.original(
        content.description, scope: request.scope, at: Int64.nowInMicroseconds)
      guard let original = original(of: source, content, request, known: known) else { return }
      let file = try await TableStore.blocking { () throws(StoreError) in try original.makeFile() }
      if let file { try await store.keep(file, as: original.record, quota: original.quota) }
    } catch { originalFailed(error) }
  }

  /// What is to be kept by the commit that publishes an upload: it waits for the disk once for both.
  ///
  /// - Parameter known: what is kept of them already.
  /// - Returns: nil where nothing is to be kept.
  func originalToPublish(
    of source: UploadSource, _ content: ContentHash, _ request: UploadRequest, known: OriginalRecord?
  ) -> OriginalToKeep? {
    keepsOriginal(of: source, request) ? original(of: source, content, request, known: known) : nil
  }

  private func keepsOriginal(of source: UploadSource, _ request: UploadRequest) -> Bool {
    let quota = limits.originalsBytes.bytes
    return (source.isReceived || request.keepsOriginal) && limits.originalsSeconds > 0 && quota > 0
      && source.bytes <= quota
  }

  /// nil where the bytes are kept already, or little room is left.
  private func original(
    of source: UploadSource, _ content: ContentHash, _ request: UploadRequest, known: OriginalRecord?
  ) -> OriginalToKeep? {
    let now = Int64.nowInMicroseconds
    // The same file once a second is no reason to write once a second.
    if let known, now - known.keptAt < Self.freshness { return nil }
    do {
      // A spool that lies there takes its room already.
      guard try store.hasRoomForOriginal(of: source.isInStore ? 0 : source.bytes) else {
        logger.warning("an original was not kept: little space is left for tables")
        return nil
      }
    } catch {
      originalFailed(error)
      return nil
    }
    let record = OriginalRecord(
      scope: request.scope, contentHash: content.description, bytes: source.bytes, keptAt: now,
      keptUntil: now + Int64(min(limits.originalsSeconds, 1 << 40)) * 1_000_000)
    return OriginalToKeep(record, quota: limits.originalsBytes.bytes) { [store] () throws(StoreError) in
      try source.original(content, in: store)
    } failed: {
      originalFailed($0)
    }
  }

  private func originalFailed(_ error: any Error) {
    let text = String(String(describing: error).escapedForDisplay.prefix(500))
    logger.warning("an original was not kept", metadata: ["error": "\(text)"])
  }

  /// In microseconds: what came again within this time is not written down again.
  private static let freshness: Int64 = 3600 * 1_000_000
}
