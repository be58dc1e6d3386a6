// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Testing

@testable import Catalog

/// A refused upload of the content `content`, received at `time`.
private func refused(
  _ number: Int, _ code: String, content: Int = 7, by principal: String = "ann", scope: String? = nil,
  at time: Int64 = 100
) -> UploadRecord {
  var upload = makeUpload(number, principal: principal, scope: scope, code: code)
  upload.contentHash = hex(content)
  upload.receivedAt = time
  return upload
}

extension TableCatalog {
  fileprivate func record(_ uploads: [UploadRecord]) async throws {
    for upload in uploads { try await recordRefusal(upload, at: upload.receivedAt) }
  }

  fileprivate func crashes(
    _ content: Int = 7, scope: String = "ann", by principal: String = "ann", since time: Int64 = 0
  )
    async throws -> CrashHistory
  {
    try await crashes(ofContent: hex(content), scope: scope, ofPrincipal: principal, since: time)
  }
}

@Suite("Crashes that the catalog remembers")
struct CrashHistoryTests {
  @Test("Only crashes, violations and lies count, for their content and their principal (C49)")
  func codes() async throws {
    try await withCatalog { catalog in
      #expect(try await catalog.crashes() == CrashHistory(ofContent: 0, ofPrincipal: 0, firstOfPrincipal: nil))
      let others = ["worker_timeout", "worker_memory", "output_too_large", "known_bad", "empty", "source_changed"]
      try await catalog.record(others.enumerated().map { refused($0 + 1, $1) })
      _ = try await catalog.publish(try makeRequest(20, names: ["sales"]))
      #expect(try await catalog.crashes().ofPrincipal == 0)
      try await catalog.record([
        refused(31, "worker_crashed", at: 30), refused(32, "worker_violation", at: 20),
        refused(33, "worker_lied", at: 40),
        refused(34, "worker_crashed", content: 8, at: 50),
      ])
      #expect(try await catalog.crashes() == CrashHistory(ofContent: 3, ofPrincipal: 4, firstOfPrincipal: 20))
      #expect(try await catalog.crashes(8) == CrashHistory(ofContent: 1, ofPrincipal: 4, firstOfPrincipal: 20))
      #expect(try await catalog.crashes(9).ofContent == 0)
    }
  }

  @Test("A principal's crashes count from the given time on, a content's for ever")
  func time() async throws {
    try await withCatalog { catalog in
      try await catalog.record((1...4).map { refused($0, "worker_crashed", at: Int64($0) * 10) })
      #expect(try await catalog.crashes(since: 30) == CrashHistory(ofContent: 4, ofPrincipal: 2, firstOfPrincipal: 30))
      #expect(try await catalog.crashes(since: 41) == CrashHistory(ofContent: 4, ofPrincipal: 0, firstOfPrincipal: nil))
    }
  }

  @Test("What another scope's uploads crashed does not show (C46)")
  func scopes() async throws {
    try await withCatalog { catalog in
      try await catalog.record([refused(1, "worker_crashed"), refused(2, "worker_crashed", by: "bob")])
      #expect(try await catalog.crashes() == CrashHistory(ofContent: 1, ofPrincipal: 1, firstOfPrincipal: 100))
      #expect(try await catalog.crashes(scope: "carl", by: "carl").ofContent == 0)
      try await catalog.record([refused(3, "worker_lied", by: "dora", scope: "store")])
      try await catalog.record([refused(4, "worker_lied", by: "emil", scope: "store")])
      #expect(
        try await catalog.crashes(scope: "store", by: "emil")
          == CrashHistory(ofContent: 2, ofPrincipal: 1, firstOfPrincipal: 100))
    }
  }

  @Test("The count reads the two indexes and no table")
  func indexes() async throws {
    try await withCatalog { catalog in
      let plan = try await catalog.read { database in
        try Row.fetchAll(
          database, sql: "EXPLAIN QUERY PLAN " + TableCatalog.crashQuery,
          arguments: ["content": "", "scope": "", "principal": "", "time": 0]
        ).map { try $0.text("detail") }
      }
      #expect(plan.contains { $0.contains("INDEX upload_crash_by_content (scope=? AND content_hash=?)") }, "\(plan)")
      #expect(
        plan.contains { $0.contains("INDEX upload_crash_by_principal (principal=? AND received_at>?)") }, "\(plan)")
      #expect(!plan.contains { $0.hasPrefix("SCAN upload") }, "\(plan)")
    }
  }
}

@Suite("Stores of older programs")
struct MigrationTests {
  private static let olderVersions = 1..<CatalogSchema.version

  @Test(
    "Opened for writing, a store of an older version gets what is missing and keeps what it holds",
    arguments: olderVersions)
  func migrates(version: Int) async throws {
    try await withCatalogPath { path in
      try writeOlderCatalog(at: path, version: version)
      let catalog = try TableCatalog.open(at: path, mode: .readWrite)
      let new = try TableCatalog.open(at: path + ".new", mode: .readWrite)
      let (schema, expected) = (try await catalog.schema(), try await new.schema())
      #expect(schema == expected)
      #expect(try await catalog.read { try Int.fetchOne($0, sql: "PRAGMA user_version") } == CatalogSchema.version)
      #expect(try await catalog.latestTables(limit: 10).map(\.name) == ["sales"])
      #expect(try await catalog.crashes().ofContent == 1, "what happened before counts")
      #expect(try await catalog.verifyAudit().rows == 2, "what was recorded before is chained")
      try await new.close()
      try await catalog.close()
    }
  }

  @Test("Opened for reading, it is read as it is", arguments: olderVersions)
  func readsOld(version: Int) async throws {
    try await withCatalogPath { path in
      try writeOlderCatalog(at: path, version: version)
      // As a program leaves it: in WAL mode, with nothing in the log.
      let queue = try DatabaseQueue(path: path)
      try await queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
      try queue.close()
      let before = try Data(contentsOf: URL(fileURLWithPath: path))
      let catalog = try TableCatalog.open(at: path, mode: .readOnly)
      #expect(try await catalog.latestTables(limit: 10).map(\.name) == ["sales"])
      #expect(try await catalog.crashes().ofContent == 1)
      try await catalog.close()
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }
  }
}

extension TableCatalog {
  /// Everything in the schema, as it was written.
  fileprivate func schema() async throws -> [String] {
    try await read { try String.fetchAll($0, sql: "SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY name") }
  }
}
