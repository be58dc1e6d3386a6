// SPDX-License-Identifier: Apache-2.0

import Catalog
import Foundation
import Testing
import Validation

/// Runs `body` with the path of a catalog in a directory of its own, which is removed afterwards.
func withCatalogPath(_ body: (String) async throws -> Void) async throws {
  let directory = FileManager.default.temporaryDirectory.appendingPathComponent("catalog-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: false)
  defer { try? FileManager.default.removeItem(at: directory) }
  try await body(directory.appendingPathComponent("catalog.sqlite").path)
}

/// Runs `body` with an empty catalog.
func withCatalog(_ body: (TableCatalog) async throws -> Void) async throws {
  try await withCatalogPath { path in
    let catalog = try TableCatalog.open(at: path, mode: .readWrite)
    try await body(catalog)
    try await catalog.close()
  }
}

/// `number` as an id of `digits` hexadecimal digits.
func hex(_ number: Int, digits: Int = 64) -> String {
  let text = String(number, radix: 16)
  return String(repeating: "0", count: digits - text.count) + text
}

func name(_ text: String) throws -> TableName { try #require(TableName(exactly: text)) }

func makeUpload(
  _ number: Int, principal: String = "ann", scope: String? = nil, derivation: Int? = nil, code: String? = nil
) -> UploadRecord {
  UploadRecord(
    id: hex(number, digits: 32), receivedAt: 1_700_000_000_000_000 + Int64(number), principal: principal,
    scope: scope ?? principal, displayName: "sales.csv", declaredType: "text/csv", contentHash: hex(number),
    bytes: 1_000, format: "csv", code: code, detail: code.map { "refused: \($0)" },
    derivation: code == nil ? hex(derivation ?? number) : nil, sandboxLevel: "full", options: "{}",
    report: #"{"rows":2}"#)
}

func makeOutput(_ ordinal: Int, table: Int, rows: UInt64 = 2) -> ReadingOutput {
  ReadingOutput(
    ordinal: ordinal, member: ordinal == 0 ? nil : "member-\(ordinal).csv", tableID: hex(table), rows: rows, columns: 3,
    rejected: 1, fileBytes: 4_096, warnings: "[]")
}

/// An upload of one table for each name; its table ids are `table`, `table + 1` and so on.
func makeRequest(
  _ number: Int, names: [String], table: Int? = nil, principal: String = "ann", scope: String? = nil,
  derivation: Int? = nil, onlyCreate: Bool = false
) throws -> PublicationRequest {
  PublicationRequest(
    upload: makeUpload(number, principal: principal, scope: scope, derivation: derivation),
    outputs: names.indices.map { makeOutput($0, table: (table ?? number * 100) + $0) }, names: try names.map(name),
    onlyCreate: onlyCreate, publishedAt: 1_700_000_001_000_000 + Int64(number))
}
