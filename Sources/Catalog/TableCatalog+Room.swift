// SPDX-License-Identifier: Apache-2.0

import GRDB
package import Validation

/// What a publication came to in a store whose room is bounded.
package struct PublicationResult: Sendable, Hashable {
  /// The version that shows each output, in the order of the request.
  package var versions: [TableVersion]
  /// The ids of files, of tables and of rejects, that were given up to make room: nothing refers to them any more.
  package var evictedFiles: [String] = []
  /// The hashes of originals that were given up for the one that was to be kept.
  package var givenUpOriginals: [String] = []
  /// Why the original was not kept; nil where it was, or there was none.
  package var originalFailure: CatalogError?
}

/// Which version was used when.
package struct TableUse: Sendable, Hashable {
  /// The name in folded form, and the version.
  package var folded: String
  package var version: Int
  /// In microseconds since 1970-01-01 UTC.
  package var time: Int64

  /// A use of these values.
  package init(folded: String, version: Int, time: Int64) {
    self.folded = folded
    self.version = version
    self.time = time
  }
}

extension TableCatalog {
  /// Notes when versions were used, which decides what makes room for others.
  ///
  /// Versions that are gone are passed over.
  ///
  /// - Parameter uses: in the order in which they happened, whatever their times say.
  /// - Throws: the machine's failure.
  package func note(_ uses: [TableUse]) async throws(CatalogError) {
    guard !uses.isEmpty else { return }
    try await write { database in
      for use in uses { try database.noteUse(use.folded, use.version, at: use.time) }
    }
  }

  /// Pins a version, so that nothing but its owner removes it, or takes the pin away.
  ///
  /// - Returns: the version as it is now; nil where there is none.
  /// - Throws: `nameTaken`, or the machine's failure.
  package func pin(
    _ change: TableChange, _ selector: VersionSelector, isPinned: Bool
  ) async throws(CatalogError) -> TableVersion? {
    try await write { database in
      guard var version = try database.ownedVersion(change, selector) else { return nil }
      try database.change(
        "UPDATE table_version SET pinned = ? WHERE folded = ? AND version = ?",
        [isPinned, change.name.folded, version.version])
      try database.audit(change, isPinned ? .pin : .unpin, version.reference)
      version.isPinned = isPinned
      return version
    }
  }

  /// Hides the tables that have neither a pin nor a tag and that nobody has published or used since `time`, all their
  /// versions; at most `maximumPage` versions.
  ///
  /// They can be restored like deleted ones, for as long.
  ///
  /// - Parameter now: the time of the change; both in microseconds since 1970-01-01 UTC.
  /// - Returns: the versions that are hidden now.
  /// - Throws: the machine's failure.
  package func expireTables(
    unusedSince time: Int64, by actor: String, at now: Int64
  ) async throws(CatalogError) -> [TableVersion] {
    try await write { database in
      let versions = try database.unusedVersions(since: time)
      for version in versions {
        guard let folded = TableName(exactly: version.name)?.folded else { throw CatalogError.corrupt }
        try database.change(
          "UPDATE table_version SET deleted_at = ? WHERE folded = ? AND version = ?", [now, folded, version.version])
        try database.insertAudit(at: now, actor: actor, .expire, subject: version.reference, .done)
      }
      return versions
    }
  }

  /// What `expireTables` would hide.
  ///
  /// - Throws: `olderSchema` where the file was never opened for writing by this program, or the machine's failure.
  package func unusedTables(since time: Int64) async throws(CatalogError) -> [TableVersion] {
    try await read { try $0.unusedVersions(since: time) }
  }
}

extension Database {
  /// What puts a use behind all others; a time would not, since a clock may be set back.
  static let nextUse = "(SELECT ifnull(max(use_order), 0) + 1 FROM table_version)"

  /// Notes a use of a version; one that is gone is passed over.
  func noteUse(_ folded: String, _ version: Int, at time: Int64) throws {
    try change(
      "UPDATE table_version SET used_at = ?, use_order = \(Self.nextUse) WHERE folded = ? AND version = ?",
      [time, folded, version])
  }

