// SPDX-License-Identifier: Apache-2.0

package import Catalog
import Dispatch
package import FileDescriptors
import Glibc

extension TableStore {
  /// What naming a table's file came to.
  package enum LinkOutcome: Sendable, Hashable {
    /// The file has the table's name now.
    case created
    /// A file of this id and length was there, so the given one is not needed.
    case alreadyThere
  }

  /// Makes an accepted upload's tables durable, then visible, all at once.
  ///
  /// A crash or failure on the way leaves nothing visible: at most files that no row of the catalog names.
  ///
  /// - Parameters:
  ///   - files: the finished outputs. Tables of the request that have none, as those of a reused reading, must be in
  ///     the store already.
  ///   - request: what the catalog shall show.
  ///   - quota: what all tables may take, in bytes; 0 stands for no bound.
  ///   - original: what is to be kept with them, by the same commit.
  /// - Returns: the version that shows each output, in the order of the request, and the files that made room.
  /// - Throws: `tableDiffers` where a file has not the length that the request states, `notFound` where one is missing,
  ///   `catalog` with `nameTaken` and the like, or the machine's failure.
  package func publish(
    _ files: [FinishedOutput], _ request: PublicationRequest, quota: UInt64, keeping original: OriginalToKeep? = nil
  ) async throws(StoreError) -> PublicationResult {
    do {
      let result = try await name(files, andShow: request, quota: quota, original)
      if let failure = result.originalFailure {
        await forget(original)
        original?.failed(StoreError(failure))
      }
      // The tables are published whatever comes of this; the collector removes what is left.
      if !result.givenUpOriginals.isEmpty { _ = try? await removeOriginals(result.givenUpOriginals) }
      return result
    } catch {
      // Or each upload that is refused would fill a full store up further, until somebody collects; what cannot be
      // removed now is left to that, and the refusal is what is told.
      if error.isOfRequest {
        try? await removeUnreferenced(files.map(\.tableID))
        await forget(original)
      }
      throw error
    }
  }

  /// Publishes as `publish(_:_:quota:)` without a bound.
  package func publish(
    _ files: [FinishedOutput], _ request: PublicationRequest
  ) async throws(StoreError) -> [TableVersion] {
    try await publish(files, request, quota: 0).versions
  }

  private func name(
    _ files: [FinishedOutput], andShow request: PublicationRequest, quota: UInt64, _ original: OriginalToKeep?
  ) async throws(StoreError) -> PublicationResult {
    try requireWritable()
    // Beside the tables' files, so that the upload waits for the disk once for both.
    async let naming = name(original)
    let lock: PublishingLock
    do { lock = try await nameFiles(files, of: request) } catch {
      await naming?.release()
      await forget(original)
      throw error
    }
    // The collector waits until the catalog names the files.
    defer { withExtendedLifetime(lock) {} }
    let named = await naming
    defer { named?.release() }
    let result: PublicationResult
    do {
      let keeping = named == nil ? nil : original.map { ($0.record, $0.quota) }
      result = try await catalog.publish(request, quota: quota, keeping: keeping) { [observer] in
        observer?(.rowsWritten)
      }
    } catch { throw StoreError(error) }
    observer?(.committed)
    return result
  }

  private func nameFiles(
    _ files: [FinishedOutput], of request: PublicationRequest
  ) async throws(StoreError) -> PublishingLock {
    try await Self.blocking { () throws(StoreError) in
      let lock = try StoreError.mapping { () throws(SystemCallError) in try PublishingLock.shared(in: self.root) }
      self.observer?(.collectorLocked)
      for file in files { _ = try self.link(file.descriptor, asTable: file.tableID) }
      for output in request.outputs { try self.verifyLength(of: output) }
      self.observer?(.filesNamed)
      return lock
    }
  }

