// SPDX-License-Identifier: Apache-2.0

import Catalog
import FileDescriptors
import Glibc

/// What is to be removed from a store.
package struct CollectionRequest: Sendable {
  /// How long a deleted version is kept.
  package var retention: Duration
  /// How long a file that nothing refers to is kept: what publishes it may be waiting for the disk.
  package var grace: Duration
  /// Who asks, for the audit log.
  package var actor: String
  /// How long a table is kept that nobody publishes, uses, pins or tags; nil for ever.
  package var tableAge: Duration?
  /// The time, in microseconds since 1970-01-01 UTC.
  package var now: Int64

  /// How long deleted versions are kept where nothing else is asked for: a week.
  package static let defaultRetention = Duration.seconds(7 * 24 * 3600)
  /// How long other files are kept where nothing else is asked for: an hour.
  package static let defaultGrace = Duration.seconds(3600)

  /// A request of these values.
  package init(
    retention: Duration = defaultRetention, grace: Duration = defaultGrace, tableAge: Duration? = nil,
    actor: String, now: Int64
  ) {
    self.retention = retention
    self.grace = grace
    self.tableAge = tableAge
    self.actor = actor
    self.now = now
  }

  var deletedBefore: Int64 { before(retention) }
  var changedBefore: Int64 { before(grace) }
  var unusedSince: Int64? { tableAge.map(before) }

  private func before(_ age: Duration) -> Int64 {
    let (seconds, attoseconds) = age.components
    let (whole, overflowed) = seconds.multipliedReportingOverflow(by: 1_000_000)
    let (time, underflowed) = now.subtractingReportingOverflow(
      overflowed ? .max : whole + attoseconds / 1_000_000_000_000)
    return underflowed ? .min : time
  }
}

/// What was removed from a store, or would be.
package struct CollectionReport: Sendable, Hashable {
  /// The versions whose retention is over, as `name@version`.
  package internal(set) var versions: [String] = []
  /// The versions of tables that nobody used for long, which are hidden now as if they were deleted.
  package internal(set) var expired: [String] = []
  /// The files that nothing refers to.
  package internal(set) var files = 0
  /// Their bytes.
  package internal(set) var bytes: UInt64 = 0
  /// Files that nothing refers to, but that are younger than the grace time, so they stay.
  package internal(set) var youngFiles = 0
  /// Kept originals whose time is over.
  package internal(set) var originals = 0
  /// Scratch directories of processes that were killed.
  package internal(set) var scratch = 0
}

extension CollectionReport {
  fileprivate mutating func add(_ orphans: [StoredFile], _ request: CollectionRequest) {
    for orphan in orphans {
      guard orphan.changedAt < request.changedBefore else {
        youngFiles += 1
        continue
      }
      files += 1
      bytes += orphan.bytes
    }
  }
}

extension TableStore {
  /// Files that are removed under one hold of the lock, while publications wait.
  private static let filesPerLock = 64

  /// Removes deleted versions whose retention is over, and then the files that nothing refers to.
  ///
  /// A crash on the way leaves files that nothing refers to, for the next time.
  ///
  /// - Throws: `readOnly`, or the failure of the machine or the catalog.
  package func collect(_ request: CollectionRequest) async throws -> CollectionReport {
    try requireWritable()
    var report = CollectionReport()
    report.scratch = sweptDirectories
    if let unusedSince = request.unusedSince {
      while true {
        let hidden = try await mappingCatalog { () async throws(CatalogError) in
          try await catalog.expireTables(unusedSince: unusedSince, by: request.actor, at: request.now)
        }
        guard !hidden.isEmpty else { break }
        report.expired += hidden.map(\.reference)
      }
    }
    while true {
      let gone = try await mappingCatalog { () async throws(CatalogError) in
        try await catalog.collect(deletedBefore: request.deletedBefore, by: request.actor, at: request.now)
      }
      guard !gone.isEmpty else { break }
      report.versions += gone.map(\.version.reference)
    }
    report.originals = try await mappingCatalog { () async throws(CatalogError) in
      try await catalog.expireOriginals(at: request.now)
    }
    try await surveyOriginals { survey in
      let old = survey.orphans.filter { $0.changedAt < request.changedBefore }
      report.youngFiles += survey.orphans.count - old.count
      let removed = try await removeOriginals(old.map(\.id))
      report.files += removed.count
      report.bytes += removed.bytes
    }
    try await survey { survey in
      let old = survey.orphans.filter { $0.changedAt < request.changedBefore }
      report.youngFiles += survey.orphans.count - old.count
      for start in stride(from: 0, to: old.count, by: Self.filesPerLock) {
        let files = old[start..<min(start + Self.filesPerLock, old.count)]
        let removed = try await remove(files.map(\.id))
        report.files += removed.count
        report.bytes += files.filter { removed.contains($0.id) }.reduce(0) { $0 + $1.bytes }
      }
    }
    return report
  }

