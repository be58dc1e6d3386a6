// SPDX-License-Identifier: Apache-2.0

import GRDB
package import Validation

/// Who changes which table, and when.
package struct TableChange: Sendable {
  /// The table's name.
  package let name: TableName
  /// Who asks; a table of somebody else's is refused.
  package let principal: String
  /// In microseconds since 1970-01-01 UTC.
  package let time: Int64

  /// A change of these values.
  package init(_ name: TableName, by principal: String, at time: Int64) {
    self.name = name
    self.principal = principal
    self.time = time
  }
}

/// The verbs of published tables: one transaction each, with its rows of the audit log.
///
/// Each answers nil, and changes nothing, where there is no such table or version; each throws `nameTaken` where the
/// name is somebody else's.
extension TableCatalog {
  /// Gives a table another name; its versions, those that were deleted too, and its tags move along.
  ///
  /// - Returns: the latest version under the new name.
  /// - Throws: `nameExists` where a table has the new name, `nameRetained` where deleted versions still do, `nameTaken`,
  ///   or the machine's failure.
  package func rename(_ change: TableChange, to new: TableName) async throws(CatalogError) -> TableVersion? {
    try await write { database in
      guard let latest = try database.ownedLatest(change) else { return nil }
      if new.folded == change.name.folded {
        try database.change("UPDATE table_version SET name = ? WHERE folded = ?", [new.text, new.folded])
      } else {
        if let holder = try database.holder(of: new) {
          guard holder.principal == change.principal else { throw CatalogError.nameTaken(new.text) }
          let isShown = try database.latestVersion(of: new) != nil
          throw isShown ? CatalogError.nameExists(new.text) : .nameRetained(new.text)
        }
        try database.move(change.name, to: new)
      }
      try database.audit(change, .rename, "\(latest.name) \(new.text)")
      return try database.latestVersion(of: new)
    }
  }

  /// Gives a version a tag, which another version of the table may have had.
  ///
  /// - Parameter expected: the version that must have the tag now; 0 where none may; nil for whatever it is.
  /// - Returns: the version that has the tag now.
  /// - Throws: `conditionFailed` where another version has it, `nameTaken`, or the machine's failure.
  package func tag(
    _ change: TableChange, _ selector: VersionSelector, as tag: TableTag, replacing expected: Int? = nil
  ) async throws(CatalogError) -> TableVersion? {
    try await write { database in
      guard let version = try database.ownedVersion(change, selector) else { return nil }
      try database.require(expected, isTaggedBy: tag, change.name)
      try database.change(
        "INSERT INTO table_tag VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET version = excluded.version",
        [change.name.folded, tag.text, version.version])
      try database.audit(change, .tag, "\(version.reference) \(tag.text)")
      return version
    }
  }

  /// Takes a tag away.
  ///
  /// - Parameter expected: as for `tag`.
  /// - Returns: the version that had it; nil where none had.
  /// - Throws: as `tag`.
  package func untag(
    _ change: TableChange, _ tag: TableTag, from expected: Int? = nil
  ) async throws(CatalogError) -> TableVersion? {
    try await write { database in
      guard let version = try database.ownedVersion(change, .tag(tag)) else { return nil }
      try database.require(expected, isTaggedBy: tag, change.name)
      try database.change("DELETE FROM table_tag WHERE folded = ? AND tag = ?", [change.name.folded, tag.text])
      try database.audit(change, .untag, "\(version.reference) \(tag.text)")
      return version
    }
  }

  /// Hides a version, or all; `collect` removes it for good, some time later.
  ///
  /// The newest that remains is the latest from now on. Where none remains the name stays the principal's, who can
  /// publish under it again.
  ///
  /// - Parameters:
  ///   - selector: the version; nil for all.
  ///   - expected: the version that must be the latest now; nil for whatever it is.
  /// - Returns: the versions that are hidden now and were not before, newest first.
  /// - Throws: `conditionFailed` where another version is the latest, `nameTaken`, or the machine's failure.
  package func delete(
    _ change: TableChange, _ selector: VersionSelector?, ifLatest expected: Int? = nil
  ) async throws(CatalogError) -> [TableVersion]? {
    try await write { database in
      guard let latest = try database.ownedLatest(change) else { return nil }
      if let expected, latest.version != expected { throw CatalogError.conditionFailed(actual: latest.version) }
      let versions =
        try selector.map { try database.version(of: change.name, $0).map { [$0] } ?? [] }
        ?? database.versions("WHERE v.folded = ? ORDER BY v.version DESC", [change.name.folded])
      guard !versions.isEmpty else { return nil }
      return try database.setDeletion(of: versions, change.time, change, .delete)
    }
  }

  /// Shows a version again that was deleted, or all that were.
  ///
  /// - Parameter number: the version; nil for all.
  /// - Returns: the versions that are shown again, newest first.
  /// - Throws: `nameTaken`, or the machine's failure.
  package func restore(_ change: TableChange, version number: Int?) async throws(CatalogError) -> [TableVersion]? {
    try await write { database in
      guard let holder = try database.holder(of: change.name) else { return nil }
      guard holder.principal == change.principal else { throw CatalogError.nameTaken(change.name.text) }
      let versions = try database.versions(
        "WHERE v.folded = :folded AND (:number IS NULL OR v.version = :number) ORDER BY v.version DESC",
        ["folded": change.name.folded, "number": number], .deleted)
      guard !versions.isEmpty else { return nil }
      return try database.setDeletion(of: versions, nil, change, .restore)
    }
  }