  /// Gives a finished output the name of its table, durably and read-only.
  ///
  /// It is not visible by that, since the catalog decides.
  ///
  /// Blocks for as long as the disk takes.
  ///
  /// - Throws: `invalidTableID`, `tableDiffers` where a file of this id has another length, or the machine's failure.
  package func link(
    _ output: borrowing OwnedDescriptor, asTable id: String
  ) throws(StoreError) -> LinkOutcome {
    try requireWritable()
    guard let path = TablePath(id: id) else { throw .invalidTableID }
    let outcome = try StoreError.mapping { () throws(SystemCallError) in
      try output.setPermissions(0o444)
      observer?(.permissionsSet)
      try output.synchronize()
      observer?(.fileSynced)
      let folder = try folders.open(path.folder)
      let outcome = try Self.link(output, as: path.file, in: folder)
      observer?(.fileLinked)
      // Also where it was there: the process that made it may not have come to this line.
      try folder.synchronize()
      observer?(.folderSynced)
      return outcome
    }
    guard let outcome else { throw .tableDiffers(id) }
    return outcome
  }

  /// Opens the file of a table for reading.
  ///
  /// Says nothing about who may see it; that is asked of the catalog first.
  ///
  /// - Throws: `notFound`, also for a text that is no id, or the machine's failure.
  package func openTable(id: String) throws(StoreError) -> OwnedDescriptor {
    guard let path = TablePath(id: id) else { throw .notFound }
    do throws(SystemCallError) {
      let file = try tables.open("\(path.folder)/\(path.file)", flags: O_RDONLY | O_NOFOLLOW)
      guard try file.status().st_mode & S_IFMT == S_IFREG else { throw SystemCallError(call: "openat", errno: ENOENT) }
      return file
    } catch {
      throw error.errno == ENOENT ? .notFound : StoreError(error)
    }
  }

  /// nil where the name is taken by a file of another length.
  ///
  /// The same id is the same bytes, so length is enough.
  private static func link(
    _ output: borrowing OwnedDescriptor, as name: String, in folder: borrowing OwnedDescriptor
  ) throws(SystemCallError) -> LinkOutcome? {
    do {
      try output.link(as: name, in: folder)
      return .created
    } catch  where error.errno == EEXIST {
      let existing = try folder.open(name, flags: O_RDONLY | O_NOFOLLOW)
      return try existing.size() == output.size() ? .alreadyThere : nil
    }
  }

  private func verifyLength(of output: ReadingOutput) throws(StoreError) {
    try verifyLength(ofTable: output.tableID, output.fileBytes)
    if let rejects = output.rejects { try verifyLength(ofTable: rejects.tableID, rejects.fileBytes) }
  }

  private func verifyLength(ofTable id: String, _ expected: UInt64) throws(StoreError) {
    let file = try openTable(id: id)
    let length = try StoreError.mapping { () throws(SystemCallError) in try file.size() }
    guard length == expected else { throw .tableDiffers(id) }
  }

  /// Waits for the disk on a thread of its own, not on one of the few that run tasks.
  package static func blocking<Answer: Sendable>(
    _ work: @escaping @Sendable () throws(StoreError) -> Answer
  ) async throws(StoreError) -> Answer {
    let result = await withCheckedContinuation {
      (continuation: CheckedContinuation<Result<Answer, StoreError>, Never>) in
      // A serial queue gets a thread of its own: those of the concurrent ones are as few as the processors, and run tasks.
      DispatchQueue(label: "ingest.disk").async {
        do throws(StoreError) {
          continuation.resume(returning: .success(try work()))
        } catch {
          continuation.resume(returning: .failure(error))
        }
      }
    }
    return try result.get()
  }
}

extension StoreError {
  /// Whether the request is at fault, so that its transaction is undone for certain; a commit that failed may be found
  /// to be kept later.
  fileprivate var isOfRequest: Bool {
    switch self {
    case .catalog(.nameTaken), .catalog(.nameExists), .catalog(.versionChanged), .catalog(.storeFull): true
    default: false
    }
  }
}
