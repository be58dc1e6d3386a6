// SPDX-License-Identifier: Apache-2.0

import GRDB
import Testing

@testable import Catalog

@Suite("Looking things up in the catalog")
struct CatalogLookupTests {
  @Test("Tables are listed by folded name, page by page")
  func pages() async throws {
    try await withCatalog { catalog in
      _ = try await catalog.publish(try makeRequest(1, names: ["delta", "Bravo", "alpha", "Charlie", "über"]))
      _ = try await catalog.publish(try makeRequest(2, names: ["bravo"]))
      var listed: [String] = []
      while true {
        let last = try listed.last.map(name)
        let page = try await catalog.latestTables(after: last, limit: 2)
        guard !page.isEmpty else { break }
        #expect(page.count <= 2)
        listed += page.map(\.name)
      }
      #expect(listed == ["alpha", "bravo", "Charlie", "delta", "über"])
    }
  }

  @Test("A page holds no more than its bounds", arguments: [(-1, 0), (0, 0), (1, 1), (Int.max, 3), (Int.min, 0)])
  func limits(limit: Int, expected: Int) async throws {
    try await withCatalog { catalog in
      _ = try await catalog.publish(try makeRequest(1, names: ["a", "b", "c"]))
      #expect(try await catalog.latestTables(limit: limit).count == expected)
      #expect(try await catalog.auditEvents(after: 1, limit: limit).count == expected)
    }
  }

  @Test("A table is found by name in any case, the latest or a given version")
  func byName() async throws {
    try await withCatalog { catalog in
      let first = try await catalog.publish(try makeRequest(1, names: ["Sales"]))
      let second = try await catalog.publish(try makeRequest(2, names: ["sales"]))
      let sales = try name("SALES")
      #expect(try await catalog.table(named: sales) == second[0])
      #expect(try await catalog.table(named: sales, version: 1) == first[0])
      #expect(try await catalog.table(named: sales, version: 3) == nil)
      #expect(try await catalog.table(named: sales, version: -1) == nil)
      #expect(try await catalog.table(named: try name("other")) == nil)
      #expect(try await catalog.versions(of: sales) == [second[0], first[0]])
      #expect(try await catalog.versions(of: try name("other")).isEmpty)
    }
  }

  @Test("A reading's report is that of the upload that published from it first, within the scope")
  func firstReport() async throws {
    try await withCatalog { catalog in
      var first = try makeRequest(1, names: ["a", "b"], table: 7, derivation: 5)
      first.upload.report = "first"
      var second = try makeRequest(2, names: ["c", "d"], table: 7, derivation: 5)
      second.upload.report = "second"
      for request in [first, second] { _ = try await catalog.publish(request) }
      #expect(try await catalog.firstReport(derivation: hex(5), scope: "ann") == "first")
      #expect(try await catalog.firstReport(derivation: hex(5), scope: "bob") == nil)
      #expect(try await catalog.firstReport(derivation: hex(6), scope: "ann") == nil)
    }
  }

  @Test("A table is found by id under the newest name that shows it, within the scope that uploaded it")
  func byID() async throws {
    try await withCatalog { catalog in
      _ = try await catalog.publish(try makeRequest(1, names: ["old"], table: 7, derivation: 5))
      let new = try await catalog.publish(try makeRequest(2, names: ["new"], table: 7, derivation: 5))
      #expect(try await catalog.table(id: hex(7)) == new[0])
      #expect(try await catalog.table(id: hex(7), scope: "ann") == new[0])
      #expect(try await catalog.table(id: hex(7), scope: "bob") == nil)
      #expect(try await catalog.table(id: hex(8)) == nil)
      _ = try await catalog.publish(try makeRequest(3, names: ["his"], table: 7, principal: "bob", derivation: 5))
      #expect(try await catalog.table(id: hex(7), scope: "bob")?.name == "his")
      #expect(try await catalog.table(id: hex(7), scope: "ann") == new[0])
    }
  }

  @Test("Text that looks like SQL is only text")
  func hostileText() async throws {
    try await withCatalog { catalog in
      let hostile = "x'; DROP TABLE audit; --"
      let request = try makeRequest(1, names: ["sales"], principal: hostile)
      _ = try await catalog.publish(request)
      #expect(try await catalog.table(id: hostile, scope: hostile) == nil)
      #expect(try await catalog.upload(id: hostile) == nil)
      #expect(try await catalog.reading(derivation: hex(1), scope: hostile) == request.outputs)
      #expect(try await catalog.auditEvents(limit: 10).first?.actor == hostile)
    }
  }

