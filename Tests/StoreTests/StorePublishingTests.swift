// SPDX-License-Identifier: Apache-2.0

import Catalog
import FileDescriptors
import Foundation
import Glibc
import Testing

@testable import Store

@Suite("Publishing to the store")
struct StorePublishingTests {
  private let id = hex(0xAB)

  @Test("An output has no name and only its user may open it, until it is a table, which nobody may write")
  func outputBecomesTable() async throws {
    try await withStore { store, path in
      let before = try tree(path)
      let output = try store.makeOutput()
      try output.write("hello".utf8Span.span)
      #expect(try output.status().st_mode & 0o777 == 0o600)
      #expect(try tree(path) == before)
      #expect(try store.link(output, asTable: id) == .created)
      #expect(try permissions(filePath(path, id)) == 0o444)
      let table = try store.openTable(id: id)
      #expect(try text(of: table) == "hello")
      #expect(throws: SystemCallError(call: "pwrite", errno: EBADF)) { try table.pwrite("x".utf8Span.span, at: 0) }
    }
  }

  @Test("An output whose writer was closed can still be named through a read-only descriptor")
  func linksReadOnlyDescriptor() async throws {
    try await withStore { store, _ in
      let output = try store.makeOutput()
      try output.write("hello".utf8Span.span)
      let reader = try OwnedDescriptor.open("/proc/self/fd/\(output.rawValue)", flags: O_RDONLY)
      close(output.release())
      #expect(try store.link(reader, asTable: id) == .created)
    }
  }

  @Test("Linking again answers that the table is there; another length is an error and changes nothing")
  func alreadyThere() async throws {
    try await withStore { store, _ in
      let file = try store.makeFile("hello", id: id)
      #expect(try store.link(file.descriptor, asTable: id) == .created)
      #expect(try store.link(file.descriptor, asTable: id) == .alreadyThere)
      #expect(try store.link(try store.makeFile("HELLO", id: id).descriptor, asTable: id) == .alreadyThere)
      #expect(throws: StoreError.tableDiffers(id)) {
        try store.link(try store.makeFile("longer than that", id: id).descriptor, asTable: id)
      }
      #expect(try text(of: try store.openTable(id: id)) == "hello")
    }
  }

  private static let notIDs = [
    "", "ab", hex(1).uppercased() + "A", String(repeating: "A", count: 64), String(repeating: "g", count: 64),
    "../../../etc/passwd", "/etc/passwd", hex(1) + "/", "\0" + hex(1).dropFirst(), hex(1).dropLast() + "\n",
    String(repeating: "٣", count: 32), String(repeating: "../", count: 21) + "x",
  ]

  @Test("A text that is no id names no file", arguments: notIDs)
  func notAnID(_ text: String) async throws {
    try await withStore { store, path in
      let before = try tree(path)
      #expect(throws: StoreError.notFound) { _ = try store.openTable(id: text) }
      #expect(throws: StoreError.invalidTableID) { try store.link(try store.makeOutput(), asTable: text) }
      #expect(try tree(path) == before)
    }
  }

  @Test("A symbolic link or directory in a table's place is not opened")
  func notAFile() async throws {
    try await withStore { store, path in
      let folders = [id, hex(2)].map { (filePath(path, $0) as NSString).deletingLastPathComponent }
      for folder in folders {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      }
      try FileManager.default.createSymbolicLink(atPath: filePath(path, id), withDestinationPath: "/etc/passwd")
      #expect(throws: StoreError.io(SystemCallError(call: "openat", errno: ELOOP))) { _ = try store.openTable(id: id) }
      try FileManager.default.createDirectory(atPath: filePath(path, hex(2)), withIntermediateDirectories: false)
      #expect(throws: StoreError.notFound) { _ = try store.openTable(id: hex(2)) }
    }
  }

  @Test("Published tables are in the catalog and in their files")
  func publishes() async throws {
    try await withStore { store, _ in
      let ids = [hex(1), hex(2)]
      let files = try ids.map { try store.makeFile("table \($0)", id: $0) }
      let versions = try await store.publish(files, try makeRequest(1, tables: ids.map { ($0, 70) }))
      #expect(versions.map(\.tableID) == ids)
      #expect(try await store.catalog.latestTables(limit: 10) == versions)
      for id in ids { #expect(try text(of: try store.openTable(id: id)) == "table \(id)") }
    }
  }

  @Test("A reused reading is published without files, as long as its tables are in the store")
  func reusedReading() async throws {
    try await withStore { store, _ in
      _ = try store.link(try store.makeFile("hello", id: id).descriptor, asTable: id)
      #expect(try await store.publish([], try makeRequest(1, tables: [(id, 5)])).map(\.tableID) == [id])
      await #expect(throws: StoreError.notFound) {
        try await store.publish([], try makeRequest(2, tables: [(hex(2), 5)]))
      }
      await #expect(throws: StoreError.tableDiffers(id)) {
        try await store.publish([], try makeRequest(3, tables: [(id, 6)]))
      }
      #expect(try await store.catalog.latestTables(limit: 10).count == 1)
    }
  }

  @Test("A crash between file and catalog leaves nothing visible, and the upload can be published again")
  func crashAfterLink() async throws {
    try await withTemporaryDirectory { path in
      let request = try makeRequest(1, tables: [(id, 5)])
      do {
        let crashed = try TableStore.open(at: path, mode: .readWrite)
        _ = try crashed.link(try crashed.makeFile("hello", id: id).descriptor, asTable: id)
      }
      let store = try TableStore.open(at: path, mode: .readWrite)
      #expect(try await store.catalog.latestTables(limit: 10).isEmpty)
      #expect(try await store.catalog.table(id: id) == nil)
      #expect(try await store.catalog.unreferenced([id]) == [id])
      #expect(try await store.publish([try store.makeFile("hello", id: id)], request).count == 1)
      try await store.close()
    }
  }

  @Test("A publication that the catalog refuses shows nothing")
  func refusedByCatalog() async throws {
    try await withStore { store, _ in
      _ = try await store.publish([try store.makeFile("hello", id: id)], try makeRequest(1, tables: [(id, 5)]))
      let file = try store.makeFile("other", id: hex(2))
      let request = try makeRequest(2, tables: [(hex(2), 5)], principal: "bob")
      await #expect(throws: StoreError.catalog(.nameTaken("table-0"))) { try await store.publish([file], request) }
      #expect(try await store.catalog.table(id: hex(2)) == nil)
      #expect(try await store.catalog.upload(id: request.upload.id) == nil)
    }
  }

  @Test(
    "Failures of the machine keep their meaning",
    arguments: [
      (ENOSPC, StoreError.diskFull), (EDQUOT, .diskFull), (EROFS, .readOnly), (EACCES, .readOnly), (EPERM, .readOnly),
      (EOPNOTSUPP, .unsupportedFileSystem), (EIO, .io(SystemCallError(call: "fsync", errno: EIO))),
    ])
  func machineFailures(errno: Int32, expected: StoreError) {
    #expect(StoreError(SystemCallError(call: "fsync", errno: errno)) == expected)
  }

  @Test("A full or read-only disk is the same error, whoever met it")
  func catalogFailures() {
    #expect(StoreError(CatalogError.diskFull) == .diskFull)
    #expect(StoreError(CatalogError.readOnly) == .readOnly)
    #expect(StoreError(CatalogError.busy) == .catalog(.busy))
  }
}
