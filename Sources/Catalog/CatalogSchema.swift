// SPDX-License-Identifier: Apache-2.0

import GRDB

/// The database's tables, as numbered migrations.
///
/// `user_version` counts the migrations that a file has had, and `application_id` says that the file is ours.
enum CatalogSchema {
  /// The schema that this program writes.
  static let version = migrations.count

  /// The oldest schema that can be read without a migration: what came after it are indexes, and columns that read as
  /// null where they are missing.
  private static let oldestReadable = 1

  /// `ingt` in ASCII.
  private static let applicationID: Int64 = 0x696E_6774

  /// Refuses a file of something else before anything is written to it.
  ///
  /// An empty file passes: it is to be set up.
  static func verifyOwner(_ database: Database) throws {
    let owner = try Int64.fetchOne(database, sql: "PRAGMA application_id")
    guard owner != applicationID else { return }
    let tables = try Int64.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema")
    guard owner == 0, tables == 0 else { throw CatalogError.notACatalog }
  }

  /// Brings the file up to `target`, in one transaction, so that two processes that start together do not collide.
  ///
  /// - Parameter target: the newest version, but where a test wants a file of an older program.
  static func migrate(_ database: Database, to target: Int = version) throws {
    try database.inTransaction(.immediate) {
      let found = try foundVersion(database)
      guard found <= version else { throw CatalogError.newerSchema(found) }
      for (index, migration) in migrations.prefix(target).enumerated().dropFirst(found) {
        try database.execute(sql: migration)
        if migration == version4 { try database.chainAudit() }
        try database.execute(sql: "PRAGMA user_version = \(index + 1)")
      }
      if found == 0 { try database.execute(sql: "PRAGMA application_id = \(applicationID)") }
      return .commit
    }
  }

  /// Refuses a file whose schema cannot be read as it is, without changing it.
  static func verifyVersion(_ database: Database) throws {
    let found = try foundVersion(database)
    guard found <= version else { throw CatalogError.newerSchema(found) }
    guard found > 0 else { throw CatalogError.notACatalog }
    guard found >= oldestReadable else { throw CatalogError.olderSchema(found) }
  }

  private static func foundVersion(_ database: Database) throws -> Int {
    guard let found = try Int64.fetchOne(database, sql: "PRAGMA user_version"), found >= 0 else {
      throw CatalogError.corrupt
    }
    return Int(clamping: found)
  }

  /// Each entry is applied once and never edited afterwards; a change of the schema is a new entry.
  private static let migrations = [
    version1, version2, version3, version4, version5, version6, version7, version8, version9,
  ]

  /// The codes of uploads that made their worker end as none should; a change needs new indexes.
  static let crashCodes = "('worker_crashed', 'worker_violation', 'worker_lied')"

  private static let version9 = """
    -- How many requests a row stands for; null where it is one decision, as are all rows of older programs.
    ALTER TABLE audit ADD COLUMN count INTEGER CHECK (count >= 1);
    """

  private static let version8 = """
    -- The checksums of the batches of a table's file, and of its rejects'; null where an older program published them.
    ALTER TABLE reading_output ADD COLUMN checksums TEXT;
    ALTER TABLE reading_output ADD COLUMN rejects_checksums TEXT;
    -- What each record batch of a table with several holds, text of a JSON array, by itself since it may be long.
    CREATE TABLE batch_statistics (
      table_id TEXT PRIMARY KEY NOT NULL,
      statistics TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    """

