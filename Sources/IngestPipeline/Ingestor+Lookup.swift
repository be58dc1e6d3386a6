// SPDX-License-Identifier: Apache-2.0

import Catalog
import Foundation
package import IngestTables
package import Store
import Validation

/// A published table with its columns.
package struct TableDescription: Encodable, Sendable {
  package struct ColumnDescription: Encodable, Sendable {
    package let name: String
    package let type: String
    package let timezone: String?
  }

  package let name: String
  package let version: Int
  package let id: String
  package let member: String?
  package let upload: String
  package let rows: UInt64
  package let columns: [ColumnDescription]
  package let rejected: UInt64
  package let bytes: UInt64
  package let publishedAt: String
  package let warnings: [String]
  package let links: [String: String]

  enum CodingKeys: String, CodingKey {
    case name, version, id, member, upload, rows, columns, rejected, bytes, warnings, links
    case publishedAt = "published_at"
  }

  /// The description as JSON.
  package func json() throws -> [UInt8] { Array(try JSONEncoder.answers.encode(self)) }

  init(_ version: TableVersion, _ schema: Schema) {
    name = version.name
    self.version = version.version
    id = version.tableID
    member = version.member
    upload = version.uploadID
    rows = version.rows
    columns = schema.fields.map { field in
      let isUTC = field.type == .timestamp(isUTC: true)
      return ColumnDescription(name: field.name, type: field.type.name, timezone: isUTC ? "UTC" : nil)
    }
    rejected = version.rejected
    bytes = version.fileBytes
    publishedAt = Value.timestamp(microseconds: version.publishedAt, isUTC: true).text
    warnings = version.warningList
    links = TableSummary.links(to: "\(version.name)@\(version.version)")
  }
}

/// Looks up what a store has published.
package struct TableLookup: Sendable {
  private let store: TableStore

  package init(_ store: TableStore) { self.store = store }

  /// The latest versions by name, from the name after `after` on.
  package func tables(after: String?, limit: Int) async throws -> [TableDescription] {
    let start = after.flatMap(TableName.init(exactly:))
    return try await store.catalog.latestTables(after: start, limit: limit).map { version in
      TableDescription(version, try open(version).schema)
    }
  }

  /// The names of the latest versions, from the name after `after` on, and whether the file of each opens.
  package func health(after: String?, limit: Int) async throws -> [(name: String, isSound: Bool)] {
    let start = after.flatMap(TableName.init(exactly:))
    return try await store.catalog.latestTables(after: start, limit: limit).map { version in
      (version.name, try isSound(version))
    }
  }

  /// Whether the table's file is there and whole.
  ///
  /// - Throws: what keeps it from being read, which says nothing of the file.
  private func isSound(_ version: TableVersion) throws -> Bool {
    do {
      _ = try open(version)
      return true
    } catch StoreError.notFound {
      return false
    } catch TableFileError.damaged {
      return false
    }
  }

  /// A table by `name`, `name@version` or id; nil where there is none.
  package func table(_ reference: String) async throws -> (description: TableDescription, file: TableFile)? {
    guard let version = try await version(reference) else { return nil }
    let file = try open(version)
    return (TableDescription(version, file.schema), file)
  }

  /// An upload's answer as it was stored; nil where there is none of this id.
  package func upload(_ id: String) async throws -> [UInt8]? {
    guard let (record, versions) = try await store.catalog.upload(id: id) else { return nil }
    if record.code != nil { return Array(record.report.utf8) }
    guard let report = try? JSONDecoder().decode(Report.self, from: Data(record.report.utf8)) else {
      throw StoreError.catalog(.corrupt)
    }
    return try UploadAnswer(record, rejection: nil, tables: versions.map { TableSummary($0) }, report: report).json()
  }

  private func version(_ reference: String) async throws -> TableVersion? {
    if reference.isLowercaseHex(digits: 64) { return try await store.catalog.table(id: reference) }
    let parts = reference.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    guard let name = parts.first.flatMap({ TableName(exactly: String($0)) }) else { return nil }
    guard parts.count == 2 else { return try await store.catalog.table(named: name) }
    guard let number = Int(parts[1]), number > 0 else { return nil }
    return try await store.catalog.table(named: name, version: number)
  }

  private func open(_ version: TableVersion) throws -> TableFile {
    try TableFile(reading: try store.openTable(id: version.tableID))
  }
}

extension Ingestor {
  private var lookup: TableLookup { TableLookup(store) }

  package func tables(after: String?, limit: Int) async throws -> [TableDescription] {
    try await lookup.tables(after: after, limit: limit)
  }

  package func table(_ reference: String) async throws -> (description: TableDescription, file: TableFile)? {
    try await lookup.table(reference)
  }

  package func upload(_ id: String) async throws -> [UInt8]? { try await lookup.upload(id) }
}
