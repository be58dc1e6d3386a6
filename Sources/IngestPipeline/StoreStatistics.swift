// SPDX-License-Identifier: Apache-2.0

import Catalog
import Foundation
package import Store

/// What a store holds, in numbers.
package struct StoreStatistics: Encodable, Sendable {
  /// Bytes by what they are for.
  package struct Bytes: Encodable, Sendable {
    package let tables: UInt64
    package let rejects: UInt64
    package let orphans: UInt64
    package let originals: UInt64
    /// The catalog's file, and its log.
    package let catalog: UInt64
    package let log: UInt64
  }

  package let tables: UInt64
  package let versions: UInt64
  package let deletedVersions: UInt64
  package let accepted: UInt64
  package let refused: UInt64
  package let uploadedBytes: UInt64
  package let rejectedRecords: UInt64
  package let files: UInt64
  package let orphans: Int
  package let originals: UInt64
  package let auditRows: UInt64
  package let bytes: Bytes

  enum CodingKeys: String, CodingKey {
    case tables, versions, files, orphans, originals, bytes
    case deletedVersions = "deleted_versions"
    case accepted = "uploads_accepted"
    case refused = "uploads_refused"
    case uploadedBytes = "uploaded_bytes"
    case rejectedRecords = "rejected_records"
    case auditRows = "audit_rows"
  }

  /// Counts what a store holds.
  ///
  /// - Parameter path: the store's directory.
  /// - Throws: the failure of the machine or the catalog.
  package init(_ store: TableStore, path: String) async throws {
    let counts: CatalogCounts
    do { counts = try await store.catalog.counts() } catch { throw StoreError.catalog(error) }
    var orphans: (count: Int, bytes: UInt64) = (0, 0)
    try await store.survey { survey in
      orphans.count += survey.orphans.count
      orphans.bytes += survey.orphans.reduce(0) { $0 + $1.bytes }
    }
    try await store.surveyOriginals { survey in
      orphans.count += survey.orphans.count
      orphans.bytes += survey.orphans.reduce(0) { $0 + $1.bytes }
    }
    tables = counts.tables
    versions = counts.versions
    deletedVersions = counts.deletedVersions
    accepted = counts.accepted
    refused = counts.refused
    uploadedBytes = counts.uploadedBytes
    rejectedRecords = counts.rejectedRecords
    files = counts.tableFiles &+ counts.rejectsFiles
    auditRows = counts.auditRows
    originals = counts.originals
    self.orphans = orphans.count
    bytes = Bytes(
      tables: counts.tableBytes, rejects: counts.rejectsBytes, orphans: orphans.bytes, originals: counts.originalBytes,
      catalog: try Self.size(path + "/catalog.sqlite"), log: try Self.size(path + "/catalog.sqlite-wal"))
  }

  /// By name, since closing a descriptor of the catalog would drop SQLite's locks on it.
  ///
  /// - Returns: 0 where it is not there, as the log is not where nobody has the catalog open.
  private static func size(_ path: String) throws -> UInt64 {
    do {
      return (try FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber)?.uint64Value ?? 0
    } catch CocoaError.fileReadNoSuchFile { return 0 }
  }
}
