// SPDX-License-Identifier: Apache-2.0

package import Catalog
package import FileDescriptors
import Glibc

/// The files of uploads as they came: `originals/ab/<SHA-256>`, written once, 0444.
///
/// They have a lock of their own: who names a file holds it, shared, until the catalog names it too; who removes files that
/// nothing refers to holds it alone.
extension TableStore {
  private static let originalsDirectory = "originals"
  /// What originals leave free on the disk: tables come first.
  private static let reserve: UInt64 = 256 << 20

  /// Whether an original that takes so many bytes more leaves room enough for tables.
  ///
  /// - Throws: the machine's failure.
  package func hasRoomForOriginal(of bytes: UInt64) throws(StoreError) -> Bool {
    let free = try StoreError.mapping { () throws(SystemCallError) in try root.freeSpace() }
    return free >= Self.reserve && free - Self.reserve >= bytes
  }

  /// Keeps the bytes of an upload under their hash, durably.
  ///
  /// Blocks for as long as the disk takes.
  ///
  /// - Parameters:
  ///   - file: a file on the store's file system without a name, that nobody can write to any more.
  ///   - original: what the catalog is to say of it.
  ///   - quota: what all originals may take, in bytes.
  /// - Throws: `tableDiffers` where a file of this hash has another length, or the failure of the machine or the catalog.
  package func keep(
    _ file: FinishedOutput, as original: OriginalRecord, quota: UInt64
  ) async throws(StoreError) {
    try requireWritable()
    let lock = try await Self.blocking { () throws(StoreError) in try self.nameAndHold(file) }
    let given: [String]
    do { given = try await catalog.keep(original, quota: quota) } catch { throw StoreError(error) }
    lock.release()
    if !given.isEmpty { _ = try await removeOriginals(given) }
  }

  /// Gives an original its name beside the publication that it belongs to.
  ///
  /// - Returns: the lock that keeps it until it is released; nil where it cannot be kept.
  func name(_ original: OriginalToKeep?) async -> HeldOriginals? {
    guard let original else { return nil }
    do {
      return try await Self.blocking { () throws(StoreError) in
        guard let file = try original.makeFile() else { return nil }
        return try self.nameAndHold(file)
      }
    } catch {
      original.failed(error)
      return nil
    }
  }

  private func nameAndHold(_ file: FinishedOutput) throws(StoreError) -> HeldOriginals {
    try StoreError.mapping { () throws(SystemCallError) in
      let directory = try makeOriginalsDirectory()
      try directory.lockShared()
      try name(file, in: directory)
      return HeldOriginals(directory)
    }
  }

  /// Removes what was named for a publication that came to nothing; what cannot be removed is left to the collector.
  func forget(_ original: OriginalToKeep?) async {
    if let original { _ = try? await removeOriginals([original.record.contentHash]) }
  }

  /// Opens the bytes of an original, which the catalog was asked for first.
  ///
  /// - Throws: `notFound`, or the machine's failure.
  package func openOriginal(_ contentHash: String) throws(StoreError) -> OwnedDescriptor {
    guard contentHash.isLowercaseHex(digits: 64) else { throw .notFound }
    do throws(SystemCallError) {
      return try root.open(
        "\(Self.originalsDirectory)/\(contentHash.prefix(2))/\(contentHash)", flags: O_RDONLY | O_NOFOLLOW)
    } catch {
      throw error.errno == ENOENT ? .notFound : StoreError(error)
    }
  }

  /// Gives up an original before its time, and removes its file where no other scope keeps it.
  ///
  /// - Returns: whether it was kept.
  /// - Throws: the failure of the machine or the catalog.
  package func forgetOriginal(
    _ contentHash: String, scope: String, by actor: String, at time: Int64
  ) async throws(StoreError) -> Bool {
    try requireWritable()
    do {
      guard try await catalog.forgetOriginal(contentHash, scope: scope, by: actor, at: time) else { return false }
    } catch { throw StoreError(error) }
    _ = try await removeOriginals([contentHash])
    return true
  }

