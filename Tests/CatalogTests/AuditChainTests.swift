// SPDX-License-Identifier: Apache-2.0

import GRDB
import Testing

@testable import Catalog

@Suite("The chain of the audit log")
struct AuditChainTests {
  /// Runs `body` with a catalog of five rows, and a connection that may do what an attacker can.
  private func withFiveRows(_ body: (TableCatalog, DatabaseQueue) async throws -> Void) async throws {
    try await withCatalogPath { path in
      let catalog = try TableCatalog.open(at: path, mode: .readWrite)
      for number in 1...5 {
        try await catalog.recordRefusal(makeUpload(number, code: "empty"), at: Int64(number))
      }
      let attacker = try DatabaseQueue(path: path)
      try await body(catalog, attacker)
      try attacker.close()
      try await catalog.close()
    }
  }

  @Test("Each row holds the SHA-256 of its documented bytes, computed elsewhere")
  func golden() async throws {
    try await withCatalog { catalog in
      var upload = makeUpload(1, code: "empty")
      try await catalog.recordRefusal(upload, at: 5)
      upload = makeUpload(2, principal: "bob", code: "too_large")
      try await catalog.recordRefusal(upload, at: 6)
      #expect(
        try await catalog.auditEvents(limit: 10).map(\.hash) == [
          "33572077ce3239a4dca7835a556b40df13c49099949e0df8c36e546985b3487c",
          "0b61be55830615471e43200735464f02c72ed202822360b2e0c656cdd4e3a88c",
        ])
      #expect(
        try await catalog.auditHead().description
          == "2:0b61be55830615471e43200735464f02c72ed202822360b2e0c656cdd4e3a88c")
    }
  }

  private static let attacks: [(String, String, AuditFault)] = [
    ("the first row removed", "DELETE FROM audit WHERE seq = 1", .missing(after: 0)),
    ("a row removed", "DELETE FROM audit WHERE seq = 3", .missing(after: 2)),
    ("the last row cut off", "DELETE FROM audit WHERE seq = 5", .cutOff(after: 4, of: 5)),
    ("all rows cut off", "DELETE FROM audit", .cutOff(after: 0, of: 5)),
    ("another actor", "UPDATE audit SET actor = 'bob' WHERE seq = 2", .altered(2)),
    ("another action", "UPDATE audit SET action = 'publish' WHERE seq = 2", .altered(2)),
    ("another subject", "UPDATE audit SET subject = 'x' WHERE seq = 2", .altered(2)),
    ("another outcome", "UPDATE audit SET outcome = 'accepted' WHERE seq = 2", .altered(2)),
    ("no code", "UPDATE audit SET code = NULL WHERE seq = 5", .altered(5)),
    ("an empty code", "UPDATE audit SET code = '' WHERE seq = 5", .altered(5)),
    ("another time", "UPDATE audit SET at = at + 1 WHERE seq = 1", .altered(1)),
    ("another hash", "UPDATE audit SET hash = replace(hash, '0', '1') WHERE seq = 4", .altered(4)),
    ("no hash", "UPDATE audit SET hash = NULL WHERE seq = 4", .notChained(4)),
    (
      "two rows exchanged",
      "UPDATE audit SET seq = 9 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3; "
        + "UPDATE audit SET seq = 3 WHERE seq = 9", .altered(2)
    ),
    (
      "a row removed and the others moved up",
      "DELETE FROM audit WHERE seq = 2; UPDATE audit SET seq = seq - 1 WHERE seq > 2", .altered(2)
    ),
    (
      "a letter moved from one value into the next",
      "UPDATE audit SET actor = 'an', action = 'nrefuse' WHERE seq = 3", .altered(3)
    ),
    (
      "a row put in behind",
      "INSERT INTO audit SELECT 6, at, actor, action, subject, outcome, code, hash, count FROM audit WHERE seq = 5",
      .altered(6)
    ),
  ]

  @Test("A row that is removed, altered, moved or cut off is found", arguments: attacks)
  func attack(_ label: String, _ sql: String, _ fault: AuditFault) async throws {
    try await withFiveRows { catalog, attacker in
      #expect(try await catalog.verifyAudit().isSound)
      try await attacker.write { try $0.execute(sql: sql) }
      let found = try await catalog.verifyAudit()
      #expect(found.fault == fault && !found.isSound, "\(label)")
    }
  }

  @Test("A log that was cut off goes on behind the gap, which stays")
  func goesOn() async throws {
    try await withFiveRows { catalog, attacker in
      try await attacker.write { try $0.execute(sql: "DELETE FROM audit WHERE seq > 3") }
      try await catalog.recordRefusal(makeUpload(6, code: "empty"), at: 6)
      #expect(try await catalog.verifyAudit().fault == .missing(after: 3))
    }
  }

  @Test("Who cuts the log off and mends the counter is found by a head that was kept")
  func keptHead() async throws {
    try await withFiveRows { catalog, attacker in
      let kept = try await catalog.auditHead()
      #expect(try await catalog.verifyAudit(holding: kept).holdsKeptHead == true)
      try await attacker.write { database in
        try database.execute(sql: "DELETE FROM audit WHERE seq = 5; UPDATE sqlite_sequence SET seq = 4")
      }
      #expect(try await catalog.verifyAudit().isSound)
      let found = try await catalog.verifyAudit(holding: kept)
      #expect(found.holdsKeptHead == false && !found.isSound)
      #expect(try await catalog.verifyAudit(holding: .origin).isSound)
    }
  }

  @Test("A head of before is in the chain, however long it has become")
  func olderHead() async throws {
    try await withFiveRows { catalog, _ in
      let kept = try await catalog.auditHead()
      for number in 6...9 { try await catalog.recordRefusal(makeUpload(number, code: "empty"), at: 1) }
      #expect(try await catalog.verifyAudit(holding: kept).holdsKeptHead == true)
      let other = AuditHead(sequence: kept.sequence + 1, hash: kept.hash)
      #expect(try await catalog.verifyAudit(holding: other).holdsKeptHead == false)
    }
  }

  @Test("A row of a process of an older program is chained by the next one")
  func olderWriter() async throws {
    try await withFiveRows { catalog, attacker in
      try await attacker.write { database in
        try database.execute(
          sql: "INSERT INTO audit (at, actor, action, subject, outcome) VALUES (6, 'ann', 'publish', 'x', 'accepted')")
      }
      #expect(try await catalog.verifyAudit().fault == .notChained(6))
      try await catalog.recordRefusal(makeUpload(7, code: "empty"), at: 7)
      #expect(try await catalog.verifyAudit().rows == 7)
      #expect(try await catalog.verifyAudit().isSound)
    }
  }

  @Test("Two catalogs on one file chain one log")
  func twoCatalogs() async throws {
    try await withCatalogPath { path in
      let catalogs = try [0, 1].map { _ in try TableCatalog.open(at: path, mode: .readWrite) }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 1...20 {
          group.addTask {
            _ = try await catalogs[number % 2].publish(try makeRequest(number, names: ["own-\(number)"]))
          }
        }
        try await group.waitForAll()
      }
      let found = try await catalogs[0].verifyAudit()
      #expect(found.isSound && found.rows == 40)
      for catalog in catalogs { try await catalog.close() }
    }
  }

  @Test("Whoever watches hears each head once its rows are kept, and nothing of what was undone")
  func observed() async throws {
    try await withCatalog { catalog in
      let heads = HeadList()
      catalog.onAuditHead { heads.append($0) }
      try await catalog.recordRefusal(makeUpload(1, code: "empty"), at: 1)
      let first = try await catalog.auditHead()
      #expect(heads.all == [first])
      await #expect(throws: CatalogError.duplicateUpload) {
        try await catalog.recordRefusal(makeUpload(1, code: "empty"), at: 1)
      }
      await #expect(throws: CatalogError.readingDiffers) {
        _ = try await catalog.publish(try makeRequest(2, names: ["a"], table: 7, derivation: 5))
        _ = try await catalog.publish(try makeRequest(3, names: ["a"], table: 8, derivation: 5))
      }
      #expect(heads.all.map(\.sequence) == [1, 3])
      let last = try await catalog.auditHead()
      #expect(heads.all.last == last)
    }
  }

  @Test("A key vouches for the heads that it sealed, and for no others")
  func key() throws {
    let bytes = Array("a key of 32 bytes, as it should be".utf8)
    let key = try #require(AuditKey(bytes))
    let head = AuditHead(sequence: 3, hash: hex(1))
    #expect(key.vouches(for: head, by: key.seal(head)))
    #expect(!key.vouches(for: AuditHead(sequence: 4, hash: hex(1)), by: key.seal(head)))
    #expect(!key.vouches(for: head, by: key.seal(head).uppercased()) && !key.vouches(for: head, by: ""))
    let other = try #require(AuditKey(bytes + [1]))
    #expect(other.seal(head) != key.seal(head))
    #expect(AuditKey(Array(bytes.prefix(15))) == nil)
  }

  @Test(
    "A text that is no head is none",
    arguments: ["", "1", ":", "1:", "-1:" + hex(1), "1:" + hex(1) + "A", "1:" + hex(1) + ":", "x:" + hex(1)])
  func noHead(_ text: String) {
    #expect(AuditHead(text) == nil)
    #expect(AuditHead("7:" + hex(1))?.description == "7:" + hex(1))
  }
}
