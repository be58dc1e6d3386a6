// SPDX-License-Identifier: Apache-2.0

package import Catalog
import Foundation
import Store
package import Validation

/// A published table as an upload's answer lists it.
package struct TableSummary: Encodable, Sendable {
  package let name: String
  package let version: Int
  package let id: String
  package let member: String?
  package let rows: UInt64
  package let columns: Int
  package let rejected: UInt64
  package let warnings: [String]
  package let links: [String: String]
  /// Whether this upload created the version.
  package let isNew: Bool

  init(_ version: TableVersion) {
    name = version.name
    self.version = version.version
    id = version.tableID
    member = version.member
    rows = version.rows
    columns = version.columns
    rejected = version.rejected
    warnings = version.warningList
    links = Self.links(to: version)
    isNew = version.isNew
  }

  /// Where the table's representations are, and its rejects where it has any.
  static func links(to version: TableVersion) -> [String: String] {
    let reference = "\(version.name)@\(version.version)"
    let path = "/v1/tables/" + (reference.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? reference)
    var links = ["self": path]
    if version.rejects != nil { links["rejects"] = "\(path)/rejects" }
    for format in ["json", "ndjson", "csv", "arrow", "arrows"] { links[format] = "\(path).\(format)" }
    return links
  }

  enum CodingKeys: String, CodingKey { case name, version, id, member, rows, columns, rejected, warnings, links }
}

extension TableVersion {
  /// The statistics of the columns, which the catalog keeps as text; nil where nobody counted.
  ///
  /// - Throws: `catalog` with `corrupt` where they are none.
  func columnStatistics() throws(StoreError) -> [ColumnStatistics]? {
    guard let statistics else { return nil }
    return try ColumnStatistics.columns(statistics)
  }

  /// The warnings, which the catalog keeps as text.
  package var warningList: [String] {
    // A damaged list is no reason to hide the table, nor to say that nothing was to be warned of.
    (try? JSONDecoder().decode([String].self, from: Data(warnings.utf8)))
      ?? ["What there was to be warned of cannot be read: the catalog is damaged. Run `ingest store check`."]
  }
}

/// The answer to an upload: `{upload, verdict, tables, report}`.
package struct UploadAnswer: Encodable, Sendable {
  package struct Upload: Encodable, Sendable {
    package let id: String
    package let file: String?
    package let bytes: UInt64
    package let sha256: String
    package let links: [String: String]
  }

  package struct VerdictAnswer: Encodable, Sendable {
    package let accepted: Bool
    package let code: String?
    package let detail: String?
    package let format: String?
  }

  package let upload: Upload
  package let verdict: VerdictAnswer
  package let tables: [TableSummary]
  package let report: Report
  package let rejection: Rejection?

  package var uploadID: String { upload.id }
  /// Whether anything was published that was not there before.
  package var isNew: Bool { tables.contains { $0.isNew } }

  init(_ record: UploadRecord, rejection: Rejection?, tables: [TableSummary], report: Report) {
    upload = Upload(
      id: record.id, file: record.displayName, bytes: record.bytes, sha256: record.contentHash,
      links: ["self": "/v1/uploads/\(record.id)"])
    verdict = VerdictAnswer(
      accepted: record.code == nil, code: record.code, detail: record.detail, format: record.format)
    self.tables = tables
    self.report = report
    self.rejection = rejection
  }

  enum CodingKeys: String, CodingKey { case upload, verdict, tables, report }

  /// The answer as JSON.
  package func json() throws -> [UInt8] { Array(try JSONEncoder.answers.encode(self)) }
}
