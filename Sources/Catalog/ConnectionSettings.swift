// SPDX-License-Identifier: Apache-2.0

import CSQLite
import GRDB

/// What a connection answers about the settings that durability and integrity rest on.
struct ConnectionSettings: Hashable, Sendable {
  var journalMode: String
  /// 2 is FULL: the log is synced at every commit.
  var synchronous: Int64
  var foreignKeys: Int64
  /// 0 is off: the schema, which somebody may have tampered with, calls no functions that do more than compute.
  var trustedSchema: Int64
  /// Whether statements can neither write the schema as plain data, nor damage the file on purpose.
  var isDefensive: Bool
  /// In milliseconds.
  var busyTimeout: Int64

  /// What the writer must have.
  static let required = ConnectionSettings(
    journalMode: "wal", synchronous: 2, foreignKeys: 1, trustedSchema: 0, isDefensive: true,
    busyTimeout: 10_000)
}

extension ConnectionSettings {
  /// What is set for all connections of this process, before the first one: false where there was one before.
  ///
  /// A commit that several changes share has a savepoint for each, 80 KB and more of pages to undo them.
  static let areSetForProcess = ingest_sqlite_keep_statement_journals(16 << 20) == 0

  /// Asks the connection, rather than trusting what was set.
  init(_ database: Database) throws {
    journalMode = try String.fetchOne(database, sql: "PRAGMA journal_mode") ?? ""
    synchronous = try Int64.fetchOne(database, sql: "PRAGMA synchronous") ?? -1
    foreignKeys = try Int64.fetchOne(database, sql: "PRAGMA foreign_keys") ?? -1
    trustedSchema = try Int64.fetchOne(database, sql: "PRAGMA trusted_schema") ?? -1
    isDefensive = try Self.isDefensive(database)
    busyTimeout = try Int64.fetchOne(database, sql: "PRAGMA busy_timeout") ?? -1
  }

  /// Makes a connection, a reader's too, one through which a file that was tampered with, or a statement, can do least.
  ///
  /// - Throws: `io` with `SETTINGS` where it does not hold.
  static func defend(_ database: Database) throws {
    guard let connection = unsafe database.sqliteConnection else { throw CatalogError.closed }
    // SAFETY: GRDB keeps the connection open for as long as it lends us `database`; so below.
    guard unsafe ingest_sqlite_make_defensive(connection) == 0, try isDefensive(database),
      try Int64.fetchOne(database, sql: "PRAGMA trusted_schema") == 0
    else { throw CatalogError.io("SETTINGS") }
  }

  private static func isDefensive(_ database: Database) throws -> Bool {
    guard let connection = unsafe database.sqliteConnection else { throw CatalogError.closed }
    return unsafe ingest_sqlite_is_defensive(connection) == 1
  }
}
