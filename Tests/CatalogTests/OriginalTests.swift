// SPDX-License-Identifier: Apache-2.0

import Catalog
import Testing

@Suite("Originals in the catalog")
struct OriginalTests {
  private func original(
    _ number: Int, scope: String = "ann", bytes: UInt64 = 10, at time: Int64 = 1, until end: Int64 = 100
  ) -> OriginalRecord {
    OriginalRecord(scope: scope, contentHash: hex(number), bytes: bytes, keptAt: time, keptUntil: end)
  }

  @Test("An original is there until its time is over, in its own scope, and longer where it comes again")
  func course() async throws {
    try await withCatalog { catalog in
      #expect(try await catalog.keep(original(1), quota: 100) == [])
      #expect(try await catalog.original(hex(1), scope: "ann", at: 99) == original(1))
      #expect(try await catalog.original(hex(1), scope: "ann", at: 100) == nil)
      #expect(try await catalog.original(hex(1), scope: "bob", at: 1) == nil)
      #expect(try await catalog.keep(original(1, at: 50, until: 150), quota: 100) == [])
      #expect(try await catalog.original(hex(1), scope: "ann", at: 100)?.keptUntil == 150)
      let counts = try await catalog.counts()
      #expect(counts.originals == 1 && counts.originalBytes == 10)
      #expect(try await catalog.expiredOriginals(at: 149).count == 0)
      #expect(try await catalog.expireOriginals(at: 150) == 1)
      #expect(try await catalog.unreferencedOriginals([hex(1)]) == [hex(1)])
    }
  }

  @Test("What came longest ago makes room, whoever sent it, and each scope is charged for the same content")
  func quota() async throws {
    try await withCatalog { catalog in
      for number in 1...3 { _ = try await catalog.keep(original(number, at: Int64(number)), quota: 30) }
      let first = try await catalog.keep(original(2, scope: "bob", at: 4), quota: 30)
      #expect(first == [hex(1)])
      // Ann's own second one goes first; the file stays for bob.
      let second = try await catalog.keep(original(5, at: 5), quota: 30)
      #expect(second == [hex(2)])
      let unreferenced = try await catalog.unreferencedOriginals([hex(1), hex(2), hex(3), hex(5)])
      #expect(unreferenced == [hex(1)])
      let third = try await catalog.keep(original(6, bytes: 30, at: 6), quota: 30)
      #expect(third == [hex(3), hex(2), hex(5)])
      let kept = try await catalog.keptContents(after: "", limit: 10)
      #expect(kept.count == 1 && kept[0].hash == hex(6) && kept[0].bytes == 30)
      let strangers = try await catalog.forgetOriginal(hex(6), scope: "bob", by: "bob", at: 7)
      let own = try await catalog.forgetOriginal(hex(6), scope: "ann", by: "ann", at: 7)
      #expect(!strangers && own)
      #expect(try await catalog.auditEvents(limit: 10).map(\.action) == [.forget])
      let last = try await catalog.keep(original(7, bytes: 30, at: 8), quota: 30)
      #expect(last.isEmpty, "what was given up is counted out")
    }
  }

  @Test("An original whose hash is none is refused")
  func malformed() async throws {
    try await withCatalog { catalog in
      var wrong = original(1)
      wrong.contentHash = "../x"
      await #expect(throws: CatalogError.invalidRequest(.malformedID)) { try await catalog.keep(wrong, quota: 100) }
      wrong = original(1, scope: "a\0b")
      await #expect(throws: CatalogError.invalidRequest(.zeroByte)) { try await catalog.keep(wrong, quota: 100) }
    }
  }
}
