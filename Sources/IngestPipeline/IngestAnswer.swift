// SPDX-License-Identifier: Apache-2.0

public import Validation

/// What came of one file.
///
/// A refusal is an answer: the file was judged, and the reason is recorded. Errors are for what was not judged.
public struct IngestAnswer: Sendable {
  /// What was decided.
  public enum Outcome: Sendable, Hashable {
    /// At least one table, or version of one, is new.
    case published
    /// The same content was published before under the same names; nothing is new.
    case known
    /// The file was refused, by a code of the documentation; nothing is published.
    case refused(Rejection)
  }

  /// The id of the upload in the store: 32 hexadecimal digits.
  public let uploadID: String
  /// The SHA-256 of the file, in hexadecimal digits.
  public let contentHash: String
  /// What was decided.
  public let outcome: Outcome
  /// The file's tables, in its order; none where it was refused.
  public let tables: [TableEntry]
  /// The whole answer with the report, as the service gives it over HTTP: one JSON object.
  public let json: [UInt8]

  init(_ answer: UploadAnswer) throws {
    uploadID = answer.uploadID
    contentHash = answer.upload.sha256
    outcome = answer.rejection.map { .refused($0) } ?? (answer.isNew ? .published : .known)
    tables = answer.tables.map { TableEntry($0) }
    json = try answer.json()
  }
}

/// One version of a published table, without its rows.
public struct TableEntry: Sendable, Hashable {
  /// The table's name.
  public let name: String
  /// The version's number, from 1.
  public let version: Int
  /// The id of its content: 64 hexadecimal digits, the same for the same bytes and options on any machine.
  public let id: String
  /// The member of the archive that it comes from.
  public let member: String?
  /// The number of rows.
  public let rows: UInt64
  /// The number of columns.
  public let columns: Int
  /// The records that were set apart as rejects.
  public let rejected: UInt64
  /// What is worth knowing about how it was read, a sentence each.
  public let warnings: [String]

  init(_ summary: TableSummary) {
    name = summary.name
    version = summary.version
    id = summary.id
    member = summary.member
    rows = summary.rows
    columns = summary.columns
    rejected = summary.rejected
    warnings = summary.warnings
  }

  init(_ table: TableDescription) {
    name = table.name
    version = table.version
    id = table.id
    member = table.member
    rows = table.rows
    columns = table.columns.count
    rejected = table.rejected
    warnings = table.warnings
  }
}
