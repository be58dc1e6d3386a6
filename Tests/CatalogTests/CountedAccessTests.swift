// SPDX-License-Identifier: Apache-2.0

import GRDB
import Testing

@testable import Catalog

@Suite("Rows of the audit log that stand for many requests")
struct CountedAccessTests {
  private static let minute: Int64 = 1_700_000_040_000_000

  private func read(_ subject: String, by actor: String = "ann", in minute: Int64 = minute) -> CountedAccess {
    CountedAccess(minute: minute, actor: actor, kind: .read(subject))
  }

  private func turnedAway(_ code: String, by actor: String = "ann", in minute: Int64 = minute) -> CountedAccess {
    CountedAccess(minute: minute, actor: actor, kind: .turnedAway(code))
  }

  @Test("What was counted is a row each, by time, chained behind what was decided, in one commit")
  func rows() async throws {
    try await withCatalog { catalog in
      try await catalog.recordRefusal(makeUpload(1, code: "empty"), at: 5)
      let before = catalog.commitActivity
      try await catalog.record([
        read("sales@3"): 7, turnedAway("busy"): 2, read("sales@3", in: Self.minute - 60_000_000): 1,
        read("costs@1", by: "bob"): 1 << 40, read("a@1"): 3,
      ])
      #expect(catalog.commitActivity.commits == before.commits + 1)
      let events = try await catalog.auditEvents(after: 1, limit: 10)
      let early = Self.minute - 60_000_000
      #expect(
        events
          == [
            AuditEvent(
              sequence: 2, at: early, actor: "ann", action: .read, subject: "sales@3", outcome: .done, count: 1),
            AuditEvent(
              sequence: 3, at: Self.minute, actor: "ann", action: .read, subject: "a@1", outcome: .done, count: 3),
            AuditEvent(
              sequence: 4, at: Self.minute, actor: "ann", action: .read, subject: "sales@3", outcome: .done, count: 7),
            AuditEvent(
              sequence: 5, at: Self.minute, actor: "ann", action: .turnAway, subject: "request", outcome: .rejected,
              code: "busy", count: 2),
            AuditEvent(
              sequence: 6, at: Self.minute, actor: "bob", action: .read, subject: "costs@1", outcome: .done,
              count: 1 << 40),
          ].enumerated().map { index, event in
            var event = event
            event.hash = events[index].hash
            return event
          })
      #expect(try await catalog.auditEvents(limit: 1).map(\.count) == [nil], "a decision has none")
      let found = try await catalog.verifyAudit()
      #expect(found.isSound && found.rows == 6)
    }
  }

  @Test("A count is hashed behind the other values, as is documented, computed elsewhere; no count is not hashed")
  func golden() {
    var row = AuditRow(
      sequence: 1, at: Self.minute, actor: "local", action: "read", subject: "sales@3", outcome: "done", count: 7)
    let counted = AuditChain.hash(row, after: AuditChain.origin)
    #expect(counted == "0de670d74d74a9e92d3214d9200382d53e7debb4f62edc0a71660ff2f442993a")
    row.count = nil
    #expect(
      AuditChain.hash(row, after: AuditChain.origin)
        == "9dbd5841931321bc972195fa16d006b6600e816bbdaf4ed3766bf75f0f43fd3a")
  }

  @Test(
    "A count that was altered, taken away or put in is found",
    arguments: [
      ("one more", "UPDATE audit SET count = count + 1 WHERE seq = 2", AuditFault.altered(2)),
      ("none any more", "UPDATE audit SET count = NULL WHERE seq = 2", .altered(2)),
      ("a count of what was decided", "UPDATE audit SET count = 1 WHERE seq = 1", .altered(1)),
      (
        "counts exchanged",
        "UPDATE audit SET count = CASE seq WHEN 2 THEN 2 ELSE 7 END WHERE seq > 1", .altered(2)
      ),
      ("the row removed", "DELETE FROM audit WHERE seq = 2", .missing(after: 1)),
      ("the last count cut off", "DELETE FROM audit WHERE seq = 3", .cutOff(after: 2, of: 3)),
    ])
  func altered(_ label: String, _ sql: String, _ fault: AuditFault) async throws {
    try await withCatalogPath { path in
      let catalog = try TableCatalog.open(at: path, mode: .readWrite)
      try await catalog.recordRefusal(makeUpload(1, code: "empty"), at: 5)
      try await catalog.record([read("sales@3"): 7, turnedAway("busy"): 2])
      #expect(try await catalog.verifyAudit().isSound)
      let attacker = try DatabaseQueue(path: path)
      try await attacker.write { try $0.execute(sql: sql) }
      try attacker.close()
      #expect(try await catalog.verifyAudit().fault == fault, "\(label)")
      try await catalog.close()
    }
  }

  @Test("Where one row cannot be written none is, and what comes later is")
  func allOrNone() async throws {
    try await withCatalog { catalog in
      try await catalog.commits.write { database in
        try database.execute(
          sql: """
            CREATE TRIGGER refusal BEFORE INSERT ON audit WHEN NEW.subject = 'sales@3'
            BEGIN SELECT RAISE(ABORT, 'no'); END
            """)
      }
      await #expect(throws: CatalogError.io("SQLITE_CONSTRAINT")) {
        try await catalog.record([read("costs@1"): 1, read("sales@3"): 1, turnedAway("busy"): 1])
      }
      await #expect(throws: CatalogError.outOfRange) { try await catalog.record([read("costs@1"): .max]) }
      #expect(try await catalog.auditEvents(limit: 10).isEmpty)
      try await catalog.record([read("costs@1"): 1])
      #expect(try await catalog.auditEvents(limit: 10).map(\.subject) == ["costs@1"])
    }
  }

  @Test("Nothing that was counted is no commit")
  func nothing() async throws {
    try await withCatalog { catalog in
      let before = catalog.commitActivity
      try await catalog.record([:])
      #expect(catalog.commitActivity == before)
    }
  }

  @Test(
    "The audit log of an older program is read without counts, and takes them in once it is migrated, every hash kept",
    arguments: 1..<CatalogSchema.version)
  func older(version: Int) async throws {
    try await withCatalogPath { path in
      try writeOlderCatalog(at: path, version: version)
      let reader = try TableCatalog.open(at: path, mode: .readOnly)
      let before = try await reader.auditEvents(limit: 10)
      #expect(before.count == 2 && before.allSatisfy { $0.count == nil })
      let head = version < 4 ? nil : try await reader.auditHead()
      if head != nil { #expect(try await reader.verifyAudit().isSound) }
      try await reader.close()

      let catalog = try TableCatalog.open(at: path, mode: .readWrite)
      try await catalog.record([read("sales@1"): 4])
      let after = try await catalog.auditEvents(limit: 10)
      #expect(after.map(\.count) == [nil, nil, 4])
      if head != nil { #expect(Array(after.prefix(2)) == before) }
      let found = try await catalog.verifyAudit(holding: head)
      #expect(found.isSound && found.rows == 3)
      try await catalog.close()
    }
  }
}
