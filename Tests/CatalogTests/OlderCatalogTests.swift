// SPDX-License-Identifier: Apache-2.0

import GRDB
import Testing
import Validation

@testable import Catalog

@Suite("Catalogs of older programs")
struct OlderCatalogTests {
  @Test(
    "A catalog of an older program is read as it is, and keeps its tables when it is migrated", arguments: [1, 2, 3])
  func older(version: Int) async throws {
    try await withCatalogPath { path in
      try writeOlderCatalog(at: path, version: version)
      let reader = try TableCatalog.open(at: path, mode: .readOnly)
      let before = try await reader.latestTables(limit: 10)
      #expect(before.map(\.tableID) == [hex(100)] && before.allSatisfy { $0.rejects == nil && $0.repairs == nil })
      #expect(try await reader.reading(derivation: hex(1), scope: "ann")?.map(\.rejects) == [nil])
      #expect(try await reader.auditEvents(limit: 10).map(\.hash) == [nil, nil])
      #expect(try await reader.tags(of: name("sales")).isEmpty)
      #expect(try await reader.unreferenced([hex(100), hex(101)]) == [hex(101)])
      #expect(try await reader.tableIDs(after: "", limit: 10) == [hex(100)])
      #expect(try await reader.versions(deletedBefore: .max).isEmpty)
      #expect(try await reader.damages() == [])
      await #expect(throws: CatalogError.olderSchema(version)) { try await reader.verifyAudit() }
      await #expect(throws: CatalogError.olderSchema(version)) { try await reader.counts() }
      try await reader.close()

      let catalog = try TableCatalog.open(at: path, mode: .readWrite)
      #expect(try await catalog.latestTables(limit: 10) == before)
      #expect(try await catalog.table(id: hex(100))?.name == "sales")
      var request = try makeRequest(2, names: ["sales"], table: 200)
      request.outputs[0].rejects = RejectsFile(tableID: hex(201), fileBytes: 512)
      let published = try await catalog.publish(request)
      #expect(published[0].version == 2 && published[0].rejects == RejectsFile(tableID: hex(201), fileBytes: 512))
      #expect(try await catalog.versions(of: name("sales")).map(\.tableID) == [hex(200), hex(100)])
      #expect(try await catalog.unreferenced([hex(100), hex(200), hex(201), hex(1)]) == [hex(1)])
      let audit = try await catalog.verifyAudit()
      #expect(audit.isSound && audit.rows == 4, "the old rows are chained")
      let change = TableChange(try name("sales"), by: "ann", at: 3)
      #expect(try await catalog.delete(change, .number(2))?.count == 1)
      #expect(try await catalog.latestTables(limit: 10) == before)
      try await catalog.close()
    }
  }

  @Test(
    "The tables of an older catalog are counted and in the order of their publication, and none is pinned",
    arguments: 1...6)
  func room(version: Int) async throws {
    try await withCatalogPath { path in
      try writeOlderCatalog(at: path, version: version)
      let reader = try TableCatalog.open(at: path, mode: .readOnly)
      #expect(try await reader.latestTables(limit: 10).map(\.isPinned) == [false])
      #expect(try await reader.damages() == [])
      await #expect(throws: CatalogError.olderSchema(version)) { try await reader.unusedTables(since: 3) }
      try await reader.close()

      let catalog = try TableCatalog.open(at: path, mode: .readWrite)
      #expect(try await catalog.damages() == [])
      #expect(try await catalog.unusedTables(since: 2) == [])
      #expect(try await catalog.unusedTables(since: 3).map(\.reference) == ["sales@1"])
      let request = try makeRequest(2, names: ["sales"])
      #expect(try await catalog.publish(request, quota: 2 * 4_096).evictedFiles == [])
      // In the order of publication: the old one first.
      let next = try makeRequest(3, names: ["sales"])
      #expect(try await catalog.publish(next, quota: 2 * 4_096).evictedFiles == [hex(100)])
      #expect(try await catalog.damages() == [])
      try await catalog.close()
    }
  }

  @Test("A table of an older program has no checksums, and what is published then has its own", arguments: 1...8)
  func checksums(version: Int) async throws {
    try await withCatalogPath { path in
      try writeOlderCatalog(at: path, version: version)
      let reader = try TableCatalog.open(at: path, mode: .readOnly)
      #expect(try await reader.latestTables(limit: 10).map(\.checksums) == [nil])
      #expect(try await reader.batchStatistics(ofTable: hex(100)) == nil)
      try await reader.close()

      let catalog = try TableCatalog.open(at: path, mode: .readWrite)
      #expect(try await catalog.latestTables(limit: 10).map(\.checksums) == [nil])
      var request = try makeRequest(2, names: ["sales"], table: 200)
      request.outputs[0].checksums = "0123"
      request.outputs[0].batchStatistics = "[{}]"
      request.outputs[0].rejects = RejectsFile(tableID: hex(201), fileBytes: 512, checksums: "45")
      let published = try await catalog.publish(request)
      #expect(published.map(\.checksums) == ["0123"] && published.map(\.rejects?.checksums) == ["45"])
      #expect(try await catalog.batchStatistics(ofTable: hex(200)) == "[{}]")
      // They go with the last version that shows the table.
      _ = try await catalog.delete(TableChange(try name("sales"), by: "ann", at: 3), nil)
      #expect(try await catalog.collect(deletedBefore: 4, by: "ann", at: 4).count == 2)
      #expect(try await catalog.batchStatistics(ofTable: hex(200)) == nil)
      try await catalog.close()
    }
  }

  @Test("What was counted of an output whose file went is kept once it is read again")
  func readAgain() async throws {
    try await withCatalog { catalog in
      var request = try makeRequest(1, names: ["a", "b"], derivation: 5)
      request.outputs[0].batchStatistics = "[{}]"
      _ = try await catalog.publish(request)
      // One of the two goes, so that the reading stays.
      _ = try await catalog.delete(TableChange(try name("a"), by: "ann", at: 3), nil)
      #expect(try await catalog.collect(deletedBefore: 4, by: "ann", at: 4).count == 1)
      #expect(try await catalog.batchStatistics(ofTable: hex(100)) == nil)
      request.upload = makeUpload(2, derivation: 5)
      request.outputs[0].checksums = "0123"
      request.outputs[0].statistics = "[]"
      _ = try await catalog.publish(request)
      #expect(try await catalog.batchStatistics(ofTable: hex(100)) == "[{}]")
      let found = try await catalog.reading(derivation: hex(5), scope: "ann")
      #expect(found?.map(\.checksums) == ["0123", nil] && found?.map(\.statistics) == ["[]", nil])
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