  @Test("Files are referred to by what a reading names, and its tables are listed once")
  func referenced() async throws {
    try await withCatalog { catalog in
      #expect(try await catalog.unreferenced([hex(7)]) == [hex(7)])
      _ = try await catalog.publish(try makeRequest(2, names: ["a", "b"], table: 8))
      _ = try await catalog.publish(try makeRequest(1, names: ["c"], table: 7))
      _ = try await catalog.publish(try makeRequest(3, names: ["d"], table: 8))
      #expect(try await catalog.unreferenced([hex(7), hex(8), hex(9), hex(10)]) == [hex(10)])
      #expect(try await catalog.tableIDs(after: "", limit: 2) == [hex(7), hex(8)])
      #expect(try await catalog.tableIDs(after: hex(8), limit: 2) == [hex(9)])
    }
  }

  @Test("Every decision has its audit rows, in order")
  func auditLog() async throws {
    try await withCatalog { catalog in
      _ = try await catalog.publish(try makeRequest(1, names: ["sales"], table: 7))
      try await catalog.recordRefusal(makeUpload(2, principal: "bob", code: "too_large"), at: 99)
      _ = try await catalog.publish(try makeRequest(3, names: ["sales"], table: 7))
      let events = try await catalog.auditEvents(limit: 10)
      #expect(events.map(\.sequence) == [1, 2, 3, 4, 5])
      #expect(events.map(\.outcome) == [.accepted, .created, .rejected, .accepted, .unchanged])
      #expect(events.map(\.subject) == [1, 0, 2, 3, 0].map { $0 == 0 ? "sales@1" : hex($0, digits: 32) })
      #expect(
        events[2]
          == AuditEvent(
            sequence: 3, at: 99, actor: "bob", action: .refuse, subject: hex(2, digits: 32), outcome: .rejected,
            code: "too_large", hash: events[2].hash))
      #expect(try await catalog.auditEvents(after: 3, limit: 1) == [events[3]])
    }
  }

  @Test("A refused upload is kept with its code, and shows no table")
  func refusal() async throws {
    try await withCatalog { catalog in
      let upload = makeUpload(1, code: "too_large")
      try await catalog.recordRefusal(upload, at: 5)
      let found = try #require(try await catalog.upload(id: upload.id))
      #expect(found.upload == upload)
      #expect(found.tables.isEmpty)
      await #expect(throws: CatalogError.invalidRequest(.uploadNotRefused)) {
        try await catalog.recordRefusal(makeUpload(2), at: 5)
      }
    }
  }

  @Test(
    "A damaged database is reported, not trusted",
    arguments: [
      "UPDATE reading_output SET rows = -1",
      "UPDATE table_version SET version = -5; UPDATE named_table SET latest = -5",
      "UPDATE reading_output SET columns = -9223372036854775808",
    ])
  func damage(sql: String) async throws {
    try await withCatalog { catalog in
      _ = try await catalog.publish(try makeRequest(1, names: ["sales"]))
      try await catalog.damage(sql)
      await #expect(throws: CatalogError.corrupt) { try await catalog.latestTables(limit: 1) }
      await #expect(throws: CatalogError.corrupt) { try await catalog.publish(try makeRequest(2, names: ["sales"])) }
    }
  }

  @Test("An audit row that the program never writes, and a version that has no successor, are damage")
  func moreDamage() async throws {
    try await withCatalog { catalog in
      _ = try await catalog.publish(try makeRequest(1, names: ["sales"]))
      try await catalog.damage("UPDATE audit SET action = 'explode'")
      await #expect(throws: CatalogError.corrupt) { try await catalog.auditEvents(limit: 1) }
      try await catalog.damage(
        "UPDATE table_version SET version = 9223372036854775807; UPDATE named_table SET highest = 9223372036854775807")
      await #expect(throws: CatalogError.corrupt) { try await catalog.publish(try makeRequest(2, names: ["sales"])) }
    }
  }
}

extension TableCatalog {
  fileprivate func damage(_ sql: String) async throws {
    try await write { database in
      try database.execute(sql: "PRAGMA ignore_check_constraints = ON; PRAGMA defer_foreign_keys = ON")
      try database.execute(sql: "DELETE FROM upload_table")
      try database.execute(sql: sql)
      try database.execute(sql: "PRAGMA ignore_check_constraints = OFF")
    }
  }
}
