// SPDX-License-Identifier: Apache-2.0

import GRDB

/// What a connection answers about the settings that durability and integrity rest on.
struct ConnectionSettings: Hashable, Sendable {
  var journalMode: String
  /// 2 is FULL: the log is synced at every commit.
  var synchronous: Int64
  var foreignKeys: Int64
  var trustedSchema: Int64
  /// In milliseconds.
  var busyTimeout: Int64

  /// What the writer must have.
  static let required = ConnectionSettings(
    journalMode: "wal", synchronous: 2, foreignKeys: 1, trustedSchema: 0, busyTimeout: 10_000)
}

extension ConnectionSettings {
  /// Asks the connection, rather than trusting what was set.
  init(_ database: Database) throws {
    journalMode = try String.fetchOne(database, sql: "PRAGMA journal_mode") ?? ""
    synchronous = try Int64.fetchOne(database, sql: "PRAGMA synchronous") ?? -1
    foreignKeys = try Int64.fetchOne(database, sql: "PRAGMA foreign_keys") ?? -1
    trustedSchema = try Int64.fetchOne(database, sql: "PRAGMA trusted_schema") ?? -1
    busyTimeout = try Int64.fetchOne(database, sql: "PRAGMA busy_timeout") ?? -1
  }
}