  /// The version of a table that a selector means; nil where there is none that is shown.
  ///
  /// - Throws: the machine's failure.
  package func table(named name: TableName, _ selector: VersionSelector) async throws(CatalogError) -> TableVersion? {
    try await read { try $0.version(of: name, selector) }
  }

  /// The tags of a table's versions that are shown, by tag.
  ///
  /// - Throws: the machine's failure.
  package func tags(of name: TableName) async throws(CatalogError) -> [String: Int] {
    try await read { database in
      guard try database.tableExists("table_tag") else { return [:] }
      let rows = try database.rows(
        """
        SELECT t.tag, t.version FROM table_tag AS t
        JOIN table_version AS v ON v.folded = t.folded AND v.version = t.version
        WHERE t.folded = ? AND v.deleted_at IS NULL
        """, [name.folded])
      return Dictionary(
        try rows.map { (try $0.text("tag"), try $0.count("version")) }, uniquingKeysWith: { first, _ in first })
    }
  }
}

extension TableVersion {
  /// The version as it is asked for: `sales@3`.
  package var reference: String { "\(name)@\(version)" }
}

extension Database {
  /// Whose the name is, and the highest version that it ever had; nil where it is nobody's.
  func holder(of name: TableName) throws -> (principal: String, highest: Int)? {
    let rows = try rows("SELECT principal, highest FROM named_table WHERE folded = ?", [name.folded])
    return try rows.first.map { (try $0.text("principal"), try $0.count("highest")) }
  }

  fileprivate func version(of name: TableName, _ selector: VersionSelector) throws -> TableVersion? {
    switch selector {
    case .latest: return try latestVersion(of: name)
    case .number(let number):
      return try versions("WHERE v.folded = ? AND v.version = ?", [name.folded, number]).first
    case .tag(let tag):
      guard try tableExists("table_tag") else { return nil }
      return try versions(
        "JOIN table_tag AS t ON t.folded = v.folded AND t.version = v.version WHERE v.folded = ? AND t.tag = ?",
        [name.folded, tag.text]
      ).first
    }
  }

  fileprivate func ownedLatest(_ change: TableChange) throws -> TableVersion? { try ownedVersion(change, .latest) }

  func ownedVersion(_ change: TableChange, _ selector: VersionSelector) throws -> TableVersion? {
    guard let version = try version(of: change.name, selector) else { return nil }
    guard version.principal == change.principal else { throw CatalogError.nameTaken(change.name.text) }
    return version
  }

  fileprivate func require(_ expected: Int?, isTaggedBy tag: TableTag, _ name: TableName) throws {
    guard let expected else { return }
    let actual = try version(of: name, .tag(tag))?.version
    guard expected == actual ?? 0 else { throw CatalogError.conditionFailed(actual: actual) }
  }

  func audit(_ change: TableChange, _ action: AuditEvent.Action, _ subject: String) throws {
    try insertAudit(at: change.time, actor: change.principal, action, subject: subject, .done)
  }

  fileprivate func setDeletion(
    of versions: [TableVersion], _ time: Int64?, _ change: TableChange, _ action: AuditEvent.Action
  ) throws -> [TableVersion] {
    for version in versions {
      try self.change(
        "UPDATE table_version SET deleted_at = ? WHERE folded = ? AND version = ?",
        [time, change.name.folded, version.version])
      // Or what age has hidden would be hidden again at once.
      if time == nil { try noteUse(change.name.folded, version.version, at: change.time) }
      try audit(change, action, version.reference)
    }
    // Where none is left the number stays: nothing is shown by it, and it must be one.
    try self.change(
      """
      UPDATE named_table SET latest = ifnull(
        (SELECT max(version) FROM table_version WHERE folded = :folded AND deleted_at IS NULL), latest)
      WHERE folded = :folded
      """, ["folded": change.name.folded])
    return versions
  }

  /// Moves everything of a name to one that nobody has.
  ///
  /// Rows are written anew, since others refer to them by the name.
  fileprivate func move(_ old: TableName, to new: TableName) throws {
    let names: StatementArguments = ["old": old.folded, "new": new.folded]
    try change(
      """
      INSERT INTO named_table (folded, principal, latest, highest)
      SELECT :new, principal, latest, highest FROM named_table WHERE folded = :old
      """, names)
    try change(
      """
      INSERT INTO table_version
        (folded, version, name, upload_id, published_at, scope, derivation, ordinal, repairs, deleted_at, pinned,
          used_at, use_order)
      SELECT :new, version, :name, upload_id, published_at, scope, derivation, ordinal, repairs, deleted_at, pinned,
        used_at, use_order
      FROM table_version WHERE folded = :old
      """, ["old": old.folded, "new": new.folded, "name": new.text])
    try change("UPDATE upload_table SET folded = :new WHERE folded = :old", names)
    try change("UPDATE table_tag SET folded = :new WHERE folded = :old", names)
    try change("DELETE FROM table_version WHERE folded = ?", [old.folded])
    try change("DELETE FROM named_table WHERE folded = ?", [old.folded])
  }
}
