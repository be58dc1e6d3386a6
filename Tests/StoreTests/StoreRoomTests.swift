// SPDX-License-Identifier: Apache-2.0

import Catalog
import Foundation
import Testing

@testable import Store

@Suite("Room in the store")
struct StoreRoomTests {
  private func publish(
    _ store: TableStore, _ number: Int, id: String, name: String = "table", quota: UInt64
  ) async throws -> PublicationResult {
    let file = try store.makeFile("hello", id: id)
    return try await store.publish([file], try makeRequest(number, tables: [(id, 5)], name: name), quota: quota)
  }

  private func isThere(_ id: String, _ path: String) -> Bool {
    FileManager.default.fileExists(atPath: filePath(path, id))
  }

  @Test("An upload for which there is no room, or whose name is taken, leaves no file; what was there stays")
  func refused() async throws {
    try await withStore { store, path in
      _ = try await publish(store, 1, id: hex(1), quota: 5)
      await #expect(throws: StoreError.catalog(.storeFull(limit: 5, actual: 10))) {
        try await publish(store, 2, id: hex(2), name: "other", quota: 5)
      }
      await #expect(throws: StoreError.catalog(.nameTaken("table-0"))) {
        let file = try store.makeFile("hello", id: hex(3))
        _ = try await store.publish([file], try makeRequest(3, tables: [(hex(3), 5)], principal: "bob"))
      }
      await #expect(throws: StoreError.catalog(.nameTaken("table-0"))) {
        let file = try store.makeFile("hello", id: hex(1))
        _ = try await store.publish([file], try makeRequest(4, tables: [(hex(1), 5)], principal: "bob"))
      }
      #expect(isThere(hex(1), path) && !isThere(hex(2), path) && !isThere(hex(3), path))
    }
  }

  @Test("What made room goes once nothing refers to it, and not where it was published again meanwhile")
  func again() async throws {
    try await withStore { store, path in
      _ = try await publish(store, 1, id: hex(1), quota: 5)
      let evicted = try await publish(store, 2, id: hex(2), quota: 5).evictedFiles
      #expect(evicted == [hex(1)] && isThere(hex(1), path))
      // The same content comes back before its file is removed.
      #expect(try await publish(store, 3, id: hex(1), quota: 10).evictedFiles == [])
      try await store.removeUnreferenced(evicted)
      #expect(isThere(hex(1), path))
      let last = try await publish(store, 4, id: hex(3), quota: 5).evictedFiles
      try await store.removeUnreferenced(last + [hex(9), "x"])
      #expect(!isThere(hex(1), path) && !isThere(hex(2), path) && isThere(hex(3), path))
    }
  }

  @Test("Two processes that push out what the other one publishes again never lose a file that is shown")
  func race() async throws {
    try await withTemporaryDirectory { path in
      let stores = try (0..<2).map { _ in try TableStore.open(at: path, mode: .readWrite) }
      let evicted = try await withThrowingTaskGroup(of: Int.self) { group in
        for (number, store) in stores.enumerated() {
          group.addTask {
            var evicted = 0
            for round in 0..<40 {
              // Two names, four contents, room for three.
              let id = hex(1 + (round + number) % 4)
              let result = try await publish(
                store, 1_000 * (number + 1) + round, id: id, name: "t\(round % 2)", quota: 15)
              try await store.removeUnreferenced(result.evictedFiles)
              evicted += result.evictedFiles.count
            }
            return evicted
          }
        }
        return try await group.reduce(0, +)
      }
      #expect(evicted > 20)
      for id in try await stores[0].catalog.tableIDs(after: "", limit: 10) { #expect(isThere(id, path)) }
      let left = try tree(path).filter { $0.hasSuffix(".arrow") }.count
      #expect(left == (try await stores[0].catalog.counts().tableFiles), "no more than is referred to")
      #expect(try await stores[0].catalog.damages() == [])
      #expect(try await stores[0].catalog.verifyAudit().isSound)
      for store in stores { try await store.close() }
    }
  }
}
