// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Testing
import Validation

@testable import Catalog

@Suite("Commits that are shared")
struct GroupCommitTests {
  @Test("Many publications at once share commits; each is answered with its own version, and all are there")
  func shared() async throws {
    try await withCatalog { catalog in
      let before = catalog.commitActivity
      try await withThrowingTaskGroup(of: (Int, [TableVersion]).self) { group in
        for number in 1...120 {
          let request = try makeRequest(number, names: ["table-\(number)"], table: number)
          group.addTask { (number, try await catalog.publish(request)) }
        }
        for try await (number, versions) in group { #expect(versions.map(\.name) == ["table-\(number)"]) }
      }
      let activity = catalog.commitActivity
      #expect(activity.changes - before.changes == 120)
      #expect(activity.commits - before.commits <= 40)
      #expect(try await catalog.latestTables(limit: 1_000).count == 120)
      #expect(try await catalog.auditEvents(limit: 1_000).count == 240)
    }
  }

  @Test("A publication that is refused leaves those that share its commit as they are")
  func refusedAmongOthers() async throws {
    try await withCatalog { catalog in
      _ = try await catalog.publish(try makeRequest(1, names: ["taken"]))
      let outcomes = await withTaskGroup(of: (Int, CatalogError?).self) { group in
        for number in 2...41 {
          group.addTask {
            let isBob = number.isMultiple(of: 4)
            do throws(CatalogError) {
              let request = try? makeRequest(
                number, names: isBob ? ["new-\(number)", "taken"] : ["t-\(number)"], table: number,
                principal: isBob ? "bob" : "ann")
              guard let request else { return (number, .corrupt) }
              _ = try await catalog.publish(request)
              return (number, nil)
            } catch { return (number, error) }
          }
        }
        return await group.reduce(into: [Int: CatalogError?]()) { $0[$1.0] = $1.1 }
      }
      for (number, error) in outcomes {
        #expect(error == (number.isMultiple(of: 4) ? .nameTaken("taken") : nil), "\(number)")
      }
      let names = try await catalog.latestTables(limit: 100).map(\.name)
      #expect(names.count == 31 && !names.contains { $0.hasPrefix("new-") })
    }
  }

  @Test("What undoes a change that shares its commit is kept in memory, and not in a file outside the store")
  func undoneFromMemory() async throws {
    try await withCatalog { catalog in
      try await catalog.commits.write { database in
        try database.execute(sql: "CREATE TABLE pages (content BLOB)")
        for _ in 0..<100 { try database.execute(sql: "INSERT INTO pages VALUES (zeroblob(3000))") }
      }
      let opened = try await catalog.commits.write { database in
        try database.execute(sql: "UPDATE pages SET content = randomblob(3000)")
        let files = FileManager.default
        let numbers = try files.contentsOfDirectory(atPath: "/proc/self/fd")
        // One may be closed meanwhile.
        return numbers.compactMap { try? files.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)") }
      }
      #expect(opened.contains { $0.hasSuffix("-wal") })
      #expect(!opened.contains { $0.contains("etilqs") })
    }
  }

  @Test("What was committed in a group is there when the catalog is opened anew")
  func durable() async throws {
    try await withCatalogPath { path in
      let catalog = try TableCatalog.open(at: path, mode: .readWrite)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 1...20 {
          let request = try makeRequest(number, names: ["t\(number)"], table: number)
          group.addTask { _ = try await catalog.publish(request) }
        }
        try await group.waitForAll()
      }
      // Not closed: another opens it as after a crash.
      let other = try TableCatalog.open(at: path, mode: .readOnly)
      #expect(try await other.latestTables(limit: 100).count == 20)
      try await other.close()
      try await catalog.close()
    }
  }

  @Test("A commit waits a little for decisions that were announced, and not for long")
  func announced() async throws {
    try await withCatalog { catalog in
      var shared = 0
      let announced = (1...4).map { _ in catalog.expectDecision() }
      for number in stride(from: 1, through: 39, by: 2) {
        let before = catalog.commitActivity.commits
        let first = try makeRequest(number, names: ["t-\(number)"], table: number)
        let second = try makeRequest(number + 1, names: ["t-\(number + 1)"], table: number + 1)
        async let published = catalog.publish(first)
        try await Task.sleep(for: .milliseconds(1))
        _ = try await catalog.publish(second)
        _ = try await published
        if catalog.commitActivity.commits == before + 1 { shared += 1 }
      }
      // Each might have come too late on a machine that is busy; all of them cannot.
      #expect(shared > 0)

      withExtendedLifetime(announced) {}
      #expect(try await catalog.latestTables(limit: 100).count == 40)
    }
  }
}
