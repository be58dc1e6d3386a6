// SPDX-License-Identifier: Apache-2.0

import GRDB
import Validation

extension Database {
  /// The rows of a query, whose statement is prepared once a connection.
  ///
  /// - Parameter sql: fixed text of this module; values come as arguments.
  func rows(_ sql: String, _ arguments: StatementArguments) throws -> [Row] {
    try Row.fetchAll(cachedStatement(sql: sql), arguments: arguments)
  }

  /// Whether the query of one boolean says so.
  func isTrue(_ sql: String, _ arguments: StatementArguments) throws -> Bool {
    try Bool.fetchOne(cachedStatement(sql: sql), arguments: arguments) == true
  }

  /// Executes a change, whose statement is prepared once a connection.
  func change(_ sql: String, _ arguments: StatementArguments) throws {
    try cachedStatement(sql: sql).execute(arguments: arguments)
  }

  /// The versions that `clause` picks; it sees them as `v`, their names as `n` and their tables as `o`.
  ///
  /// - Parameters:
  ///   - clause: fixed text of this module.
  ///   - presence: which versions there are to pick from.
  func versions(
    _ clause: String, _ arguments: StatementArguments, _ presence: VersionPresence = .shown
  ) throws -> [TableVersion] {
    let sql = """
      SELECT v.*, n.principal, o.*
      FROM table_version AS v
      JOIN named_table AS n ON n.folded = v.folded AND \(try condition(presence))
      JOIN reading_output AS o ON o.scope = v.scope AND o.derivation = v.derivation AND o.ordinal = v.ordinal
      """
    return try rows(sql + "\n" + clause, arguments).map(TableVersion.init)
  }

  /// What holds for the versions of this presence; a schema from before deletion has no column for it.
  private func condition(_ presence: VersionPresence) throws -> String {
    let knowsDeletion = try columns(in: "table_version").contains { $0.name == "deleted_at" }
    return switch presence {
    case .shown: knowsDeletion ? "v.deleted_at IS NULL" : "TRUE"
    case .deleted: knowsDeletion ? "v.deleted_at IS NOT NULL" : "FALSE"
    }
  }

  func latestVersion(of name: TableName) throws -> TableVersion? {
    try versions("WHERE v.folded = ? AND v.version = n.latest", [name.folded]).first
  }

  func outputs(scope: String, derivation: String) throws -> [ReadingOutput] {
    try rows(
      "SELECT * FROM reading_output WHERE scope = ? AND derivation = ? ORDER BY ordinal", [scope, derivation]
    ).map(ReadingOutput.init)
  }
}

/// Whether a version is shown, or was deleted and is still kept.
enum VersionPresence {
  case shown, deleted
}

extension TableVersion {
  init(_ row: Row) throws(CatalogError) {
    self.init(
      name: try row.text("name"), version: try row.count("version"), tableID: try row.text("table_id"),
      uploadID: try row.text("upload_id"), principal: try row.text("principal"),
      publishedAt: try row.integer("published_at"), rows: try row.count("rows"), columns: try row.count("columns"),
      rejected: try row.count("rejected"), fileBytes: try row.count("file_bytes"), rejects: try .of(row),
      repairs: try row.optionalInteger("repairs").map { Int(clamping: $0) }, warnings: try row.text("warnings"),
      statistics: try row.optionalText("statistics"), checksums: try row.optionalText("checksums"),
      member: try row.optionalText("member"),
      isPinned: try row.optionalInteger("pinned") == 1, isNew: true)
  }
}

extension ReadingOutput {
  init(_ row: Row) throws(CatalogError) {
    self.init(
      ordinal: try row.count("ordinal"), member: try row.optionalText("member"), tableID: try row.text("table_id"),
      rows: try row.count("rows"), columns: try row.count("columns"), rejected: try row.count("rejected"),
      fileBytes: try row.count("file_bytes"), warnings: try row.text("warnings"), rejects: try .of(row),
      statistics: try row.optionalText("statistics"), checksums: try row.optionalText("checksums"))
  }
}

extension RejectsFile {
  /// The rejects that a row of `reading_output` names; nil where it names none, or an older program wrote the schema.
  fileprivate static func of(_ row: Row) throws(CatalogError) -> RejectsFile? {
    guard let id = try row.optionalText("rejects_id") else { return nil }
    return RejectsFile(
      tableID: id, fileBytes: try row.count("rejects_bytes"), checksums: try row.optionalText("rejects_checksums"))
  }
}

extension UploadRecord {
  init(_ row: Row) throws(CatalogError) {
    self.init(
      id: try row.text("id"), receivedAt: try row.integer("received_at"), principal: try row.text("principal"),
      scope: try row.text("scope"), displayName: try row.optionalText("display_name"),
      declaredType: try row.optionalText("declared_type"), contentHash: try row.text("content_hash"),
      bytes: try row.count("bytes"), format: try row.optionalText("format"), code: try row.optionalText("code"),
      detail: try row.optionalText("detail"), derivation: try row.optionalText("derivation"),
      sandboxLevel: try row.text("sandbox_level"), options: try row.text("options"), report: try row.text("report"))
  }
}

extension AuditEvent {
  init(_ row: Row) throws(CatalogError) {
    self.init(
      sequence: try row.integer("seq"), at: try row.integer("at"), actor: try row.text("actor"),
      action: try row.choice("action"), subject: try row.text("subject"), outcome: try row.choice("outcome"),
      code: try row.optionalText("code"), count: try row.optionalInteger("count"), hash: try row.optionalText("hash"))
  }
}