  private static let version7 = """
    -- What the tables of each scope take, with their rejects: sums that would take longer with each row.
    CREATE TABLE scope_total (
      scope TEXT PRIMARY KEY NOT NULL,
      bytes INTEGER NOT NULL CHECK (bytes >= 0)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO scope_total
      SELECT scope, sum(file_bytes + ifnull(rejects_bytes, 0)) FROM reading_output
      WHERE (scope, derivation, ordinal) NOT IN (SELECT scope, derivation, ordinal FROM removed_output)
      GROUP BY scope;
    CREATE TRIGGER output_added AFTER INSERT ON reading_output BEGIN
      INSERT INTO scope_total VALUES (NEW.scope, NEW.file_bytes + ifnull(NEW.rejects_bytes, 0))
        ON CONFLICT (scope) DO UPDATE SET bytes = bytes + excluded.bytes;
    END;
    CREATE TRIGGER output_deleted AFTER DELETE ON reading_output BEGIN
      UPDATE scope_total SET bytes = bytes - OLD.file_bytes - ifnull(OLD.rejects_bytes, 0) WHERE scope = OLD.scope;
    END;
    CREATE TRIGGER output_file_removed AFTER INSERT ON removed_output BEGIN
      UPDATE scope_total SET bytes = bytes - (SELECT file_bytes + ifnull(rejects_bytes, 0) FROM reading_output AS o
        WHERE o.scope = NEW.scope AND o.derivation = NEW.derivation AND o.ordinal = NEW.ordinal)
      WHERE scope = NEW.scope;
    END;
    CREATE TRIGGER output_file_returned AFTER DELETE ON removed_output BEGIN
      UPDATE scope_total SET bytes = bytes + (SELECT file_bytes + ifnull(rejects_bytes, 0) FROM reading_output AS o
        WHERE o.scope = OLD.scope AND o.derivation = OLD.derivation AND o.ordinal = OLD.ordinal)
      WHERE scope = OLD.scope;
    END;

    -- What decides which tables make room for others, and which have not been used for long. The order of uses is not
    -- told by their times, since a clock may be set back.
    ALTER TABLE table_version ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0 CHECK (pinned IN (0, 1));
    ALTER TABLE table_version ADD COLUMN used_at INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE table_version ADD COLUMN use_order INTEGER NOT NULL DEFAULT 0;
    UPDATE table_version SET used_at = published_at, use_order = published_at;
    CREATE INDEX table_version_by_use ON table_version (use_order);
    """

  private static let version6 = """
    -- Bytes of uploads as they came, which are kept for a time. A file may serve several scopes; each is charged.
    CREATE TABLE original (
      scope TEXT NOT NULL,
      content_hash TEXT NOT NULL,
      bytes INTEGER NOT NULL CHECK (bytes >= 0),
      kept_at INTEGER NOT NULL,
      kept_until INTEGER NOT NULL,
      PRIMARY KEY (scope, content_hash)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX original_by_content ON original (content_hash, bytes);
    CREATE INDEX original_by_time ON original (kept_at);
    CREATE INDEX original_by_end ON original (kept_until);
    -- Sums that would take longer with each row.
    CREATE TABLE store_total (
      what TEXT PRIMARY KEY NOT NULL,
      bytes INTEGER NOT NULL CHECK (bytes >= 0)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO store_total VALUES ('originals', 0);
    CREATE TRIGGER original_kept AFTER INSERT ON original BEGIN
      UPDATE store_total SET bytes = bytes + NEW.bytes WHERE what = 'originals';
    END;
    CREATE TRIGGER original_removed AFTER DELETE ON original BEGIN
      UPDATE store_total SET bytes = bytes - OLD.bytes WHERE what = 'originals';
    END;
    """

  private static let version5 = """
    -- What each column holds, text of a JSON array; null where an older program published the table.
    ALTER TABLE reading_output ADD COLUMN statistics TEXT;
    """

  private static let version4 = """
    -- The row and the hash before it, by SHA-256; rows that are there already get theirs by the migration.
    ALTER TABLE audit ADD COLUMN hash TEXT;

    -- When a version was hidden; its row and file are kept for a time.
    ALTER TABLE table_version ADD COLUMN deleted_at INTEGER;
    CREATE INDEX table_version_deleted ON table_version (deleted_at) WHERE deleted_at IS NOT NULL;
    -- The highest version that the name ever had, so that none is given twice.
    ALTER TABLE named_table ADD COLUMN highest INTEGER NOT NULL DEFAULT 0 CHECK (highest >= 0);
    UPDATE named_table SET highest = latest;

    CREATE TABLE table_tag (
      folded TEXT NOT NULL REFERENCES named_table,
      tag TEXT NOT NULL,
      version INTEGER NOT NULL,
      PRIMARY KEY (folded, tag),
      FOREIGN KEY (folded, version) REFERENCES table_version
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX table_tag_by_version ON table_tag (folded, version);

    -- Outputs whose file is gone, of readings with others that are still shown.
    CREATE TABLE removed_output (
      scope TEXT NOT NULL,
      derivation TEXT NOT NULL,
      ordinal INTEGER NOT NULL,
      PRIMARY KEY (scope, derivation, ordinal),
      FOREIGN KEY (scope, derivation, ordinal) REFERENCES reading_output
    ) STRICT, WITHOUT ROWID;
    -- What the bytes of a file were when it was first checked with the wish to record that.
    CREATE TABLE file_digest (
      id TEXT PRIMARY KEY NOT NULL,
      sha256 TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX reading_output_by_rejects ON reading_output (rejects_id) WHERE rejects_id IS NOT NULL;
    """

