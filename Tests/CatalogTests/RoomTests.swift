// SPDX-License-Identifier: Apache-2.0

import GRDB
import Testing
import Validation

@testable import Catalog

@Suite("Room in the catalog")
struct RoomTests {
  /// Each table takes 4,096 bytes; `count` versions of `name`, from upload `first` on.
  private func publish(_ catalog: TableCatalog, _ name: String, from first: Int, count: Int) async throws {
    for number in first..<first + count { _ = try await catalog.publish(try makeRequest(number, names: [name])) }
  }

  private func change(_ text: String, at time: Int64 = 5) throws -> TableChange {
    TableChange(try name(text), by: "ann", at: time)
  }

  private func left(_ catalog: TableCatalog, _ text: String) async throws -> [Int] {
    try await catalog.versions(of: name(text)).map(\.version)
  }

  @Test("What was used longest ago makes room; latest, pinned and tagged versions stay")
  func order() async throws {
    try await withCatalog { catalog in
      try await publish(catalog, "sales", from: 1, count: 5)
      try await publish(catalog, "costs", from: 6, count: 2)
      _ = try await catalog.pin(change("sales"), .number(1), isPinned: true)
      _ = try await catalog.tag(change("sales"), .number(2), as: try #require(TableTag("good")))
      // Of sales@3, sales@4, costs@1 and costs@2 the first one was used last.
      try await catalog.note([TableUse(folded: "sales", version: 3, time: 1_800_000_000_000_000)])
      let first = try await catalog.publish(try makeRequest(8, names: ["costs"]), quota: 7 * 4_096)
      #expect(first.evictedFiles == [hex(400)])
      #expect(try await left(catalog, "sales") == [5, 3, 2, 1])
      let second = try await catalog.publish(try makeRequest(9, names: ["costs"]), quota: 5 * 4_096)
      // costs@3 was published after that use.
      #expect(second.evictedFiles == [hex(600), hex(700), hex(300)])
      let third = try await catalog.publish(try makeRequest(10, names: ["news"]), quota: 5 * 4_096)
      #expect(third.evictedFiles == [hex(800)])
      #expect(try await left(catalog, "sales") == [5, 2, 1])
      #expect(try await catalog.unreferenced([hex(300), hex(400), hex(500)]) == [hex(300), hex(400)])
      let actions = try await catalog.auditEvents(limit: 100).filter { $0.action == .evict }.map(\.subject)
      #expect(actions == ["sales@4", "costs@1", "costs@2", "sales@3", "costs@3"])
      #expect(try await catalog.verifyAudit().isSound)
      #expect(try await catalog.damages() == [])
    }
  }

  @Test("No more goes than must, and a use counts as the last one where the clock was set back, too")
  func clock() async throws {
    try await withCatalog { catalog in
      try await publish(catalog, "sales", from: 1, count: 4)
      try await catalog.note([TableUse(folded: "sales", version: 2, time: 9_000_000_000_000_000)])
      try await catalog.note([TableUse(folded: "sales", version: 1, time: 1)])
      let result = try await catalog.publish(try makeRequest(5, names: ["sales"]), quota: 4 * 4_096 + 4_095)
      #expect(result.evictedFiles == [hex(300)])
      // The clock was far ahead when sales@2 was used, and far behind for sales@1.
      for (number, evicted) in [(6, 400), (7, 200), (8, 100)] {
        let next = try await catalog.publish(try makeRequest(number, names: ["sales"]), quota: 4 * 4_096)
        #expect(next.evictedFiles == [hex(evicted)])
      }
    }
  }

  @Test("Who takes more than another cannot push out what that one has, and is refused where nothing else may go")
  func fairness() async throws {
    try await withCatalog { catalog in
      for number in 1...2 { _ = try await catalog.publish(try makeRequest(number, names: ["a"])) }
      for number in 3...6 { _ = try await catalog.publish(try makeRequest(number, names: ["b"], principal: "bob")) }
      let quota: UInt64 = 6 * 4_096
      let request = try makeRequest(7, names: ["b"], principal: "bob")
      // a@1 was used longest ago.
      #expect(try await catalog.publish(request, quota: quota).evictedFiles == [hex(300)])
      #expect(try await catalog.publish(try makeRequest(8, names: ["a"]), quota: quota).evictedFiles == [hex(100)])
      for number in 9...11 {
        let more = try makeRequest(number, names: ["b\(number)"], principal: "bob")
        #expect(try await catalog.publish(more, quota: quota).evictedFiles.count == 1)
      }
      await #expect(throws: CatalogError.storeFull(limit: quota, actual: 7 * 4_096)) {
        try await catalog.publish(try makeRequest(12, names: ["b12"], principal: "bob"), quota: quota)
      }
      // Who takes less still finds room, first where what was used least is.
      let actions = try await catalog.auditEvents(limit: 100).filter { $0.action == .evict }
      #expect(actions.map { "\($0.actor) \($0.subject)" } == ["bob b@1", "ann a@1", "bob b@2", "bob b@3", "bob b@4"])
      #expect(try await left(catalog, "a") == [3, 2])
    }
  }