  /// All versions of the tables of which none was used; a table goes as a whole, so that its latest stays its newest.
  fileprivate func unusedVersions(since time: Int64) throws -> [TableVersion] {
    guard try tableExists("scope_total") else {
      throw CatalogError.olderSchema(Int(clamping: try Int64.fetchOne(self, sql: "PRAGMA user_version") ?? 0))
    }
    return try versions(
      """
      WHERE NOT EXISTS (
        SELECT 1 FROM table_version AS u
        WHERE u.folded = v.folded AND u.deleted_at IS NULL AND (u.pinned OR u.used_at >= ?))
        AND NOT EXISTS (SELECT 1 FROM table_tag AS t WHERE t.folded = v.folded)
      ORDER BY v.folded, v.version LIMIT ?
      """, [time, TableCatalog.maximumPage])
  }

  /// The bytes of all files of tables and rejects that are in the store, each counted once for every scope that sent it.
  func tableBytes() throws -> UInt64 {
    try rows("SELECT ifnull(sum(bytes), 0) AS bytes FROM scope_total", []).first?.count("bytes") ?? 0
  }

  /// Gives up tables until the others fit, and no more than that: what was deleted first, then what was used longest ago.
  ///
  /// Kept are tables that some latest, tagged or pinned version shows, and those of scopes that take less than `scope`
  /// does: or whoever sends most would push out what all others have.
  ///
  /// - Returns: the ids of their files, some of which another scope may still need.
  /// - Throws: `storeFull` where that would not do; the transaction must be undone then.
  func makeRoom(quota: UInt64, for scope: String, by actor: String, at now: Int64) throws -> [String] {
    var files: [String] = []
    while true {
      let total = try tableBytes()
      guard total > quota else { return files }
      guard let output = try deletedOutput() ?? leastUsedOutput(for: scope) else {
        throw CatalogError.storeFull(limit: quota, actual: total)
      }
      files += try evict(output, by: actor, at: now)
    }
  }

  /// Removes all versions that show an output.
  private func evict(_ output: StatementArguments, by actor: String, at now: Int64) throws -> [String] {
    var files: Set<String> = []
    for presence in [VersionPresence.deleted, .shown] {
      let versions = try versions(
        "WHERE v.scope = :scope AND v.derivation = :derivation AND v.ordinal = :ordinal", output, presence)
      for version in versions {
        files.formUnion([version.tableID, version.rejects?.tableID].compactMap(\.self))
        try remove(version)
        try insertAudit(at: now, actor: actor, .evict, subject: version.reference, .done)
      }
    }
    // Every turn must give something up, or there would be no end.
    guard !files.isEmpty else { throw CatalogError.corrupt }
    return files.sorted()
  }

  /// The output that was deleted longest ago, of those that no version shows any more.
  private func deletedOutput() throws -> StatementArguments? {
    try output(
      """
      SELECT v.scope, v.derivation, v.ordinal FROM table_version AS v
      WHERE v.deleted_at IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM table_version AS s
        WHERE s.scope = v.scope AND s.derivation = v.derivation AND s.ordinal = v.ordinal AND s.deleted_at IS NULL)
      ORDER BY v.deleted_at, v.folded, v.version LIMIT 1
      """, [])
  }

  /// The output that was used longest ago, under whatever name, of those that may make room for `scope`.
  ///
  /// Walks over the versions in that order, and past the latest ones, of which a full store may have very many, with one
  /// lookup each.
  private func leastUsedOutput(for scope: String) throws -> StatementArguments? {
    try output(
      """
      SELECT v.scope, v.derivation, v.ordinal
      FROM table_version AS v INDEXED BY table_version_by_use
      CROSS JOIN named_table AS l ON l.folded = v.folded AND l.latest <> v.version
      WHERE v.deleted_at IS NULL
        AND v.scope IN (
          SELECT scope FROM scope_total WHERE bytes >= (SELECT bytes FROM scope_total WHERE scope = ?))
        AND NOT EXISTS (
          SELECT 1 FROM table_version AS s JOIN named_table AS n ON n.folded = s.folded
          WHERE s.scope = v.scope AND s.derivation = v.derivation AND s.ordinal = v.ordinal AND s.deleted_at IS NULL
            AND l.latest > 0 -- so that it is asked for what is no latest version alone
            AND (s.pinned OR s.version = n.latest OR s.use_order > v.use_order
              OR EXISTS (SELECT 1 FROM table_tag AS t WHERE t.folded = s.folded AND t.version = s.version)))
      ORDER BY v.use_order, v.folded, v.version LIMIT 1
      """, [scope])
  }

  private func output(_ sql: String, _ arguments: StatementArguments) throws -> StatementArguments? {
    try rows(sql, arguments).first.map { row in
      [
        "scope": try row.text("scope"), "derivation": try row.text("derivation"),
        "ordinal": try row.integer("ordinal"),
      ]
    }
  }
}
