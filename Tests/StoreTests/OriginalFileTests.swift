// SPDX-License-Identifier: Apache-2.0

import Catalog
import FileDescriptors
import Foundation
import Glibc
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
}