  /// Tells what `collect` would remove, and removes nothing.
  ///
  /// Works on a store that was opened read-only.
  ///
  /// - Throws: the failure of the machine or the catalog.
  package func collectable(_ request: CollectionRequest) async throws -> CollectionReport {
    var report = CollectionReport()
    report.scratch = try StoreError.mapping { () throws(SystemCallError) in
      // As who opens the store does, since to look at a directory takes its lock for a moment.
      let directory = try root.openDirectory(".")
      try directory.lock()
      return ScratchDirectory.abandoned(in: try root.openDirectory("scratch"))
    }
    if let unusedSince = request.unusedSince {
      report.expired = try await mappingCatalog { () async throws(CatalogError) in
        try await catalog.unusedTables(since: unusedSince)
      }.map(\.reference)
    }
    // No more than one transaction of the collector would take: a look needs no more.
    let deleted = try await mappingCatalog { () async throws(CatalogError) in
      try await catalog.versions(deletedBefore: request.deletedBefore)
    }
    report.versions = deleted.map(\.version.reference)
    var freed: [String: UInt64] = [:]
    for version in deleted where version.isLast {
      freed[version.version.tableID] = version.version.fileBytes
      if let rejects = version.version.rejects { freed[rejects.tableID] = rejects.fileBytes }
    }
    report.files = freed.count
    report.bytes = freed.values.reduce(0, +)
    let expired = try await mappingCatalog { () async throws(CatalogError) in
      try await catalog.expiredOriginals(at: request.now)
    }
    report.originals = expired.count
    // Those that another scope keeps, too, stay; a look need not tell.
    report.files += expired.count
    report.bytes += expired.bytes
    try await survey { report.add($0.orphans, request) }
    try await surveyOriginals { report.add($0.orphans, request) }
    return report
  }

  /// Removes those files of tables and rejects that nothing refers to, whatever their age.
  ///
  /// Publications wait for it, in turns of 64 files.
  ///
  /// - Throws: the failure of the machine or the catalog; some may be removed then.
  package func removeUnreferenced(_ ids: [String]) async throws(StoreError) {
    try requireWritable()
    for start in stride(from: 0, to: ids.count, by: Self.filesPerLock) {
      _ = try await remove(Array(ids[start..<min(start + Self.filesPerLock, ids.count)]))
    }
  }

  /// Removes those of the files that nothing refers to still, once no publication is on its way.
  ///
  /// - Returns: the ids of those that were removed.
  private func remove(_ ids: [String]) async throws(StoreError) -> Set<String> {
    let lock = try await Self.blocking { () throws(StoreError) in
      try StoreError.mapping { () throws(SystemCallError) in try PublishingLock.exclusive(in: self.root) }
    }
    defer { withExtendedLifetime(lock) {} }
    let orphans = try await mappingCatalog { () async throws(CatalogError) in try await catalog.unreferenced(ids) }
    return try StoreError.mapping { () throws(SystemCallError) in
      var removed: Set<String> = []
      for id in orphans {
        guard let path = TablePath(id: id) else { continue }
        do throws(SystemCallError) {
          try tables.openDirectory(path.folder).removeFile(path.file)
          removed.insert(id)
          observer?(.unreferencedFileRemoved)
        } catch  where error.errno == ENOENT {}
      }
      return removed
    }
  }

  private func mappingCatalog<Answer>(
    _ verb: () async throws(CatalogError) -> Answer
  ) async throws(StoreError) -> Answer {
    do { return try await verb() } catch { throw StoreError(error) }
  }
}