  /// Removes those of the files that no original refers to still.
  ///
  /// - Returns: how many, and their bytes.
  func removeOriginals(_ hashes: [String]) async throws(StoreError) -> (count: Int, bytes: UInt64) {
    guard let lock = try await Self.blocking({ () throws(StoreError) in try self.openOriginals(isLocked: true) })
    else { return (0, 0) }
    defer { lock.release() }
    let orphans: [String]
    do { orphans = try await catalog.unreferencedOriginals(hashes) } catch { throw StoreError(error) }
    var removed: (count: Int, bytes: UInt64) = (0, 0)
    try StoreError.mapping { () throws(SystemCallError) in
      for hash in orphans where hash.isLowercaseHex(digits: 64) {
        do throws(SystemCallError) {
          let folder = try lock.directory.openDirectory(String(hash.prefix(2)))
          let bytes = try folder.open(hash, flags: O_RDONLY | O_NOFOLLOW).size()
          try folder.removeFile(hash)
          removed = (removed.count + 1, removed.bytes + bytes)
        } catch  where error.errno == ENOENT {}
      }
    }
    return removed
  }

  /// Looks at every folder of the originals, as `survey` does at those of the tables.
  ///
  /// - Throws: what `visit` throws, or a `StoreError`.
  package func surveyOriginals(_ visit: (FolderSurvey) async throws -> Void) async throws {
    guard let originals = try openOriginals(isLocked: false) else { return }
    let names = try StoreError.mapping { () throws(SystemCallError) in try originals.directory.entries() }
    for name in names.sorted() {
      var survey = FolderSurvey(folder: name)
      do throws(SystemCallError) {
        guard name.isLowercaseHex(digits: 2) else { throw SystemCallError(call: "openat", errno: ENOTDIR) }
        try Self.list(try originals.directory.openDirectory(name), &survey)
      } catch  where [ENOTDIR, ELOOP].contains(error.errno) {
        survey.strangers = ["\(Self.originalsDirectory)/\(name)"]
      } catch { throw StoreError(error) }
      do {
        let orphans = Set(try await catalog.unreferencedOriginals(survey.files.map(\.id)))
        survey.orphans = survey.files.filter { orphans.contains($0.id) }
      } catch { throw StoreError(error) }
      try await visit(survey)
    }
  }

  private static func list(
    _ folder: borrowing OwnedDescriptor, _ survey: inout FolderSurvey
  ) throws(SystemCallError) {
    for entry in try folder.entries().sorted() {
      guard entry.isLowercaseHex(digits: 64), entry.hasPrefix(survey.folder) else {
        survey.strangers.append("\(originalsDirectory)/\(survey.folder)/\(entry)")
        continue
      }
      do throws(SystemCallError) {
        let status = try folder.open(entry, flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK).status()
        survey.files.append(
          StoredFile(
            id: entry, bytes: UInt64(clamping: status.st_size),
            changedAt: Int64(status.st_ctim.tv_sec) * 1_000_000 + Int64(status.st_ctim.tv_nsec) / 1_000))
      } catch  where error.errno == ENOENT {
        // Collected meanwhile.
      } catch  where error.errno == ELOOP {
        survey.strangers.append("\(originalsDirectory)/\(survey.folder)/\(entry)")
      }
    }
  }

  private func makeOriginalsDirectory() throws(SystemCallError) -> OwnedDescriptor {
    if try root.makeDirectory(Self.originalsDirectory, mode: 0o700) { try root.synchronize() }
    return try root.openDirectory(Self.originalsDirectory)
  }

  private func name(_ file: FinishedOutput, in directory: borrowing OwnedDescriptor) throws(SystemCallError) {
    let hash = file.tableID
    try file.descriptor.setPermissions(0o444)
    try file.descriptor.synchronize()
    let name = String(hash.prefix(2))
    if try directory.makeDirectory(name, mode: 0o700) { try directory.synchronize() }
    let folder = try directory.openDirectory(name)
    do throws(SystemCallError) {
      try file.descriptor.link(as: hash, in: folder)
    } catch  where error.errno == EEXIST {
      // Written once: the same hash is the same bytes.
    }
    try folder.synchronize()
  }

  /// nil in a store from before originals were kept.
  private func openOriginals(isLocked: Bool) throws(StoreError) -> HeldOriginals? {
    do throws(SystemCallError) {
      let held = HeldOriginals(try root.openDirectory(Self.originalsDirectory))
      if isLocked { try held.directory.lock() }
      return held
    } catch {
      guard error.errno == ENOENT else { throw StoreError(error) }
      return nil
    }
  }
}

/// The directory of the originals, and the lock on it where one was taken.
final class HeldOriginals: Sendable {
  let directory: OwnedDescriptor

  init(_ directory: consuming OwnedDescriptor) { self.directory = directory }

  /// Gives the lock up; so does the last reference.
  func release() { directory.unlock() }
}
