// SPDX-License-Identifier: Apache-2.0

import GRDB

/// What the catalog holds, in numbers.
package struct CatalogCounts: Sendable, Hashable {
  /// Names with a version that is shown.
  package var tables: UInt64
  /// Versions that are shown, and those that were deleted and are still kept.
  package var versions: UInt64
  package var deletedVersions: UInt64
  /// Uploads that were accepted, and that were refused.
  package var accepted: UInt64
  package var refused: UInt64
  /// Bytes of all uploads as they arrived.
  package var uploadedBytes: UInt64
  /// Records of the versions that are shown that are in no row.
  package var rejectedRecords: UInt64
  /// Files of tables and of rejects, and their bytes.
  package var tableFiles: UInt64
  package var tableBytes: UInt64
  package var rejectsFiles: UInt64
  package var rejectsBytes: UInt64
  /// Originals that are kept, and their bytes.
  package var originals: UInt64
  package var originalBytes: UInt64
  /// Rows of the audit log.
  package var auditRows: UInt64
}

extension TableCatalog {
  /// Counts what the catalog holds.
  ///
  /// - Throws: `olderSchema` where the file was never opened for writing by this program, or the machine's failure.
  package func counts() async throws(CatalogError) -> CatalogCounts {
    try await read { database in
      guard try database.tableExists("original") else {
        throw CatalogError.olderSchema(Int(clamping: try Int64.fetchOne(database, sql: "PRAGMA user_version") ?? 0))
      }
      guard let row = try database.rows(Self.countQuery, []).first else { throw CatalogError.corrupt }
      return CatalogCounts(
        tables: try row.count("tables"), versions: try row.count("versions"),
        deletedVersions: try row.count("deleted_versions"), accepted: try row.count("accepted"),
        refused: try row.count("refused"), uploadedBytes: try row.count("uploaded_bytes"),
        rejectedRecords: try row.count("rejected_records"), tableFiles: try row.count("table_files"),
        tableBytes: try row.count("table_bytes"), rejectsFiles: try row.count("rejects_files"),
        rejectsBytes: try row.count("rejects_bytes"), originals: try row.count("originals"),
        originalBytes: try row.count("original_bytes"),
        auditRows: try row.count("audit_rows"))
    }
  }

  private static let countQuery = """
    WITH file AS (
      SELECT DISTINCT table_id, file_bytes, rejects_id, rejects_bytes FROM reading_output
      WHERE (scope, derivation, ordinal) NOT IN (SELECT scope, derivation, ordinal FROM removed_output))
    SELECT
      (SELECT count(DISTINCT folded) FROM table_version WHERE deleted_at IS NULL) AS tables,
      (SELECT count(*) FROM table_version WHERE deleted_at IS NULL) AS versions,
      (SELECT count(*) FROM table_version WHERE deleted_at IS NOT NULL) AS deleted_versions,
      (SELECT count(*) FROM upload WHERE code IS NULL) AS accepted,
      (SELECT count(*) FROM upload WHERE code IS NOT NULL) AS refused,
      (SELECT ifnull(sum(bytes), 0) FROM upload) AS uploaded_bytes,
      (SELECT ifnull(sum(o.rejected), 0) FROM table_version AS v
        JOIN reading_output AS o ON o.scope = v.scope AND o.derivation = v.derivation AND o.ordinal = v.ordinal
        WHERE v.deleted_at IS NULL) AS rejected_records,
      (SELECT count(*) FROM file) AS table_files,
      (SELECT ifnull(sum(file_bytes), 0) FROM file) AS table_bytes,
      (SELECT count(rejects_id) FROM file) AS rejects_files,
      (SELECT ifnull(sum(rejects_bytes), 0) FROM file) AS rejects_bytes,
      (SELECT count(*) FROM original) AS originals,
      (SELECT ifnull(sum(bytes), 0) FROM original) AS original_bytes,
      (SELECT count(*) FROM audit) AS audit_rows
    """

  /// What SQLite finds wrong with the file's pages, and which rows refer to none; nothing where all is well.
  ///
  /// - Throws: the machine's failure, `corrupt` where the file cannot even be checked.
  package func damages() async throws(CatalogError) -> [String] {
    try await read { database in
      let pages = try database.rows("PRAGMA integrity_check(100)", []).map { try $0.text("integrity_check") }
      let strays = try database.rows("PRAGMA foreign_key_check", []).prefix(100).map { row in
        "a row of \(try row.text("table")) refers to none of \(try row.text("parent"))"
      }
      let latest = try database.rows(Self.wrongLatest(database), []).map { row in
        "the latest version of \(try row.text("folded")) is not its newest"
      }
      return pages.filter { $0 != "ok" } + strays + latest + (try database.wrongSums())
    }
  }

  private static func wrongLatest(_ database: Database) throws -> String {
    let isShown = try database.tableExists("removed_output") ? "deleted_at IS NULL" : "TRUE"
    return """
      SELECT n.folded FROM named_table AS n JOIN table_version AS v ON v.folded = n.folded
      WHERE \(isShown) GROUP BY n.folded, n.latest HAVING max(v.version) <> n.latest LIMIT 100
      """
  }

  /// The ids of tables whose files must be there, ascending, after `id`.
  ///
  /// - Parameter limit: how many at most; never more than `maximumPage`.
  /// - Throws: the machine's failure.
  package func tableIDs(after id: String, limit: Int) async throws(CatalogError) -> [String] {
    try await read { database in
      let removed =
        try database.tableExists("removed_output")
        ? "AND (scope, derivation, ordinal) NOT IN (SELECT scope, derivation, ordinal FROM removed_output)" : ""
      return try database.rows(
        """
        SELECT DISTINCT table_id FROM reading_output WHERE table_id > ? \(removed) ORDER BY table_id LIMIT ?
        """, [id, min(max(limit, 0), Self.maximumPage)]
      ).map { try $0.text("table_id") }
    }
  }

  /// What readings say of a table, in each scope.
  ///
  /// - Throws: the machine's failure.
  package func outputs(ofTable id: String) async throws(CatalogError) -> [ReadingOutput] {
    try await read { database in
      try database.rows("SELECT * FROM reading_output WHERE table_id = ?", [id]).map(ReadingOutput.init)
    }
  }
}

extension Database {
  /// The scopes whose tables take something else than the catalog goes by where it makes room.
  fileprivate func wrongSums() throws -> [String] {
    // An older schema has no sums.
    guard try tableExists("scope_total") else { return [] }
    return try rows(
      """
      WITH file AS (
        SELECT scope, file_bytes + ifnull(rejects_bytes, 0) AS bytes FROM reading_output
        WHERE (scope, derivation, ordinal) NOT IN (SELECT scope, derivation, ordinal FROM removed_output))
      SELECT t.scope FROM scope_total AS t LEFT JOIN file AS f ON f.scope = t.scope
        GROUP BY t.scope HAVING ifnull(sum(f.bytes), 0) <> t.bytes
      UNION SELECT scope FROM file WHERE scope NOT IN (SELECT scope FROM scope_total)
      LIMIT 100
      """, []
    ).map { "the sum of the tables of \(try $0.text("scope")) is wrong" }
  }
}
