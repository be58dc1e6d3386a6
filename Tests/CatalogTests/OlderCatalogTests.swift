// SPDX-License-Identifier: Apache-2.0

import GRDB
import Testing

@testable import Catalog

@Suite("Catalogs of older programs")
struct OlderCatalogTests {
  /// Writes a catalog as an older program left it: one table, published by `ann` as `sales`.
  private func writeCatalog(at path: String, version: Int) throws {
    let queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction { try CatalogSchema.migrate($0, to: version) }
    try queue.write { database in
      try database.execute(
        sql: """
          INSERT INTO upload VALUES (?, 1, 'ann', 'ann', 'sales.csv', 'text/csv', ?, 10, 'csv', NULL, NULL, ?, 'full',
            '', '{}');
          INSERT INTO reading VALUES ('ann', ?);
          INSERT INTO reading_output VALUES ('ann', ?, 0, NULL, ?, 2, 3, 0, 4096, '[]');
          INSERT INTO named_table VALUES ('sales', 'ann', 1);
          INSERT INTO table_version VALUES ('sales', 1, 'sales', ?, 2, 'ann', ?, 0);
          INSERT INTO upload_table VALUES (?, 0, 'sales', 1);
          """,
        arguments: [
          hex(1, digits: 32), hex(1), hex(1), hex(1), hex(1), hex(100), hex(1, digits: 32), hex(1), hex(1, digits: 32),
        ])
    }
    try queue.close()
  }

  @Test("A catalog of an older program is read as it is, and keeps its tables when it is migrated", arguments: [1, 2])
  func older(version: Int) async throws {
    try await withCatalogPath { path in
      try writeCatalog(at: path, version: version)
      let reader = try TableCatalog.open(at: path, mode: .readOnly)
      let before = try await reader.latestTables(limit: 10)
      #expect(before.map(\.tableID) == [hex(100)] && before.allSatisfy { $0.rejects == nil && $0.repairs == nil })
      #expect(try await reader.reading(derivation: hex(1), scope: "ann")?.map(\.rejects) == [nil])
      try await reader.close()

      let catalog = try TableCatalog.open(at: path, mode: .readWrite)
      #expect(try await catalog.latestTables(limit: 10) == before)
      #expect(try await catalog.table(id: hex(100))?.name == "sales")
      var request = try makeRequest(2, names: ["sales"], table: 200)
      request.outputs[0].rejects = RejectsFile(tableID: hex(201), fileBytes: 512)
      let published = try await catalog.publish(request)
      #expect(published[0].version == 2 && published[0].rejects == RejectsFile(tableID: hex(201), fileBytes: 512))
      #expect(try await catalog.versions(of: name("sales")).map(\.tableID) == [hex(200), hex(100)])
      #expect(try await catalog.referencedTableIDs() == [hex(100), hex(200), hex(201)])
      try await catalog.close()
    }
  }

  @Test("Rejects come back with their table, from a reading and from an upload, and belong to rejected records")
  func rejects() async throws {
    try await withCatalog { catalog in
      var request = try makeRequest(1, names: ["sales", "costs"])
      request.outputs[1].rejects = RejectsFile(tableID: hex(7), fileBytes: 640)
      let published = try await catalog.publish(request)
      #expect(published.map(\.rejects) == request.outputs.map(\.rejects))
      #expect(try await catalog.reading(derivation: hex(1), scope: "ann") == request.outputs)
      #expect(try await catalog.upload(id: hex(1, digits: 32))?.tables == published)
      // The rejects are no table of their own.
      #expect(try await catalog.table(id: hex(7)) == nil)
      var broken = try makeRequest(2, names: ["other"])
      broken.outputs[0].rejects = RejectsFile(tableID: "x", fileBytes: 1)
      await #expect(throws: CatalogError.invalidRequest(.malformedID)) { try await catalog.publish(broken) }
      broken.outputs[0].rejects = RejectsFile(tableID: hex(9), fileBytes: 1)
      broken.outputs[0].rejected = 0
      await #expect(throws: CatalogError.invalidRequest(.rejectsWithoutCount)) { try await catalog.publish(broken) }
    }
  }
}
