// SPDX-License-Identifier: Apache-2.0

import Catalog
import FileDescriptors
import Foundation
import Store
import Testing
import Validation

/// Runs `body` with the path of a directory of its own, which is removed afterwards.
func withTemporaryDirectory(_ body: (String) async throws -> Void) async throws {
  let directory = FileManager.default.temporaryDirectory.appendingPathComponent("store-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: false)
  defer { try? FileManager.default.removeItem(at: directory) }
  try await body(directory.path)
}

/// Runs `body` with a new store and its path.
func withStore(_ body: (TableStore, String) async throws -> Void) async throws {
  try await withTemporaryDirectory { path in
    let store = try TableStore.open(at: path, mode: .readWrite)
    try await body(store, path)
    try await store.close()
  }
}

/// `number` as an id of `digits` hexadecimal digits; its last two stand first, so that folders differ.
func hex(_ number: Int, digits: Int = 64) -> String {
  let text = String(number, radix: 16)
  let padded = String(repeating: "0", count: digits - text.count) + text
  return String(padded.suffix(2) + padded.dropLast(2))
}

/// Where the table of `id` lies in the store at `path`.
func filePath(_ path: String, _ id: String) -> String { "\(path)/tables/\(id.prefix(2))/\(id).arrow" }

extension TableStore {
  /// A finished output that holds `text`.
  func makeFile(_ text: String, id: String) throws -> FinishedOutput {
    let output = try makeOutput()
    try output.write(text.utf8Span.span)
    return FinishedOutput(output, tableID: id)
  }
}

/// An upload of tables with these ids and lengths, named `table-0`, `table-1` and so on.
func makeRequest(
  _ number: Int, tables: [(id: String, bytes: UInt64)], principal: String = "ann", name: String = "table"
) throws -> PublicationRequest {
  let upload = UploadRecord(
    id: hex(number, digits: 32), receivedAt: 1, principal: principal, scope: principal, contentHash: hex(number),
    bytes: 10, format: "csv", derivation: hex(number), sandboxLevel: "full", options: "{}", report: "{}")
  let outputs = tables.enumerated().map { ordinal, table in
    ReadingOutput(
      ordinal: ordinal, tableID: table.id, rows: 1, columns: 1, rejected: 0, fileBytes: table.bytes, warnings: "[]")
  }
  let names = try tables.indices.map { try #require(TableName(exactly: "\(name)-\($0)")) }
  return PublicationRequest(upload: upload, outputs: outputs, names: names, publishedAt: 2)
}

/// The permission bits of the file at `path`.
func permissions(_ path: String) throws -> Int {
  try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
}

/// Everything below `path`, sorted.
func tree(_ path: String) throws -> [String] { try FileManager.default.subpathsOfDirectory(atPath: path).sorted() }

/// Reads the whole file, of at most 64 KiB.
func text(of file: borrowing OwnedDescriptor) throws -> String {
  var bytes = [UInt8](repeating: 0, count: 65_536)
  var span = bytes.mutableSpan
  let count = try file.pread(into: &span, at: 0)
  return String(decoding: bytes.prefix(count), as: UTF8.self)
}
