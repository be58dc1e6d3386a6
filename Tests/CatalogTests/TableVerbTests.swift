// SPDX-License-Identifier: Apache-2.0

import Testing
import Validation

@testable import Catalog

@Suite("Verbs of published tables")
struct TableVerbTests {
  private func change(_ text: String, by principal: String = "ann", at time: Int64 = 1_000) throws -> TableChange {
    TableChange(try name(text), by: principal, at: time)
  }

  private func tag(_ text: String) throws -> TableTag { try #require(TableTag(text)) }

  /// Runs `body` with three versions of `sales`, ann's, and `costs`, bob's.
  private func withTables(_ body: (TableCatalog) async throws -> Void) async throws {
    try await withCatalog { catalog in
      for number in 1...3 { _ = try await catalog.publish(try makeRequest(number, names: ["Sales"])) }
      _ = try await catalog.publish(try makeRequest(4, names: ["costs"], principal: "bob"))
      try await body(catalog)
      #expect(try await catalog.damages() == [])
      #expect(try await catalog.verifyAudit().isSound)
    }
  }

  /// What the newest rows of the audit log say.
  private func audited(_ catalog: TableCatalog, after sequence: Int64) async throws -> [String] {
    try await catalog.auditEvents(after: sequence, limit: 100).map { "\($0.actor) \($0.action) \($0.subject)" }
  }

  // MARK: Renaming

  @Test("A table is renamed with all its versions, tags and uploads, and the old name is free")
  func rename() async throws {
    try await withTables { catalog in
      _ = try await catalog.tag(try change("sales"), .number(2), as: try tag("good"))
      _ = try await catalog.delete(try change("sales"), .number(1))
      let before = try await catalog.auditHead().sequence
      let renamed = try #require(try await catalog.rename(try change("SALES"), to: try name("Revenue")))
      #expect(renamed.reference == "Revenue@3")
      #expect(try await catalog.versions(of: name("revenue")).map(\.reference) == ["Revenue@3", "Revenue@2"])
      #expect(try await catalog.table(named: name("revenue"), .tag(tag("good")))?.version == 2)
      #expect(try await catalog.upload(id: hex(2, digits: 32))?.tables.map(\.reference) == ["Revenue@2"])
      #expect(try await catalog.table(named: name("sales")) == nil)
      #expect(try await audited(catalog, after: before) == ["ann rename Sales Revenue"])
      #expect(try await catalog.restore(try change("revenue"), version: 1)?.map(\.reference) == ["Revenue@1"])
      #expect(try await catalog.publish(try makeRequest(9, names: ["sales"], principal: "bob"))[0].version == 1)
    }
  }

  @Test("Another spelling of the same name is a new name")
  func respelled() async throws {
    try await withTables { catalog in
      let renamed = try await catalog.rename(try change("sales"), to: try name("SALES"))
      let versions = try await catalog.versions(of: name("sales"))
      #expect(renamed?.name == "SALES" && versions.map(\.name) == ["SALES", "SALES", "SALES"])
    }
  }

  @Test("A name that is taken, exists or is kept for deleted versions cannot be had, and nothing changes")
  func unavailable() async throws {
    try await withTables { catalog in
      _ = try await catalog.publish(try makeRequest(5, names: ["mine"]))
      _ = try await catalog.publish(try makeRequest(6, names: ["gone"]))
      _ = try await catalog.delete(try change("gone"), nil)
      let before = try await catalog.auditHead()
      for (target, error) in [
        ("costs", CatalogError.nameTaken("costs")), ("mine", .nameExists("mine")), ("gone", .nameRetained("gone")),
      ] {
        await #expect(throws: error) { try await catalog.rename(try change("sales"), to: try name(target)) }
      }
      await #expect(throws: CatalogError.nameTaken("costs")) {
        try await catalog.rename(try change("costs"), to: try name("free"))
      }
      #expect(try await catalog.rename(try change("gone"), to: try name("free")) == nil)
      #expect(try await catalog.rename(try change("none"), to: try name("free")) == nil)
      #expect(try await catalog.auditHead() == before)
    }
  }

  // MARK: Tags

