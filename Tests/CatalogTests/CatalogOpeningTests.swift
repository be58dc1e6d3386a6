// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Testing

@testable import Catalog

@Suite("Opening the catalog")
struct CatalogOpeningTests {
  @Test("The writer answers every setting that durability and integrity rest on, synchronous=FULL first")
  func writerSettings() async throws {
    try await withCatalog { catalog in
      _ = try await catalog.publish(try makeRequest(1, names: ["sales"]))
      let settings = try await catalog.write { try ConnectionSettings($0) }
      #expect(settings.synchronous == 2)
      #expect(settings == .required)
    }
  }

  @Test("No connection, the readers' included, lets a statement write the schema as plain data")
  func defensive() async throws {
    try await withCatalogPath { path in
      for mode in [TableCatalog.Mode.readWrite, .readOnly] {
        let catalog = try TableCatalog.open(at: path, mode: mode)
        let settings = try await catalog.read { try ConnectionSettings($0) }
        #expect(settings.isDefensive && settings.trustedSchema == 0 && settings.foreignKeys == 1)
        await #expect(throws: CatalogError.self) {
          try await catalog.write { database in
            try database.execute(sql: "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema")
          }
        }
        #expect(try await catalog.damages() == [])
        try await catalog.close()
      }
    }
  }

  @Test(
    "What was published is there after closing and opening again, in either mode",
    arguments: [
      TableCatalog.Mode.readWrite, .readOnly,
    ])
  func survivesClosing(mode: TableCatalog.Mode) async throws {
    try await withCatalogPath { path in
      let writer = try TableCatalog.open(at: path, mode: .readWrite)
      let published = try await writer.publish(try makeRequest(1, names: ["sales"]))
      try await writer.close()
      let catalog = try TableCatalog.open(at: path, mode: mode)
      #expect(try await catalog.latestTables(limit: 10) == published)
      try await catalog.close()
    }
  }

  @Test("A read-only catalog sees what a living writer has in its log")
  func readsTheLog() async throws {
    try await withCatalogPath { path in
      let writer = try TableCatalog.open(at: path, mode: .readWrite)
      let reader = try TableCatalog.open(at: path, mode: .readOnly)
      let published = try await writer.publish(try makeRequest(1, names: ["sales"]))
      #expect(FileManager.default.fileExists(atPath: path + "-wal"))
      #expect(try await reader.latestTables(limit: 10) == published)
      try await reader.close()
      try await writer.close()
    }
  }

  @Test("A read-only catalog refuses to write")
  func readOnlyRefuses() async throws {
    try await withCatalogPath { path in
      try await TableCatalog.open(at: path, mode: .readWrite).close()
      let reader = try TableCatalog.open(at: path, mode: .readOnly)
      await #expect(throws: CatalogError.readOnly) { try await reader.publish(try makeRequest(1, names: ["sales"])) }
      try await reader.close()
    }
  }

  @Test("Opened read-only, an empty file is not set up and a missing one not made")
  func readOnlyDoesNotMigrate() async throws {
    try await withCatalogPath { path in
      #expect(throws: CatalogError.io("SQLITE_CANTOPEN")) { try TableCatalog.open(at: path, mode: .readOnly) }
      #expect(!FileManager.default.fileExists(atPath: path))
      try Data().write(to: URL(fileURLWithPath: path))
      #expect(throws: CatalogError.notACatalog) { try TableCatalog.open(at: path, mode: .readOnly) }
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)).isEmpty)
    }
  }

  @Test("A schema of a newer program is refused in either mode", arguments: [TableCatalog.Mode.readWrite, .readOnly])
  func newerSchema(mode: TableCatalog.Mode) async throws {
    try await withCatalogPath { path in
      let catalog = try TableCatalog.open(at: path, mode: .readWrite)
      try await catalog.write { try $0.execute(sql: "PRAGMA user_version = 99") }
      try await catalog.close()
      #expect(throws: CatalogError.newerSchema(99)) { try TableCatalog.open(at: path, mode: mode) }
    }
  }

  @Test(
    "A database of something else is refused and left as it is",
    arguments: [
      TableCatalog.Mode.readWrite, .readOnly,
    ])
  func foreignDatabase(mode: TableCatalog.Mode) async throws {
    try await withCatalogPath { path in
      let other = try DatabaseQueue(path: path)
      try await other.write { try $0.execute(sql: "CREATE TABLE photos (id INTEGER)") }
      try other.close()
      let before = try Data(contentsOf: URL(fileURLWithPath: path))
      #expect(throws: CatalogError.notACatalog) { try TableCatalog.open(at: path, mode: mode) }
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }
  }

  @Test("A file that is no database is refused and left as it is")
  func noDatabase() async throws {
    try await withCatalogPath { path in
      let before = Data(String(repeating: "not a database\n", count: 1_000).utf8)
      try before.write(to: URL(fileURLWithPath: path))
      #expect(throws: CatalogError.notACatalog) { try TableCatalog.open(at: path, mode: .readWrite) }
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }
  }

  @Test("Many that open a new catalog at once all succeed")
  func openedAtOnce() async throws {
    try await withCatalogPath { path in
      try await withThrowingTaskGroup(of: TableCatalog.self) { group in
        for _ in 0..<6 { group.addTask { try TableCatalog.open(at: path, mode: .readWrite) } }
        for try await catalog in group { try await catalog.close() }
      }
    }
  }

  @Test("A checkpoint empties the log and keeps everything")
  func checkpoint() async throws {
    try await withCatalogPath { path in
      let catalog = try TableCatalog.open(at: path, mode: .readWrite)
      let published = try await catalog.publish(try makeRequest(1, names: ["sales"]))
      try await catalog.checkpoint()
      #expect(try FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int == 0)
      #expect(try await catalog.latestTables(limit: 1) == published)
      try await catalog.close()
    }
  }

  @Test("After closing, the log is gone, and verbs answer that the catalog is closed")
  func closing() async throws {
    try await withCatalogPath { path in
      let catalog = try TableCatalog.open(at: path, mode: .readWrite)
      _ = try await catalog.publish(try makeRequest(1, names: ["sales"]))
      _ = try await catalog.latestTables(limit: 1)
      try await catalog.close()
      #expect(!FileManager.default.fileExists(atPath: path + "-wal"))
      try await catalog.close()
      await #expect(throws: CatalogError.closed) { try await catalog.checkpoint() }
      await #expect(throws: CatalogError.closed) { try await catalog.latestTables(limit: 1) }
      await #expect(throws: CatalogError.closed) { try await catalog.publish(try makeRequest(2, names: ["sales"])) }
    }
  }
}