  @Test("What two scopes sent is charged to both, and its file stays until both have given it up")
  func scopes() async throws {
    try await withCatalog { catalog in
      _ = try await catalog.publish(try makeRequest(1, names: ["a"], table: 7, derivation: 5))
      _ = try await catalog.publish(try makeRequest(2, names: ["b"], table: 7, principal: "bob", derivation: 5))
      let result = try await catalog.publish(try makeRequest(3, names: ["a"]), quota: 2 * 4_096)
      #expect(result.evictedFiles == [hex(7)])
      #expect(try await catalog.unreferenced([hex(7)]).isEmpty, "bob's latest")
      #expect(try await catalog.reading(derivation: hex(5), scope: "ann") == nil)
      #expect(try await catalog.reading(derivation: hex(5), scope: "bob") != nil)
      let next = try await catalog.publish(try makeRequest(4, names: ["b"], principal: "bob"), quota: 2 * 4_096)
      #expect(next.evictedFiles == [hex(7)])
      #expect(try await catalog.unreferenced([hex(7)]) == [hex(7)])
      #expect(try await catalog.damages() == [])
    }
  }

  @Test("A sum that is not that of the tables is damage")
  func wrongSum() async throws {
    try await withCatalog { catalog in
      try await publish(catalog, "sales", from: 1, count: 1)
      try await catalog.write { try $0.execute(sql: "UPDATE scope_total SET bytes = 1") }
      #expect(try await catalog.damages() == ["the sum of the tables of ann is wrong"])
      try await catalog.write { try $0.execute(sql: "DELETE FROM scope_total") }
      #expect(try await catalog.damages() == ["the sum of the tables of ann is wrong"])
    }
  }