  private static let version3 = """
    -- The file with the records that are in no row; both are null where there are none.
    ALTER TABLE reading_output ADD COLUMN rejects_id TEXT;
    ALTER TABLE reading_output ADD COLUMN rejects_bytes INTEGER CHECK (rejects_bytes >= 0);
    -- The version of the same name whose rejects this one took in again; null where it is an upload's own.
    ALTER TABLE table_version ADD COLUMN repairs INTEGER CHECK (repairs >= 1);
    """

  private static let version2 = """
    -- Crashes are rare, so these stay small; a query must repeat the condition to use them.
    CREATE INDEX upload_crash_by_content ON upload (scope, content_hash) WHERE code IN \(crashCodes);
    CREATE INDEX upload_crash_by_principal ON upload (principal, received_at) WHERE code IN \(crashCodes);
    """

  private static let version1 = """
    CREATE TABLE upload (
      id TEXT PRIMARY KEY NOT NULL,
      received_at INTEGER NOT NULL,
      principal TEXT NOT NULL,
      scope TEXT NOT NULL,
      display_name TEXT,
      declared_type TEXT,
      content_hash TEXT NOT NULL,
      bytes INTEGER NOT NULL CHECK (bytes >= 0),
      format TEXT,
      code TEXT,
      detail TEXT,
      derivation TEXT,
      sandbox_level TEXT NOT NULL,
      options TEXT NOT NULL,
      report TEXT NOT NULL
    ) STRICT;

    -- A reading without outputs is known too, so it has a row of its own.
    CREATE TABLE reading (
      scope TEXT NOT NULL,
      derivation TEXT NOT NULL,
      PRIMARY KEY (scope, derivation)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE reading_output (
      scope TEXT NOT NULL,
      derivation TEXT NOT NULL,
      ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
      member TEXT,
      table_id TEXT NOT NULL,
      rows INTEGER NOT NULL CHECK (rows >= 0),
      columns INTEGER NOT NULL CHECK (columns >= 0),
      rejected INTEGER NOT NULL CHECK (rejected >= 0),
      file_bytes INTEGER NOT NULL CHECK (file_bytes >= 0),
      warnings TEXT NOT NULL,
      PRIMARY KEY (scope, derivation, ordinal),
      FOREIGN KEY (scope, derivation) REFERENCES reading
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX reading_output_by_table ON reading_output (table_id);

    CREATE TABLE named_table (
      folded TEXT PRIMARY KEY NOT NULL,
      principal TEXT NOT NULL,
      latest INTEGER NOT NULL CHECK (latest >= 1)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE table_version (
      folded TEXT NOT NULL REFERENCES named_table,
      version INTEGER NOT NULL CHECK (version >= 1),
      name TEXT NOT NULL,
      upload_id TEXT NOT NULL REFERENCES upload,
      published_at INTEGER NOT NULL,
      scope TEXT NOT NULL,
      derivation TEXT NOT NULL,
      ordinal INTEGER NOT NULL,
      PRIMARY KEY (folded, version),
      FOREIGN KEY (scope, derivation, ordinal) REFERENCES reading_output
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX table_version_by_reading ON table_version (scope, derivation, ordinal);

    -- Which versions an upload shows: those that it created, and those that it found to be this very table.
    CREATE TABLE upload_table (
      upload_id TEXT NOT NULL REFERENCES upload,
      ordinal INTEGER NOT NULL,
      folded TEXT NOT NULL,
      version INTEGER NOT NULL,
      PRIMARY KEY (upload_id, ordinal),
      FOREIGN KEY (folded, version) REFERENCES table_version
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX upload_table_by_version ON upload_table (folded, version);

    CREATE TABLE audit (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      at INTEGER NOT NULL,
      actor TEXT NOT NULL,
      action TEXT NOT NULL,
      subject TEXT NOT NULL,
      outcome TEXT NOT NULL,
      code TEXT
    ) STRICT;
    """
}
