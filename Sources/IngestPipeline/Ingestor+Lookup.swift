// SPDX-License-Identifier: Apache-2.0

import Caching
import Catalog
import Foundation
package import IngestTables
package import Store
import Validation
import WorkerProtocol

/// A published table with its columns.
package struct TableDescription: Encodable, Sendable {
  package struct ColumnDescription: Encodable, Sendable {
    package let name: String
    package let type: String
    package let timezone: String?
    /// Nil in lists of tables, and where nobody counted.
    package let statistics: ColumnStatistics?
  }

  package let name: String
  package let version: Int
  package let id: String
  package let member: String?
  package let upload: String
  package let rows: UInt64
  package let columns: [ColumnDescription]
  package let rejected: UInt64
  /// The version whose rejects this one took in again.
  package let repairs: Int?
  package let bytes: UInt64
  package let publishedAt: String
  package let warnings: [String]
  package let links: [String: String]
  /// Whether nothing but its owner may remove it.
  package let pinned: Bool
  /// The tags of the version; nil in a list, which does not look for them.
  package internal(set) var tags: [String]?

  enum CodingKeys: String, CodingKey {
    case name, version, id, member, upload, rows, columns, rejected, repairs, bytes, warnings, links, tags, pinned
    case publishedAt = "published_at"
  }

  /// The description as JSON.
  package func json() throws -> [UInt8] { Array(try JSONEncoder.answers.encode(self)) }

  init(_ version: TableVersion, _ schema: Schema, statistics: [ColumnStatistics]? = nil) {
    name = version.name
    self.version = version.version
    id = version.tableID
    member = version.member
    upload = version.uploadID
    rows = version.rows
    columns = schema.fields.enumerated().map { index, field in
      let isUTC = field.type == .timestamp(isUTC: true)
      return ColumnDescription(
        name: field.name, type: field.type.name, timezone: isUTC ? "UTC" : nil,
        statistics: statistics.flatMap { $0.indices.contains(index) ? $0[index] : nil })
    }
    rejected = version.rejected
    repairs = version.repairs
    bytes = version.fileBytes
    publishedAt = Value.timestamp(microseconds: version.publishedAt, isUTC: true).text
    warnings = version.warningList
    links = TableSummary.links(to: version)
    pinned = version.isPinned
  }
}

/// The records that are in no row of a published table.
package struct TableRejects: Sendable {
  /// The table's name and version.
  package let name: String
  package let version: Int
  /// The id of the file with the rejects.
  package let id: String
  package let file: TableFile
}

