// SPDX-License-Identifier: Apache-2.0

import GRDB
package import Validation

extension TableCatalog {
  /// The most rows that one page holds, whatever limit is asked for.
  package static let maximumPage = 1_000

  /// Those of the readings that were published within `scope`, with their outputs by ordinal.
  ///
  /// - Throws: the machine's failure.
  package func readings(
    derivations: [String], scope: String
  ) async throws(CatalogError) -> [String: [ReadingOutput]] {
    try await read { try $0.readings(derivations: derivations, scope: scope) }
  }

  /// All that is asked of a content before it is read, in one transaction.
  ///
  /// - Parameters:
  ///   - derivations: the readings that may be known.
  ///   - since: from when on the principal's crashes count, in microseconds since 1970-01-01 UTC; `now` likewise.
  /// - Throws: the machine's failure.
  package func knowledge(
    ofContent contentHash: String, derivations: [String], scope: String, ofPrincipal principal: String,
    since: Int64, at now: Int64
  ) async throws(CatalogError) -> ContentKnowledge {
    try await read { database in
      ContentKnowledge(
        crashes: try database.crashes(ofContent: contentHash, scope: scope, ofPrincipal: principal, since: since),
        readings: try database.readings(derivations: derivations, scope: scope),
        original: try database.original(contentHash, scope: scope, at: now))
    }
  }

  /// The outputs of a reading that was published within `scope`, by ordinal; nil where it is not known there.
  ///
  /// - Throws: the machine's failure.
  package func reading(derivation: String, scope: String) async throws(CatalogError) -> [ReadingOutput]? {
    try await readings(derivations: [derivation], scope: scope)[derivation]
  }

  /// The report of the upload that first published from a reading within `scope`; nil where all its versions are gone.
  ///
  /// - Throws: the machine's failure.
  package func firstReport(derivation: String, scope: String) async throws(CatalogError) -> String? {
    try await read { database in
      try database.rows(
        """
        SELECT report FROM upload WHERE id = (
          SELECT upload_id FROM table_version WHERE scope = ? AND derivation = ? ORDER BY ordinal, published_at LIMIT 1)
        """, [scope, derivation]
      ).first.map { try $0.text("report") }
    }
  }

  /// The latest version of each table, by folded name, from the name after `name` on.
  ///
  /// - Parameter limit: how many at most; at least 0, and never more than `maximumPage`.
  /// - Throws: the machine's failure.
  package func latestTables(after name: TableName? = nil, limit: Int) async throws(CatalogError) -> [TableVersion] {
    try await read { database in
      try database.versions(
        "WHERE v.version = n.latest AND v.folded > ? ORDER BY v.folded LIMIT ?",
        [name?.folded ?? "", Self.page(limit)])
    }
  }

  /// A version of the table of this name, ignoring case; the latest where none is given.
  ///
  /// - Returns: nil where there is no such name or version.
  /// - Throws: the machine's failure.
  package func table(named name: TableName, version: Int? = nil) async throws(CatalogError) -> TableVersion? {
    try await table(named: name, version.map(VersionSelector.number) ?? .latest)
  }

  /// The newest version, of any name, that shows the table of this id.
  ///
  /// - Parameter scope: the scope whose uploads must show it; nil for any.
  /// - Returns: nil where no upload of the scope shows it.
  /// - Throws: the machine's failure.
  package func table(id: String, scope: String? = nil) async throws(CatalogError) -> TableVersion? {
    try await read { database in
      try database.versions(
        """
        WHERE o.table_id = :id AND (:scope IS NULL OR EXISTS (
          SELECT 1 FROM upload_table AS t JOIN upload AS u ON u.id = t.upload_id
          WHERE t.folded = v.folded AND t.version = v.version AND u.scope = :scope))
        ORDER BY v.published_at DESC, v.folded, v.version DESC LIMIT 1
        """, ["id": id, "scope": scope]
      ).first
    }
  }

  /// Every version of the table of this name, ignoring case, newest first; none where there is no such name.
  ///
  /// - Throws: the machine's failure.
  package func versions(of name: TableName) async throws(CatalogError) -> [TableVersion] {
    try await read { database in
      try database.versions("WHERE v.folded = ? ORDER BY v.version DESC", [name.folded])
    }
  }

  /// An upload, with the versions that it shows, by ordinal.
  ///
  /// - Returns: nil where no upload has this id.
  /// - Throws: the machine's failure.
  package func upload(id: String) async throws(CatalogError) -> (upload: UploadRecord, tables: [TableVersion])? {
    try await read { database in
      guard let row = try Row.fetchOne(database, sql: "SELECT * FROM upload WHERE id = ?", arguments: [id]) else {
        return nil
      }
      let tables = try database.versions(
        """
        JOIN upload_table AS t ON t.folded = v.folded AND t.version = v.version
        WHERE t.upload_id = ? ORDER BY t.ordinal
        """, [id])
      return (try UploadRecord(row), tables.map { $0.asSeen(by: id) })
    }
  }

  /// The audit log's rows after the one numbered `sequence`, in order; from the first where it is 0.
  ///
  /// - Parameter limit: how many at most; at least 0, and never more than `maximumPage`.
  /// - Throws: the machine's failure.
  package func auditEvents(after sequence: Int64 = 0, limit: Int) async throws(CatalogError) -> [AuditEvent] {
    try await read { database in
      try Row.fetchAll(
        database, sql: "SELECT * FROM audit WHERE seq > ? ORDER BY seq LIMIT ?",
        arguments: [sequence, Self.page(limit)]
      ).map(AuditEvent.init)
    }
  }

  private static func page(_ limit: Int) -> Int { min(max(limit, 0), maximumPage) }
}

/// What the catalog knows of a content within a scope.
package struct ContentKnowledge: Sendable {
  /// How many workers it, and its sender's uploads, have crashed.
  package var crashes: CrashHistory
  /// The outputs of those of the readings that are known, by derivation and ordinal.
  package var readings: [String: [ReadingOutput]]
  /// What is kept of its bytes.
  package var original: OriginalRecord?
}

extension Database {
  fileprivate func readings(derivations: [String], scope: String) throws -> [String: [ReadingOutput]] {
    var known: [String: [ReadingOutput]] = [:]
    for derivation in derivations {
      let isKnown = try isTrue(
        "SELECT EXISTS (SELECT 1 FROM reading WHERE scope = ? AND derivation = ?)", [scope, derivation])
      if isKnown, try isComplete(derivation, scope) {
        known[derivation] = try outputs(scope: scope, derivation: derivation)
      }
    }
    return known
  }

  /// Whether the files of all outputs of a reading are still there.
  fileprivate func isComplete(_ derivation: String, _ scope: String) throws -> Bool {
    guard try tableExists("removed_output") else { return true }
    return try !isTrue(
      "SELECT EXISTS (SELECT 1 FROM removed_output WHERE scope = ? AND derivation = ?)", [scope, derivation])
  }
}

extension TableVersion {
  fileprivate func asSeen(by upload: String) -> TableVersion {
    var version = self
    version.isNew = uploadID == upload
    return version
  }
}
