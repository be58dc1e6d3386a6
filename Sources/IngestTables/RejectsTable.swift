// SPDX-License-Identifier: Apache-2.0

/// The table of the records that are in no row of another one.
///
/// One row for each such record, in file order. Its schema is the same for all, so no worker states it.
public enum RejectsTable {
  /// The columns, by their place in the schema.
  public enum Column: Int, Sendable, CaseIterable {
    /// The line, from 1, and the offset in the file's bytes, from 0, of the record's first wrong cell.
    case line, byteOffset
    /// The column of that cell, from 1, and its name; null where the table has no such column.
    case column, columnName
    /// A `RejectCode`.
    case code
    /// What stands in the cell, cut to `longestText` bytes between two characters; null where the cell is missing.
    case text
    /// How many cells of the record are wrong.
    case violations
    /// The record as it lies in the file, in UTF-8; null where it is longer than `longestRecord` bytes.
    case record
  }

  /// The longest `text`, in bytes.
  public static let longestText = 256
  /// The longest `record`, in bytes.
  public static let longestRecord = 64 << 10

  /// The columns' names and types.
  public static let schema = Schema(fields: [
    Field(name: "line", type: .uint64), Field(name: "byte_offset", type: .uint64), Field(name: "column", type: .uint64),
    Field(name: "column_name", type: .utf8), Field(name: "code", type: .utf8), Field(name: "text", type: .utf8),
    Field(name: "violations", type: .uint64), Field(name: "record", type: .utf8),
  ])
}