/// Looks up what a store has published.
package struct TableLookup: Sendable {
  let store: TableStore
  private let shared: SharedWork

  /// Looks up in `store`.
  ///
  /// - Parameter shared: what is kept of earlier lookups; without it, nothing is.
  package init(_ store: TableStore, _ shared: SharedWork = SharedWork()) {
    self.store = store
    self.shared = shared
  }

  /// The latest versions by name, from the name after `after` on.
  package func tables(after: String?, limit: Int) async throws -> [TableDescription] {
    let start = after.flatMap(TableName.init(exactly:))
    var tables: [TableDescription] = []
    for version in try await store.catalog.latestTables(after: start, limit: limit) {
      tables.append(TableDescription(version, try await open(version).schema))
    }
    return tables
  }

  /// The names of the latest versions, from the name after `after` on, and whether the file of each opens.
  package func health(after: String?, limit: Int) async throws -> [(name: String, isSound: Bool)] {
    let start = after.flatMap(TableName.init(exactly:))
    return try await store.catalog.latestTables(after: start, limit: limit).map { version in
      (version.name, try isSound(version))
    }
  }

  /// Whether the table's file is there and whole, and that of its rejects.
  ///
  /// - Throws: what keeps it from being read, which says nothing of the file.
  private func isSound(_ version: TableVersion) throws -> Bool {
    do {
      _ = try TableFile(reading: try store.openTable(id: version.tableID))
      if let rejects = version.rejects { _ = try TableFile(reading: try store.openTable(id: rejects.tableID)) }
      return true
    } catch StoreError.notFound {
      return false
    } catch TableFileError.damaged {
      return false
    }
  }

  /// A table by `name`, `name@version` or id; nil where there is none.
  package func table(_ reference: String) async throws -> FoundTable? {
    // What is looked up may be newer than the mark, never older.
    let key = SharedWork.LookupKey(reference: reference, mark: store.catalog.mark)
    let found = try await shared.tables.value(for: key) { [self] () -> FoundTable? in
      guard let version = try await version(reference) else { return nil }
      let file = try await open(version)
      var description = TableDescription(version, file.schema, statistics: try version.columnStatistics())
      description.tags = try await tags(of: version)
      return FoundTable(
        description: description, file: file, json: try description.json(),
        basis: LookupBasis(mark: key.mark, name: version.name, version: version.version))
    }
    return found ?? nil
  }

  private func tags(of version: TableVersion) async throws -> [String] {
    guard let name = TableName(exactly: version.name) else { throw StoreError.catalog(.corrupt) }
    return try await store.catalog.tags(of: name).filter { $0.value == version.version }.keys.sorted()
  }

  /// The rejects of a table by `name`, `name@version` or the table's id; nil where there is no such table, or it has none.
  package func rejects(_ reference: String) async throws -> TableRejects? {
    guard let version = try await version(reference), let rejects = version.rejects else { return nil }
    let file = try await open(rejects.tableID, rejects.batchChecksums())
    return TableRejects(name: version.name, version: version.version, id: rejects.tableID, file: file)
  }

  /// The rejects of a table in a form that can be mended and sent again; nil where it has none.
  package func repairSheet(_ reference: String) async throws -> RepairSheet? {
    guard let version = try await version(reference), let rejects = try await rejects(reference) else { return nil }
    guard let (_, report) = try await reading(of: version) else { throw StoreError.catalog(.corrupt) }
    guard report.dialect.json == nil else {
      throw PipelineFailure.invalidRequest("the rejects of a JSON text cannot be mended as a table")
    }
    return RepairSheet(rejects, of: try await open(version).schema, RepairSheet.Dialect(report))
  }

  /// How the file was read that a version comes from: its upload, and the report of its table.
  ///
  /// A version that was repaired has the reading of the repair.
  ///
  /// - Returns: nil where this program does not know how it was read.
  /// - Throws: `catalog` with `corrupt` where its report is none.
  func reading(of version: TableVersion) async throws -> (options: ReadOptions, report: Report.Table)? {
    guard let (upload, versions) = try await store.catalog.upload(id: version.uploadID),
      let options = ReadOptions(canonical: upload.options)
    else { return nil }
    let report = try Self.report(upload.report)
    // The tables of one content come in one order in both.
    let number = versions.filter { $0.member == version.member }.firstIndex { $0.tableID == version.tableID } ?? 0
    let tables = report.tables.filter { $0.member == version.member }
    guard let table = tables.indices.contains(number) ? tables[number] : tables.first ?? report.tables.first else {
      return nil
    }
    return (options, table)
  }

  /// An upload's answer as it was stored; nil where there is none of this id.
  package func upload(_ id: String) async throws -> [UInt8]? {
    guard let (record, versions) = try await store.catalog.upload(id: id) else { return nil }
    if record.code != nil { return Array(record.report.utf8) }
    return try UploadAnswer(
      record, rejection: nil, tables: versions.map { TableSummary($0) }, report: try Self.report(record.report)
    ).json()
  }

  /// How the tables of a known reading were read, as the upload that had it read was told; none where nobody knows.
  ///
  /// - Throws: `catalog` with `corrupt` where what the catalog keeps is no report.
  func tablesAsRead(_ derivation: Derivation?, scope: String) async throws -> [Report.Table] {
    guard let id = derivation?.id, let text = try await store.catalog.firstReport(derivation: id, scope: scope) else {
      return []
    }
    return try Self.report(text).tables
  }

  /// The report of an accepted upload, as the catalog keeps it.
  private static func report(_ text: String) throws(StoreError) -> Report {
    do { return try JSONDecoder().decode(Report.self, from: Data(text.utf8)) } catch { throw .catalog(.corrupt) }
  }

  func version(_ reference: String) async throws -> TableVersion? {
    switch TableReference(reference) {
    case .named(let name, let selector): try await store.catalog.table(named: name, selector)
    case .id(let id): try await store.catalog.table(id: id)
    case nil: nil
    }
  }

  func open(_ version: TableVersion) async throws -> TableFile {
    try await open(version.tableID, version.batchChecksums())
  }

  private func open(_ id: String, _ checksums: BatchChecksums?) async throws -> TableFile {
    let file = try await shared.files.value(for: id) { [store] in
      try TableFile(reading: try store.openTable(id: id), checksums: checksums)
    }
    return try file ?? TableFile(reading: try store.openTable(id: id), checksums: checksums)
  }
}

extension Ingestor {
  var lookup: TableLookup { TableLookup(store, shared) }

  package func tables(after: String?, limit: Int) async throws -> [TableDescription] {
    try await lookup.tables(after: after, limit: limit)
  }

  package func table(_ reference: String) async throws -> FoundTable? {
    let found = try await lookup.table(reference)
    if let found { uses.note(found.description.name, found.description.version, at: .nowInMicroseconds) }
    return found
  }

  /// Whether what was found on this basis would be found again.
  ///
  /// Asks the file system, not the catalog.
  package func holds(_ basis: LookupBasis) -> Bool { store.catalog.mark == basis.mark }

  /// Counts what was found on this basis as used once more.
  package func noteUse(_ basis: LookupBasis) { uses.note(basis.name, basis.version, at: .nowInMicroseconds) }

  package func rejects(_ reference: String) async throws -> TableRejects? {
    let found = try await lookup.rejects(reference)
    if let found { uses.note(found.name, found.version, at: .nowInMicroseconds) }
    return found
  }

  package func repairSheet(_ reference: String) async throws -> RepairSheet? {
    try await lookup.repairSheet(reference)
  }

  package func upload(_ id: String) async throws -> [UInt8]? { try await lookup.upload(id) }

  package func original(ofUpload id: String) async throws -> KeptOriginal? {
    try await lookup.original(ofUpload: id)
  }
}
