// SPDX-License-Identifier: Apache-2.0

import Catalog
import FileDescriptors
import Foundation
import Glibc
import Synchronization
import Testing
import Validation

@testable import Store

@Suite("Collecting what a store does not need")
struct CollectingTests {
  private static func now() -> Int64 { Int64(Date().timeIntervalSince1970 * 1_000_000) }

  /// A request by which everything is old enough.
  private func request(retention: Duration = .zero, grace: Duration = .zero, later: Int64 = 1_000_000)
    -> CollectionRequest
  {
    CollectionRequest(retention: retention, grace: grace, actor: "op", now: Self.now() + later)
  }

  private func publish(_ store: TableStore, _ number: Int, name: String = "table") async throws {
    let file = try store.makeFile("hello", id: hex(number))
    _ = try await store.publish([file], try makeRequest(number, tables: [(hex(number), 5)], name: name))
  }

  private func delete(_ store: TableStore, _ text: String) async throws {
    let name = try #require(TableName(exactly: text))
    #expect(try await store.catalog.delete(TableChange(name, by: "ann", at: Self.now()), nil) != nil)
  }

  @Test("A file that nothing refers to goes once it is older than the grace time, and nothing else does")
  func orphans() async throws {
    try await withStore { store, path in
      try await publish(store, 1)
      _ = try store.link(try store.makeFile("orphan", id: hex(2)).descriptor, asTable: hex(2))
      try "mine".write(toFile: "\(path)/tables/02/notes.txt", atomically: true, encoding: .utf8)
      let young = try await store.collect(request(grace: .seconds(60)))
      #expect(young.files == 0 && young.youngFiles == 1)
      let dry = try await store.collectable(request())
      #expect(dry.files == 1 && dry.bytes == 6 && dry.youngFiles == 0)
      #expect(FileManager.default.fileExists(atPath: filePath(path, hex(2))))
      let collected = try await store.collect(request())
      #expect(collected.files == 1 && collected.bytes == 6)
      #expect(!FileManager.default.fileExists(atPath: filePath(path, hex(2))))
      #expect(FileManager.default.fileExists(atPath: filePath(path, hex(1))))
      #expect(FileManager.default.fileExists(atPath: "\(path)/tables/02/notes.txt"))
      #expect(try await store.collect(request()) == CollectionReport())
    }
  }

  @Test("A file of the future, as after a clock that jumped, stays")
  func future() async throws {
    try await withStore { store, path in
      _ = try store.link(try store.makeFile("orphan", id: hex(2)).descriptor, asTable: hex(2))
      #expect(try await store.collect(request(later: -3_600_000_000)).youngFiles == 1)
      #expect(FileManager.default.fileExists(atPath: filePath(path, hex(2))))
    }
  }

  @Test("A deleted version goes with its file after its retention, not before")
  func retention() async throws {
    try await withStore { store, path in
      try await publish(store, 1)
      try await delete(store, "table-0")
      #expect(try await store.collect(request(retention: .seconds(3600))) == CollectionReport())
      let dry = try await store.collectable(request())
      #expect(dry.versions == ["table-0@1"] && dry.files == 1 && dry.bytes == 5)
      let collected = try await store.collect(request())
      #expect(collected == dry)
      #expect(!FileManager.default.fileExists(atPath: filePath(path, hex(1))))
      // The same table can come again.
      let again = try store.makeFile("hello", id: hex(1))
      _ = try await store.publish([again], try makeRequest(2, tables: [(hex(1), 5)]))
      #expect(try await store.catalog.latestTables(limit: 10).count == 1)
    }
  }

  @Test("A crash after the rows went, and before the files did, leaves files for the next time")
  func crash() async throws {
    try await withStore { store, path in
      try await publish(store, 1)
      try await delete(store, "table-0")
      _ = try await store.catalog.collect(deletedBefore: .max, by: "op", at: 1)
      #expect(try await store.catalog.damages() == [])
      #expect(FileManager.default.fileExists(atPath: filePath(path, hex(1))))
      #expect(try await store.collect(request()).files == 1)
    }
  }

  @Test("A store that was opened read-only is looked at, and collects nothing")
  func readOnly() async throws {
    try await withStore { store, path in
      try await publish(store, 1)
      try await delete(store, "table-0")
      let reader = try TableStore.open(at: path, mode: .readOnly)
      #expect(try await reader.collectable(request()).files == 1)
      await #expect(throws: StoreError.readOnly) { try await reader.collect(request()) }
      try await reader.close()
    }
  }

  @Test("The directories of killed processes are counted before they go")
  func scratch() async throws {
    try await withStore { store, path in
      let left = String(repeating: "a", count: 32)
      try FileManager.default.createDirectory(atPath: "\(path)/scratch/\(left)", withIntermediateDirectories: false)
      #expect(try await store.collectable(request()).scratch == 1)
      let other = try TableStore.open(at: path, mode: .readWrite)
      #expect(try await other.collect(request()).scratch == 1)
      #expect(!FileManager.default.fileExists(atPath: "\(path)/scratch/\(left)"))
      try await other.close()
    }
  }

  @Test("While a publication is on its way the collector waits, and publications wait for the collector")
  func lock() async throws {
    try await withStore { _, path in
      let root = try OwnedDescriptor.open(path, flags: O_RDONLY | O_DIRECTORY)
      let first = try PublishingLock.shared(in: root)
      // Two publications do not keep each other waiting.
      try withExtendedLifetime(PublishingLock.shared(in: root)) {}
      let probe = try root.openDirectory("tables")
      #expect(try !probe.tryLock(), "a publication holds it")
      withExtendedLifetime(first) {}
    }
    try await withStore { _, path in
      let root = try OwnedDescriptor.open(path, flags: O_RDONLY | O_DIRECTORY)
      let alone = try PublishingLock.exclusive(in: root)
      for name in ["tables", "scratch"] { #expect(try !root.openDirectory(name).tryLock(), "\(name)") }
      withExtendedLifetime(alone) {}
    }
  }

  @Test("Publications that name files again while the collector removes them never lose one")
  func race() async throws {
    try await withTemporaryDirectory { path in
      let stores = try (0..<3).map { _ in try TableStore.open(at: path, mode: .readWrite) }
      let isDone = Atomic(false)
      let collector = stores[2]
      async let collections: Int = {
        var files = 0
        while !isDone.load(ordering: .acquiring) { files += try await collector.collect(request()).files }
        return files
      }()
      // Each round gives the same two tables their names again, after their versions were deleted.
      for round in 0..<40 {
        let store = stores[round % 2]
        for id in [hex(1), hex(2)] {
          let number = 1_000 + round * 2 + (id == hex(1) ? 0 : 1)
          let table = try store.makeFile("hello", id: id)
          _ = try await store.publish([table], try makeRequest(number, tables: [(id, 5)], name: "t\(number)"))
          #expect(FileManager.default.fileExists(atPath: filePath(path, id)), "round \(round)")
          try await delete(store, "t\(number)-0")
        }
      }
      isDone.store(true, ordering: .releasing)
      #expect(try await collections > 0, "the collector never met a file")
      #expect(try await collector.catalog.damages() == [])
      #expect(try await collector.catalog.verifyAudit().isSound)
      for store in stores { try await store.close() }
    }
  }
}
