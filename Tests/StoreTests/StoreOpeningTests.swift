// SPDX-License-Identifier: Apache-2.0

import Catalog
import Foundation
import Store
import Testing

@Suite("Opening the store")
struct StoreOpeningTests {
  @Test(
    "A missing or empty directory becomes a store that only its user can enter",
    arguments: [
      "", "/new", "/new/", "/empty", "/volume",
    ])
  func creates(below: String) async throws {
    try await withTemporaryDirectory { parent in
      let path = parent + below
      if below == "/empty" { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false) }
      if below == "/volume" {
        try FileManager.default.createDirectory(atPath: path + "/lost+found", withIntermediateDirectories: true)
      }
      let store = try TableStore.open(at: path, mode: .readWrite)
      #expect(try String(contentsOfFile: path + "/ingest-store", encoding: .utf8) == "ingest-store 1\n")
      for folder in ["/tables", "/scratch"] {
        #expect(try permissions(path + folder) == 0o700)
      }
      if below.hasPrefix("/new") { #expect(try permissions(path) == 0o700) }
      #expect(try permissions(path + "/catalog.sqlite") == 0o600)
      #expect(try permissions(path + "/catalog.sqlite-wal") == 0o600)
      try await store.close()
    }
  }

  @Test("Somebody's folder is refused and left as it is", arguments: [TableStore.Mode.readWrite, .readOnly])
  func foreignFolder(mode: TableStore.Mode) async throws {
    try await withTemporaryDirectory { path in
      try Data("mine".utf8).write(to: URL(fileURLWithPath: path + "/letter.txt"))
      #expect(throws: StoreError.notAStore(path)) { try TableStore.open(at: path, mode: mode) }
      #expect(try tree(path) == ["letter.txt"])
    }
  }

  @Test("Read-only, nothing is made", arguments: ["", "/missing", "/file", "/file/below"])
  func readOnlyMakesNothing(below: String) async throws {
    try await withTemporaryDirectory { path in
      if below.hasPrefix("/file") { try Data().write(to: URL(fileURLWithPath: path + "/file")) }
      let before = try tree(path)
      #expect(throws: StoreError.notAStore(path + below)) { try TableStore.open(at: path + below, mode: .readOnly) }
      #expect(try tree(path) == before)
    }
  }

  @Test(
    "A marker decides what is opened",
    arguments: [
      ("ingest-store 2\n", StoreError?.some(.newerStore(2))), ("ingest-store 1\n", nil),
      ("ingest-store 1", .notAStore("")), ("ingest-store 0\n", .notAStore("")), ("ingest-store -1\n", .notAStore("")),
      ("", .notAStore("")), ("ingest-store 99999999999999999999\n", .notAStore("")),
      (String(repeating: "x", count: 100), .notAStore("")),
    ])
  func marker(content: String, expected: StoreError?) async throws {
    try await withTemporaryDirectory { path in
      try await TableStore.open(at: path, mode: .readWrite).close()
      let marker = URL(fileURLWithPath: path + "/ingest-store")
      try FileManager.default.removeItem(at: marker)
      try Data(content.utf8).write(to: marker)
      for mode in [TableStore.Mode.readWrite, .readOnly] {
        let found: StoreError?
        do throws(StoreError) {
          _ = try TableStore.open(at: path, mode: mode)
          found = nil
        } catch { found = error }
        #expect(found == (expected == .notAStore("") ? .notAStore(path) : expected))
      }
    }
  }

  @Test("A store that was killed while it was made is completed by the next start")
  func completes() async throws {
    try await withTemporaryDirectory { path in
      try Data("ingest-store 1\n".utf8).write(to: URL(fileURLWithPath: path + "/ingest-store"))
      let store = try TableStore.open(at: path, mode: .readWrite)
      let id = hex(1)
      _ = try await store.publish([try store.makeFile("x", id: id)], try makeRequest(1, tables: [(id, 1)]))
      try await store.close()
    }
  }

  @Test("A closed store is read as it was left, and read-only opening changes nothing in it")
  func readOnly() async throws {
    try await withTemporaryDirectory { path in
      let store = try TableStore.open(at: path, mode: .readWrite)
      let id = hex(1)
      let published = try await store.publish([try store.makeFile("x", id: id)], try makeRequest(1, tables: [(id, 1)]))
      try await store.close()
      let before = try tree(path).filter { !$0.hasPrefix("catalog.sqlite-") }
      let reader = try TableStore.open(at: path, mode: .readOnly)
      #expect(try await reader.catalog.latestTables(limit: 10) == published)
      #expect(try text(of: try reader.openTable(id: id)) == "x")
      #expect(throws: StoreError.readOnly) { _ = try reader.makeOutput() }
      #expect(throws: StoreError.readOnly) { _ = try reader.makeScratchFile() }
      await #expect(throws: StoreError.readOnly) { try await reader.publish([], try makeRequest(2, tables: [])) }
      try await reader.close()
      #expect(try tree(path).filter { !$0.hasPrefix("catalog.sqlite-") } == before)
    }
  }

  @Test(
    "A store on a medium that cannot be written is read",
    .enabled(if: geteuid() != 0, "permissions do not bind root"))
  func readOnlyMedium() async throws {
    try await withTemporaryDirectory { path in
      let store = try TableStore.open(at: path, mode: .readWrite)
      let id = hex(1)
      let published = try await store.publish([try store.makeFile("x", id: id)], try makeRequest(1, tables: [(id, 1)]))
      try await store.close()
      for file in ["catalog.sqlite-wal", "catalog.sqlite-shm"] {
        try? FileManager.default.removeItem(atPath: "\(path)/\(file)")
      }
      try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: path)
      defer { try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path) }
      let reader = try TableStore.open(at: path, mode: .readOnly)
      #expect(try await reader.catalog.latestTables(limit: 10) == published)
      #expect(try text(of: try reader.openTable(id: id)) == "x")
      try await reader.close()
      #expect(throws: StoreError.readOnly) { try TableStore.open(at: path + "/new", mode: .readWrite) }
    }
  }

  @Test("A closed store can be closed again, and gives out nothing more")
  func closedTwice() async throws {
    try await withStore { store, path in
      try await store.close()
      #expect(throws: StoreError.self) { _ = try store.makeScratchFile() }
      await #expect(throws: StoreError.catalog(.closed)) { try await store.publish([], try makeRequest(1, tables: [])) }
      #expect(try tree(path + "/scratch").isEmpty)
    }
  }

  @Test("Many that open a new store at once all succeed, and work side by side")
  func openedAtOnce() async throws {
    try await withTemporaryDirectory { path in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 1...6 {
          group.addTask {
            let store = try TableStore.open(at: path, mode: .readWrite)
            let (id, shared) = (hex(number), hex(999))
            let files = [try store.makeFile("own", id: id), try store.makeFile("shared", id: shared)]
            let request = try makeRequest(number, tables: [(id, 3), (shared, 6)])
            #expect(try await store.publish(files, request).count == 2)
            try await store.close()
          }
        }
        try await group.waitForAll()
      }
      let reader = try TableStore.open(at: path, mode: .readOnly)
      let first = try #require(try await reader.catalog.latestTables(limit: 1).first)
      #expect(first.version == 6)
      try await reader.close()
    }
  }
}
