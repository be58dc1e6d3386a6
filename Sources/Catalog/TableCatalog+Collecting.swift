// SPDX-License-Identifier: Apache-2.0

import GRDB
import Validation

/// A version that was deleted, on its way out.
package struct DeletedVersion: Sendable, Hashable {
  /// The version.
  package var version: TableVersion
  /// Whether nothing else shows its table, so that its files can go with it.
  package var isLast: Bool
}

extension TableCatalog {
  /// The versions that were deleted before `time`, by name; at most `maximumPage`.
  ///
  /// - Parameter time: in microseconds since 1970-01-01 UTC.
  /// - Throws: the machine's failure.
  package func versions(deletedBefore time: Int64) async throws(CatalogError) -> [DeletedVersion] {
    try await read { try $0.versions(deletedBefore: time, limit: Self.maximumPage) }
  }

  /// Removes versions that were deleted before `deletion` for good, with their tags, and the readings and names that are
  /// left with nothing; at most `maximumPage` of them.
  ///
  /// Their files stay, and are referred to by nothing then.
  ///
  /// - Parameters:
  ///   - actor: who asks.
  ///   - now: the time of the removal; both in microseconds since 1970-01-01 UTC.
  /// - Throws: the machine's failure.
  package func collect(
    deletedBefore deletion: Int64, by actor: String, at now: Int64
  ) async throws(CatalogError) -> [DeletedVersion] {
    try await write { database in
      let versions = try database.versions(deletedBefore: deletion, limit: Self.maximumPage)
      for version in versions.map(\.version) {
        try database.remove(version)
        try database.insertAudit(at: now, actor: actor, .collect, subject: version.reference, .done)
      }
      return versions
    }
  }

  /// Those of the ids that no reading names as its table or its rejects: files that nothing refers to.
  ///
  /// - Throws: the machine's failure.
  package func unreferenced(_ ids: [String]) async throws(CatalogError) -> [String] {
    try await read { database in try ids.filter { try !database.isReferred(to: $0) } }
  }
}

extension Database {
  fileprivate func versions(deletedBefore time: Int64, limit: Int) throws -> [DeletedVersion] {
    // A schema from before deletion has none.
    guard try tableExists("removed_output") else { return [] }
    let versions = try versions(
      "WHERE v.deleted_at < ? ORDER BY v.folded, v.version LIMIT ?", [time, limit], .deleted)
    return try versions.map { version in
      let isNeeded = try isTrue(
        """
        SELECT EXISTS (SELECT 1 FROM reading_output AS o
          JOIN table_version AS v ON v.scope = o.scope AND v.derivation = o.derivation AND v.ordinal = o.ordinal
          WHERE o.table_id = ? AND (v.deleted_at IS NULL OR v.deleted_at >= ?))
        """, [version.tableID, time])
      return DeletedVersion(version: version, isLast: !isNeeded)
    }
  }

  /// Removes a version's row, and what only it held.
  func remove(_ version: TableVersion) throws {
    guard let folded = TableName(exactly: version.name)?.folded else { throw CatalogError.corrupt }
    let outputs = try rows(
      "SELECT scope, derivation, ordinal FROM table_version WHERE folded = ? AND version = ?",
      [folded, version.version])
    for table in ["table_tag", "upload_table", "table_version"] {
      try change("DELETE FROM \(table) WHERE folded = ? AND version = ?", [folded, version.version])
    }
    try change(
      """
      DELETE FROM named_table
      WHERE folded = :folded AND NOT EXISTS (SELECT 1 FROM table_version WHERE folded = :folded)
      """, ["folded": folded])
    for output in outputs {
      let reading: StatementArguments = [
        "scope": try output.text("scope"), "derivation": try output.text("derivation"),
      ]
      try removeOutput(try output.integer("ordinal"), of: reading, version)
    }
  }

  /// Gives up an output that no version shows any more; its file may be that of another scope's, which stays.
  ///
  /// A reading is reused as a whole, so it stays where another of its outputs is still shown, and is not known then.
  private func removeOutput(_ ordinal: Int64, of reading: StatementArguments, _ version: TableVersion) throws {
    let output = reading + ["ordinal": ordinal]
    let isShown = try isTrue(
      """
      SELECT EXISTS (
        SELECT 1 FROM table_version WHERE scope = :scope AND derivation = :derivation AND ordinal = :ordinal)
      """, output)
    guard !isShown else { return }
    try change("INSERT OR IGNORE INTO removed_output VALUES (:scope, :derivation, :ordinal)", output)
    for id in [version.tableID, version.rejects?.tableID].compactMap(\.self) where try !isReferred(to: id) {
      try change("DELETE FROM file_digest WHERE id = ?", [id])
      try change("DELETE FROM batch_statistics WHERE table_id = ?", [id])
    }
    let isWhollyRemoved = try isTrue(
      """
      SELECT (SELECT count(*) FROM reading_output WHERE scope = :scope AND derivation = :derivation)
        = (SELECT count(*) FROM removed_output WHERE scope = :scope AND derivation = :derivation)
      """, reading)
    guard isWhollyRemoved else { return }
    for table in ["removed_output", "reading_output", "reading"] {
      try change("DELETE FROM \(table) WHERE scope = :scope AND derivation = :derivation", reading)
    }
  }

  /// Whether some scope's reading names a file, as its table or its rejects.
  fileprivate func isReferred(to id: String) throws -> Bool {
    // A schema from before deletion removes nothing.
    let removed =
      try tableExists("removed_output")
      ? """
      AND NOT EXISTS (SELECT 1 FROM removed_output AS r
        WHERE r.scope = o.scope AND r.derivation = o.derivation AND r.ordinal = o.ordinal)
      """ : ""
    let hasRejects = try columns(in: "reading_output").contains { $0.name == "rejects_id" }
    return try isTrue(
      """
      SELECT EXISTS (SELECT 1 FROM reading_output AS o
        WHERE (o.table_id = :id \(hasRejects ? "OR o.rejects_id = :id" : "")) \(removed))
      """, ["id": id])
  }
}
