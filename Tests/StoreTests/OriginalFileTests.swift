// SPDX-License-Identifier: Apache-2.0

import Catalog
import FileDescriptors
import Foundation
import Glibc
import Synchronization
import Testing

@testable import Store

@Suite("Files of originals")
struct OriginalFileTests {
  private func keep(
    _ store: TableStore, _ number: Int, _ text: String, scope: String = "ann", until end: Int64 = .max,
    quota: UInt64 = 1_000
  ) async throws {
    let original = OriginalRecord(
      scope: scope, contentHash: hex(number), bytes: UInt64(text.utf8.count), keptAt: Int64(number), keptUntil: end)
    try await store.keep(try store.makeFile(text, id: hex(number)), as: original, quota: quota)
  }

  private func text(_ store: TableStore, _ number: Int) throws -> String {
    let file = try store.openOriginal(hex(number))
    var bytes = [UInt8](repeating: 0, count: Int(try file.size()))
    var span = bytes.mutableSpan
    _ = try file.pread(into: &span, at: 0)
    return String(decoding: bytes, as: UTF8.self)
  }

  private func path(_ root: String, _ number: Int) -> String {
    "\(root)/originals/\(hex(number).prefix(2))/\(hex(number))"
  }

  @Test("An original is one read-only file for all who sent it, and stays until the last of them gives it up")
  func shared() async throws {
    try await withStore { store, root in
      try await keep(store, 1, "hello")
      try await keep(store, 1, "hello", scope: "bob")
      #expect(try text(store, 1) == "hello")
      let mode = try FileManager.default.attributesOfItem(atPath: path(root, 1))[.posixPermissions] as? Int
      #expect(mode == 0o444)
      #expect(try await store.forgetOriginal(hex(1), scope: "ann", by: "ann", at: 1))
      #expect(try text(store, 1) == "hello")
      #expect(try await store.forgetOriginal(hex(1), scope: "bob", by: "bob", at: 1))
      #expect(throws: StoreError.notFound) { _ = try store.openOriginal(hex(1)).rawValue }
      #expect(try await store.forgetOriginal(hex(1), scope: "bob", by: "bob", at: 1) == false)
      #expect(throws: StoreError.notFound) { _ = try store.openOriginal("../../catalog.sqlite").rawValue }
    }
  }

  @Test("What makes room loses its file at once")
  func quota() async throws {
    try await withStore { store, root in
      for number in 1...3 { try await keep(store, number, "12345", quota: 12) }
      let left = (1...3).map { FileManager.default.fileExists(atPath: path(root, $0)) }
      #expect(left == [false, true, true])
    }
  }

  @Test("Collecting removes what is past its time, and files of no row; a look tells the same")
  func collecting() async throws {
    try await withStore { store, root in
      try await keep(store, 1, "old", until: 5)
      try await keep(store, 2, "new")
      // As after a crash between the file and its row.
      try "lost".write(toFile: path(root, 0x902), atomically: true, encoding: .utf8)
      try "mine".write(toFile: "\(root)/originals/02/notes.txt", atomically: true, encoding: .utf8)
      let request = CollectionRequest(
        grace: .zero, actor: "op", now: Int64(Date().timeIntervalSince1970 * 1_000_000) + 1_000_000)
      let dry = try await store.collectable(request)
      #expect(dry.originals == 1 && dry.files == 2 && dry.bytes == 7)
      let report = try await store.collect(request)
      #expect(report == dry)
      #expect(try text(store, 2) == "new")
      #expect(FileManager.default.fileExists(atPath: "\(root)/originals/02/notes.txt"))
      #expect(try await store.collect(request) == CollectionReport())
    }
  }

  private func toKeep(
    _ store: TableStore, _ number: Int, _ failures: Failures, quota: UInt64 = 1_000,
    failing failure: StoreError? = nil
  ) -> OriginalToKeep {
    let original = OriginalRecord(
      scope: "ann", contentHash: hex(number), bytes: 5, keptAt: Int64(number), keptUntil: .max)
    return OriginalToKeep(original, quota: quota) { () throws(StoreError) in
      if let failure { throw failure }
      do { return try store.makeFile("hello", id: hex(number)) } catch { throw .notFound }
    } failed: { error in
      failures.list.withLock { $0.append(error) }
    }
  }

  @Test("An original is kept by the commit that publishes its upload, makes room, and goes where nothing is published")
  func publishedWithTables() async throws {
    try await withStore { store, root in
      let failures = Failures()
      for number in 1...3 {
        let before = store.catalog.commitActivity
        let table = try store.makeFile("table", id: hex(0x100 + number))
        let request = try makeRequest(number, tables: [(hex(0x100 + number), 5)], name: "t\(number)")
        let original = toKeep(store, number, failures, quota: 12)
        _ = try await store.publish([table], request, quota: 0, keeping: original)
        #expect(store.catalog.commitActivity.commits == before.commits + 1)
        #expect(try text(store, number) == "hello")
      }
      #expect((1...3).map { FileManager.default.fileExists(atPath: path(root, $0)) } == [false, true, true])

      let taken = try makeRequest(4, tables: [(hex(0x104), 5)], principal: "bob", name: "t1")
      await #expect(throws: StoreError.catalog(.nameTaken("t1-0"))) {
        let table = try store.makeFile("table", id: hex(0x104))
        _ = try await store.publish([table], taken, quota: 0, keeping: toKeep(store, 4, failures))
      }
      let missing = try makeRequest(5, tables: [(hex(0x105), 5)], name: "t5")
      await #expect(throws: StoreError.notFound) {
        _ = try await store.publish([], missing, quota: 0, keeping: toKeep(store, 5, failures))
      }
      #expect([4, 5].map { FileManager.default.fileExists(atPath: path(root, $0)) } == [false, false])
      #expect(failures.list.withLock { $0 } == [])
    }
  }

  @Test("An upload is published whether its original can be kept or not")
  func publishedWithoutOriginal() async throws {
    try await withStore { store, root in
      let failures = Failures()
      for (number, failure) in [(1, StoreError.diskFull), (2, nil)] {
        var original = toKeep(store, number, failures, failing: failure)
        if failure == nil {
          // The catalog refuses it, and nothing else.
          let record = OriginalRecord(
            scope: "ann\0", contentHash: hex(number), bytes: 5, keptAt: 1, keptUntil: .max)
          original = OriginalToKeep(record, quota: 100, makeFile: original.makeFile, failed: original.failed)
        }
        let table = try store.makeFile("table", id: hex(0x100 + number))
        let request = try makeRequest(number, tables: [(hex(0x100 + number), 5)], name: "t\(number)")
        let result = try await store.publish([table], request, quota: 0, keeping: original)
        #expect(result.versions.map(\.version) == [1])
        #expect(!FileManager.default.fileExists(atPath: path(root, number)))
      }
      #expect(failures.list.withLock { $0 } == [.diskFull, .catalog(.invalidRequest(.zeroByte))])
    }
  }
}

/// Why originals were not kept.
private final class Failures: Sendable {
  let list = Mutex<[StoreError]>([])
}