  @Test("A tag is on one version of a table at a time, and moves only where the condition holds")
  func tags() async throws {
    try await withTables { catalog in
      let good = try tag("latest-good")
      let before = try await catalog.auditHead().sequence
      #expect(try await catalog.tag(try change("sales"), .number(1), as: good, replacing: 0)?.version == 1)
      await #expect(throws: CatalogError.conditionFailed(actual: 1)) {
        try await catalog.tag(try change("sales"), .latest, as: good, replacing: 2)
      }
      #expect(try await catalog.tag(try change("sales"), .latest, as: good, replacing: 1)?.version == 3)
      #expect(try await catalog.tags(of: name("sales")) == ["latest-good": 3])
      #expect(try await catalog.table(named: name("sales"), .tag(good))?.version == 3)
      #expect(try await catalog.table(named: name("costs"), .tag(good)) == nil)
      #expect(try await catalog.tag(try change("sales"), .number(4), as: good) == nil)
      await #expect(throws: CatalogError.nameTaken("costs")) {
        try await catalog.tag(try change("costs"), .latest, as: good)
      }
      #expect(try await catalog.untag(try change("sales"), good, from: 3)?.version == 3)
      #expect(try await catalog.untag(try change("sales"), good) == nil)
      #expect(
        try await audited(catalog, after: before) == [
          "ann tag Sales@1 latest-good", "ann tag Sales@3 latest-good", "ann untag Sales@3 latest-good",
        ])
    }
  }

  @Test("A deleted version's tag means nothing until it is restored")
  func hiddenTag() async throws {
    try await withTables { catalog in
      let good = try tag("good")
      _ = try await catalog.tag(try change("sales"), .number(2), as: good)
      _ = try await catalog.delete(try change("sales"), .tag(good))
      #expect(try await catalog.table(named: name("sales"), .tag(good)) == nil)
      #expect(try await catalog.tags(of: name("sales")).isEmpty)
      _ = try await catalog.restore(try change("sales"), version: 2)
      #expect(try await catalog.table(named: name("sales"), .tag(good))?.version == 2)
    }
  }

  @Test(
    "References are names, versions, tags or ids",
    arguments: [
      ("sales", "named latest"), ("sales@3", "number 3"), ("sales@latest-good", "tag latest-good"), (hex(7), "id"),
      ("sales@0", ""), ("sales@-1", ""), ("sales@", ""), ("@3", ""), ("sales@3x", ""), ("sales@a.csv", ""),
      ("sales@é", ""), ("a@b@c", ""), ("", ""), ("sales@" + String(repeating: "a", count: 65), ""),
    ])
  func references(_ text: String, _ meaning: String) {
    let found =
      switch TableReference(text) {
      case .named(_, .latest): "named latest"
      case .named(_, .number(let number)): "number \(number)"
      case .named(_, .tag(let tag)): "tag \(tag.text)"
      case .id: "id"
      case nil: ""
      }
    #expect(found == meaning)
  }

  // MARK: Deleting

  @Test("Deleting the latest version makes the newest that remains the latest; no lookup shows what is deleted")
  func deleteLatest() async throws {
    try await withTables { catalog in
      let before = try await catalog.auditHead().sequence
      #expect(try await catalog.delete(try change("sales"), .number(3))?.map(\.version) == [3])
      #expect(try await catalog.table(named: name("sales"))?.version == 2)
      #expect(try await catalog.table(named: name("sales"), version: 3) == nil)
      #expect(try await catalog.table(id: hex(300)) == nil)
      #expect(try await catalog.versions(of: name("sales")).map(\.version) == [2, 1])
      #expect(try await catalog.upload(id: hex(3, digits: 32))?.tables == [])
      #expect(try await catalog.latestTables(limit: 10).map(\.reference) == ["costs@1", "Sales@2"])
      #expect(try await catalog.delete(try change("sales"), .number(3)) == nil)
      #expect(try await catalog.restore(try change("sales"), version: 3)?.map(\.version) == [3])
      #expect(try await catalog.table(named: name("sales"))?.version == 3)
      #expect(try await catalog.restore(try change("sales"), version: nil) == nil)
      #expect(try await audited(catalog, after: before) == ["ann delete Sales@3", "ann restore Sales@3"])
    }
  }

  @Test("A number is never given twice, also where the version that had it was deleted or collected")
  func numbers() async throws {
    try await withTables { catalog in
      _ = try await catalog.delete(try change("sales"), .number(3))
      #expect(try await catalog.publish(try makeRequest(5, names: ["sales"]))[0].version == 4)
      _ = try await catalog.delete(try change("sales"), .number(4))
      #expect(try await catalog.collect(deletedBefore: 2_000, by: "ann", at: 2_000).count == 2)
      #expect(try await catalog.publish(try makeRequest(6, names: ["sales"]))[0].version == 5)
    }
  }

  @Test("Deleting all versions hides the name, and keeps it for its own principal until they are collected")
  func deleteAll() async throws {
    try await withTables { catalog in
      await #expect(throws: CatalogError.conditionFailed(actual: 3)) {
        try await catalog.delete(try change("sales"), nil, ifLatest: 2)
      }
      #expect(try await catalog.delete(try change("sales"), nil, ifLatest: 3)?.map(\.version) == [3, 2, 1])
      #expect(try await catalog.latestTables(limit: 10).map(\.name) == ["costs"])
      await #expect(throws: CatalogError.nameTaken("sales")) {
        try await catalog.publish(try makeRequest(7, names: ["sales"], principal: "bob"))
      }
      await #expect(throws: CatalogError.nameTaken("sales")) {
        try await catalog.restore(try change("sales", by: "bob"), version: nil)
      }
      #expect(try await catalog.publish(try makeRequest(8, names: ["sales"], onlyCreate: true))[0].version == 4)
      _ = try await catalog.delete(try change("sales"), nil)
      _ = try await catalog.collect(deletedBefore: 2_000, by: "ann", at: 2_000)
      #expect(try await catalog.restore(try change("sales"), version: nil) == nil)
      #expect(try await catalog.publish(try makeRequest(9, names: ["sales"], principal: "bob"))[0].version == 1)
    }
  }

  // MARK: Collecting

  @Test("Only what was deleted long enough ago is collected, with its files, tags and readings")
  func collect() async throws {
    try await withTables { catalog in
      _ = try await catalog.tag(try change("sales"), .number(1), as: try tag("old"))
      _ = try await catalog.delete(try change("sales", at: 1_000), .number(1))
      _ = try await catalog.delete(try change("sales", at: 2_000), .number(2))
      #expect(try await catalog.versions(deletedBefore: 1_000).isEmpty)
      #expect(try await catalog.versions(deletedBefore: 1_001).map(\.isLast) == [true])
      let before = try await catalog.auditHead().sequence
      let gone = try await catalog.collect(deletedBefore: 1_001, by: "op", at: 3_000)
      #expect(gone.map(\.version.reference) == ["Sales@1"])
      #expect(try await audited(catalog, after: before) == ["op collect Sales@1"])
      #expect(try await catalog.unreferenced([hex(100), hex(200), hex(300)]) == [hex(100)])
      #expect(try await catalog.reading(derivation: hex(1), scope: "ann") == nil)
      #expect(try await catalog.reading(derivation: hex(2), scope: "ann") != nil)
      #expect(try await catalog.collect(deletedBefore: 1_001, by: "op", at: 3_000).isEmpty)
    }
  }

  @Test("A table that another name or scope shows too keeps its file")
  func shared() async throws {
    try await withCatalog { catalog in
      _ = try await catalog.publish(try makeRequest(1, names: ["a"], table: 7, derivation: 5))
      _ = try await catalog.publish(try makeRequest(2, names: ["b"], table: 7, derivation: 5))
      _ = try await catalog.publish(try makeRequest(3, names: ["c"], table: 7, principal: "bob", derivation: 5))
      for (index, (text, principal)) in [("a", "ann"), ("c", "bob"), ("b", "ann")].enumerated() {
        _ = try await catalog.delete(try change(text, by: principal), nil)
        _ = try await catalog.collect(deletedBefore: 2_000, by: "op", at: 2_000)
        #expect(try await catalog.unreferenced([hex(7)]) == (index == 2 ? [hex(7)] : []))
      }
      #expect(try await catalog.damages() == [])
    }
  }

  @Test("A reading that lost one of its tables is not reused, and is known again once it was read again")
  func partial() async throws {
    try await withCatalog { catalog in
      let request = try makeRequest(1, names: ["a", "b"], table: 7, derivation: 5)
      _ = try await catalog.publish(request)
      _ = try await catalog.delete(try change("a"), nil)
      _ = try await catalog.collect(deletedBefore: 2_000, by: "op", at: 2_000)
      #expect(try await catalog.unreferenced([hex(7), hex(8)]) == [hex(7)])
      #expect(try await catalog.reading(derivation: hex(5), scope: "ann") == nil)
      _ = try await catalog.publish(try makeRequest(2, names: ["a", "b"], table: 7, derivation: 5))
      #expect(try await catalog.unreferenced([hex(7), hex(8)]).isEmpty)
      #expect(try await catalog.reading(derivation: hex(5), scope: "ann") == request.outputs)
      #expect(try await catalog.damages() == [])
    }
  }

  @Test("A file's digest is recorded once, and goes with the file")
  func digests() async throws {
    try await withTables { catalog in
      try await catalog.recordDigest(hex(77), ofFile: hex(100))
      try await catalog.recordDigest(hex(78), ofFile: hex(100))
      try await catalog.recordDigest(hex(79), ofFile: hex(101))
      let digests = try await [catalog.digest(ofFile: hex(100)), catalog.digest(ofFile: hex(101))]
      #expect(digests == [hex(77), nil], "nothing refers to the other")
      await #expect(throws: CatalogError.invalidRequest(.malformedID)) {
        try await catalog.recordDigest("x", ofFile: hex(100))
      }
      _ = try await catalog.delete(try change("sales"), .number(1))
      _ = try await catalog.collect(deletedBefore: 2_000, by: "op", at: 2_000)
      #expect(try await catalog.digest(ofFile: hex(100)) == nil)
    }
  }

  @Test("The counts tell what is shown, deleted and stored")
  func counts() async throws {
    try await withTables { catalog in
      _ = try await catalog.delete(try change("sales"), .number(1))
      try await catalog.recordRefusal(makeUpload(9, code: "empty"), at: 1)
      let counts = try await catalog.counts()
      #expect(counts.tables == 2 && counts.versions == 3 && counts.deletedVersions == 1)
      #expect(counts.accepted == 4 && counts.refused == 1 && counts.uploadedBytes == 5_000)
      #expect(counts.tableFiles == 4 && counts.tableBytes == 4 * 4_096 && counts.rejectsFiles == 0)
      #expect(counts.rejectedRecords == 3 && counts.auditRows == 10)
    }
  }
}
