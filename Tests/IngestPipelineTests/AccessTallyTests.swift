// SPDX-License-Identifier: Apache-2.0

import Catalog
import Foundation
import IngestPipeline
import Testing

@Suite("Counts that go to the audit log")
struct AccessTallyTests {
  private func withCatalog(_ body: (TableCatalog) async throws -> Void) async throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("tally-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: directory) }
    let catalog = try TableCatalog.open(at: directory.appendingPathComponent("catalog.sqlite").path, mode: .readWrite)
    try await body(catalog)
    try await catalog.close()
  }

  private func rows(_ catalog: TableCatalog) async throws -> [String] {
    try await catalog.auditEvents(limit: 100).map { event in
      let minute = event.at / 60_000_000
      return "\(minute) \(event.actor) \(event.action) \(event.code ?? event.subject) \(event.count ?? 0)"
    }
  }

  @Test("Once a minute what was counted in minutes that are over is written, and at the end the rest")
  func written() async throws {
    try await withCatalog { catalog in
      let tally = AccessTally()
      tally.noteRead("sales", 3, by: "ann", at: 60_000_001)
      tally.noteRead("sales", 3, by: "ann", count: 9, at: 119_999_999)
      tally.noteRead(original: "0a", by: "ann", at: 60_000_001)
      tally.noteTurnedAway("busy", by: "bob", at: 60_000_001)
      tally.noteTurnedAway("busy", by: "bob", at: 120_000_000)
      try await tally.write(to: catalog, at: 61_000_000)
      #expect(try await rows(catalog) == ["2 bob turnAway busy 1"])
      try await tally.write(to: catalog, at: 180_000_000)
      let all = ["2 bob turnAway busy 1", "1 ann read 0a 1", "1 ann read sales@3 10", "1 bob turnAway busy 1"]
      #expect(try await rows(catalog) == all)
      tally.noteRead("sales", 4, by: "ann", at: 180_000_001)
      try await tally.write(to: catalog, at: 181_000_000)
      #expect(try await rows(catalog) == all)
      try await tally.write(to: catalog, at: nil)
      #expect(try await rows(catalog) == all + ["3 ann read sales@4 1"])
      #expect(try await catalog.verifyAudit().isSound)
    }
  }

  @Test("What could not be written is kept, goes on to be counted, and is written once")
  func failed() async throws {
    let tally = AccessTally()
    tally.noteRead("sales", 3, by: "ann", count: 5, at: 60_000_001)
    try await withCatalog { closed in
      try await closed.close()
      for _ in 0..<3 {
        await #expect(throws: CatalogError.closed) { try await tally.write(to: closed, at: nil) }
      }
    }
    tally.noteRead("sales", 3, by: "ann", at: 60_000_002)
    try await withCatalog { catalog in
      try await tally.write(to: catalog, at: nil)
      try await tally.write(to: catalog, at: nil)
      #expect(try await rows(catalog) == ["1 ann read sales@3 6"])
    }
  }

  @Test("Whoever counts while others do and while it is written, nothing is lost and nothing counted twice")
  func atOnce() async throws {
    try await withCatalog { catalog in
      let tally = AccessTally()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<4 {
          group.addTask { for number in 0..<5_000 { tally.noteRead("t", number % 3, by: "ann", at: 60_000_000) } }
        }
        group.addTask { for _ in 0..<20 { try await tally.write(to: catalog, at: nil) } }
        try await group.waitForAll()
      }
      try await tally.write(to: catalog, at: nil)
      let events = try await catalog.auditEvents(limit: 1_000)
      #expect(events.reduce(0) { $0 + ($1.count ?? 0) } == 20_000)
      #expect(try await catalog.verifyAudit().isSound)
    }
  }
}
