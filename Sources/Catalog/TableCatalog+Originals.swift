// SPDX-License-Identifier: Apache-2.0

import GRDB

/// Originals are counted once for each scope that sent them, though one file may serve several: or room that is not taken
/// would tell that somebody else sent the same.
extension TableCatalog {
  /// Keeps an original, or for longer where it is kept already; makes room by giving up those that came longest ago.
  ///
  /// Its file must be there before.
  ///
  /// - Parameter quota: what all originals may take, in bytes; the original itself must fit into it.
  /// - Returns: the hashes of what was given up.
  /// - Throws: the caller's mistakes, or the machine's failure.
  package func keep(_ original: OriginalRecord, quota: UInt64) async throws(CatalogError) -> [String] {
    return try await write { try $0.keep(original, quota: quota) }
  }

  /// An original that is kept still; nil where there is none in the scope.
  ///
  /// - Parameter time: now, in microseconds since 1970-01-01 UTC.
  /// - Throws: the machine's failure.
  package func original(
    _ contentHash: String, scope: String, at time: Int64
  ) async throws(CatalogError) -> OriginalRecord? {
    try await read { try $0.original(contentHash, scope: scope, at: time) }
  }

  /// Gives up an original before its time.
  ///
  /// - Returns: whether it was kept.
  /// - Throws: the machine's failure.
  package func forgetOriginal(
    _ contentHash: String, scope: String, by actor: String, at time: Int64
  ) async throws(CatalogError) -> Bool {
    try await write { database in
      try database.change("DELETE FROM original WHERE scope = ? AND content_hash = ?", [scope, contentHash])
      guard database.changesCount > 0 else { return false }
      try database.insertAudit(at: time, actor: actor, .forget, subject: contentHash, .done)
      return true
    }
  }

  /// Gives up the originals whose time is over.
  ///
  /// - Returns: how many there were.
  /// - Throws: the machine's failure.
  package func expireOriginals(at time: Int64) async throws(CatalogError) -> Int {
    try await write { database in
      try database.change("DELETE FROM original WHERE kept_until <= ?", [time])
      return database.changesCount
    }
  }

  /// How many originals are past their time, or would be.
  ///
  /// - Throws: the machine's failure.
  package func expiredOriginals(at time: Int64) async throws(CatalogError) -> (count: Int, bytes: UInt64) {
    try await read { database in
      guard try database.tableExists("original") else { return (0, 0) }
      let row = try database.rows(
        "SELECT count(*) AS count, ifnull(sum(bytes), 0) AS bytes FROM original WHERE kept_until <= ?", [time]
      ).first
      return (try row?.count("count") ?? 0, try row?.count("bytes") ?? 0)
    }
  }

  /// Those of the hashes of which no original is kept.
  ///
  /// - Throws: the machine's failure.
  package func unreferencedOriginals(_ hashes: [String]) async throws(CatalogError) -> [String] {
    try await read { database in
      guard try database.tableExists("original") else { return hashes }
      return try hashes.filter {
        try !database.isTrue("SELECT EXISTS (SELECT 1 FROM original WHERE content_hash = ?)", [$0])
      }
    }
  }

  /// The contents that are kept, by their hashes after `hash`, with their lengths.
  ///
  /// - Parameter limit: how many at most; never more than `maximumPage`.
  /// - Throws: the machine's failure.
  package func keptContents(
    after hash: String, limit: Int
  ) async throws(CatalogError) -> [(hash: String, bytes: UInt64)] {
    try await read { database in
      guard try database.tableExists("original") else { return [] }
      return try database.rows(
        """
        SELECT content_hash, max(bytes) AS bytes FROM original WHERE content_hash > ?
        GROUP BY content_hash ORDER BY content_hash LIMIT ?
        """, [hash, min(max(limit, 0), Self.maximumPage)]
      ).map { (try $0.text("content_hash"), try $0.count("bytes")) }
    }
  }
}

extension OriginalRecord {
  init(_ row: Row) throws(CatalogError) {
    self.init(
      scope: try row.text("scope"), contentHash: try row.text("content_hash"), bytes: try row.count("bytes"),
      keptAt: try row.integer("kept_at"), keptUntil: try row.integer("kept_until"))
  }
}

extension Database {
  func original(_ contentHash: String, scope: String, at time: Int64) throws -> OriginalRecord? {
    guard try tableExists("original") else { return nil }
    return try rows(
      "SELECT * FROM original WHERE scope = ? AND content_hash = ? AND kept_until > ?", [scope, contentHash, time]
    ).first.map(OriginalRecord.init)
  }

  /// - Returns: the hashes of what was given up.
  fileprivate func keep(_ original: OriginalRecord, quota: UInt64) throws -> [String] {
    guard original.contentHash.isLowercaseHex(digits: 64) else { throw CatalogError.invalidRequest(.malformedID) }
    guard !original.scope.utf8.contains(0) else { throw CatalogError.invalidRequest(.zeroByte) }
    try change(
      """
      INSERT INTO original VALUES (?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET kept_at = excluded.kept_at, kept_until = excluded.kept_until
      """,
      [original.scope, original.contentHash, try original.bytes.stored(), original.keptAt, original.keptUntil])
    return try giveUpOriginals(beyond: quota, but: original)
  }

  /// Keeps an original beside a publication, which goes on where that fails.
  ///
  /// - Throws: where the failure undid the publication, too.
  func keep(_ original: OriginalRecord, quota: UInt64, in result: inout PublicationResult) throws {
    do {
      var given: [String] = []
      try inSavepoint {
        given = try keep(original, quota: quota)
        return .commit
      }
      result.givenUpOriginals = given
    } catch {
      guard isInsideTransaction else { throw error }
      result.originalFailure = CatalogError(error, of: self)
    }
  }

  /// Deletes the originals that came longest ago, until the others fit; never the one that just came.
  fileprivate func giveUpOriginals(beyond quota: UInt64, but kept: OriginalRecord) throws -> [String] {
    var given: [String] = []
    while let total = try rows("SELECT bytes FROM store_total WHERE what = 'originals'", []).first {
      guard try total.count("bytes") as UInt64 > quota else { break }
      let oldest = try rows(
        """
        SELECT * FROM original WHERE NOT (scope = ? AND content_hash = ?)
        ORDER BY kept_at, scope, content_hash LIMIT 1
        """, [kept.scope, kept.contentHash]
      ).first.map(OriginalRecord.init)
      guard let oldest else { break }
      try change(
        "DELETE FROM original WHERE scope = ? AND content_hash = ?", [oldest.scope, oldest.contentHash])
      given.append(oldest.contentHash)
    }
    return given
  }
}