  @Test("Where all that may go is not enough nothing goes, and nothing is published")
  func full() async throws {
    try await withCatalog { catalog in
      try await publish(catalog, "sales", from: 1, count: 2)
      await #expect(throws: CatalogError.storeFull(limit: 5_000, actual: 8_192)) {
        try await catalog.publish(try makeRequest(3, names: ["costs"]), quota: 5_000)
      }
      #expect(try await left(catalog, "sales") == [2, 1])
      #expect(try await catalog.upload(id: hex(3, digits: 32)) == nil)
      // What is there already takes no room, also where the quota was lowered since.
      let known = try await catalog.publish(
        try makeRequest(4, names: ["sales"], table: 200, derivation: 2), quota: 1)
      #expect(known.versions.map(\.version) == [2] && known.evictedFiles.isEmpty)
    }
  }

  @Test("Deleted versions go first, and a table that another version shows, not at all")
  func shared() async throws {
    try await withCatalog { catalog in
      try await publish(catalog, "sales", from: 1, count: 3)
      // The table of sales@1 is the latest of another name.
      _ = try await catalog.publish(try makeRequest(4, names: ["same"], table: 100, derivation: 1))
      try await publish(catalog, "costs", from: 5, count: 2)
      _ = try await catalog.delete(change("costs"), .number(1))
      let result = try await catalog.publish(try makeRequest(7, names: ["costs"]), quota: 5 * 4_096)
      #expect(result.evictedFiles == [hex(500)])
      let more = try await catalog.publish(try makeRequest(8, names: ["news"]), quota: 4 * 4_096)
      #expect(more.evictedFiles == [hex(200), hex(600)])
      #expect(try await left(catalog, "sales") == [3, 1])
    }
  }

  @Test("Collecting, removal and publishing again keep the sum of the tables")
  func sums() async throws {
    try await withCatalog { catalog in
      var request = try makeRequest(1, names: ["sales", "costs"])
      request.outputs[0].rejects = RejectsFile(tableID: hex(7), fileBytes: 1_000)
      _ = try await catalog.publish(request)
      _ = try await catalog.delete(change("sales"), nil)
      _ = try await catalog.collect(deletedBefore: 10, by: "op", at: 11)
      // Of the reading with two tables one is left: 4,096 bytes.
      await #expect(throws: CatalogError.storeFull(limit: 1, actual: 8_192)) {
        try await catalog.publish(try makeRequest(2, names: ["news"]), quota: 1)
      }
      request.upload.id = hex(3, digits: 32)
      _ = try await catalog.publish(request)
      await #expect(throws: CatalogError.storeFull(limit: 1, actual: 13_288)) {
        try await catalog.publish(try makeRequest(2, names: ["news"]), quota: 1)
      }
    }
  }

  @Test("A table that nobody uses is hidden with all its versions, unless one is pinned or tagged")
  func expiry() async throws {
    try await withCatalog { catalog in
      for (number, text) in ["old", "used", "pinned", "tagged"].enumerated() {
        try await publish(catalog, text, from: 2 * number + 1, count: 2)
      }
      _ = try await catalog.pin(change("pinned"), .number(1), isPinned: true)
      _ = try await catalog.tag(change("tagged"), .number(1), as: try #require(TableTag("good")))
      try await catalog.note([
        TableUse(folded: "used", version: 1, time: 1_900_000_000_000_000),
        TableUse(folded: "nobody", version: 1, time: 1_900_000_000_000_000),
      ])
      #expect(try await catalog.unusedTables(since: 1_600_000_000_000_000) == [])
      let time: Int64 = 1_800_000_000_000_000
      #expect(try await catalog.unusedTables(since: time).map(\.reference) == ["old@1", "old@2"])
      #expect(try await catalog.expireTables(unusedSince: time, by: "op", at: 9).count == 2)
      #expect(try await catalog.latestTables(limit: 10).map(\.name) == ["pinned", "tagged", "used"])
      #expect(try await catalog.restore(change("old", at: time), version: nil)?.count == 2)
      #expect(try await catalog.unusedTables(since: time) == [], "it counts as a use")
      // What comes again as it was is no new version, but in use.
      var again = try makeRequest(11, names: ["old"], table: 200, derivation: 2)
      again.publishedAt = time + 1
      #expect(try await catalog.unusedTables(since: time + 1).map(\.reference) == ["old@1", "old@2"])
      #expect(try await catalog.publish(again)[0].isNew == false)
      #expect(try await catalog.unusedTables(since: time + 1) == [])
    }
  }

  @Test("A pin moves with its name, is its owner's alone, and can be taken away")
  func pins() async throws {
    try await withCatalog { catalog in
      try await publish(catalog, "sales", from: 1, count: 1)
      #expect(try await catalog.pin(change("sales"), .latest, isPinned: true)?.isPinned == true)
      _ = try await catalog.rename(change("sales"), to: try name("sold"))
      #expect(try await catalog.table(named: name("sold"), .latest)?.isPinned == true)
      let stranger = TableChange(try name("sold"), by: "bob", at: 5)
      await #expect(throws: CatalogError.nameTaken("sold")) {
        try await catalog.pin(stranger, .latest, isPinned: false)
      }
      #expect(try await catalog.pin(change("sold"), .latest, isPinned: false)?.isPinned == false)
      #expect(try await catalog.pin(change("none"), .latest, isPinned: true) == nil)
    }
  }
}
