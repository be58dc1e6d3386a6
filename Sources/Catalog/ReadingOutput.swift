// SPDX-License-Identifier: Apache-2.0

/// One table that a reading gave: what is the same whoever uploads the same bytes with the same options.
package struct ReadingOutput: Sendable, Hashable, Codable {
  /// The table's place among the outputs of its upload, from 0.
  package var ordinal: Int
  /// The archive member or sheet that it came from; nil for the upload itself.
  package var member: String?
  /// The table's id, which names its file: 64 lower-case hexadecimal digits.
  package var tableID: String
  /// The rows of the table; at most 2^63 - 1, as are the other counts.
  package var rows: UInt64
  /// The columns of the table.
  package var columns: Int
  /// The records that were not made rows.
  package var rejected: UInt64
  /// The bytes of the table's file.
  package var fileBytes: UInt64
  /// The warnings, text of a JSON array made by the caller.
  package var warnings: String
  /// The file with the records that were not made rows; nil where there are none.
  package var rejects: RejectsFile?
  /// What each column holds, text of a JSON array made by the caller; nil where nobody counted.
  package var statistics: String?
  /// The checksums of the table's batches, text made by the caller; nil where nobody counted them.
  package var checksums: String?
  /// What each record batch holds, text of a JSON array made by the caller.
  ///
  /// Only written: it may be long, and is asked for by itself.
  package var batchStatistics: String?

  /// An output of these values.
  package init(
    ordinal: Int, member: String? = nil, tableID: String, rows: UInt64, columns: Int, rejected: UInt64,
    fileBytes: UInt64, warnings: String, rejects: RejectsFile? = nil, statistics: String? = nil,
    checksums: String? = nil, batchStatistics: String? = nil
  ) {
    self.ordinal = ordinal
    self.member = member
    self.tableID = tableID
    self.rows = rows
    self.columns = columns
    self.rejected = rejected
    self.fileBytes = fileBytes
    self.warnings = warnings
    self.rejects = rejects
    self.statistics = statistics
    self.checksums = checksums
    self.batchStatistics = batchStatistics
  }
}

/// The file with a table's rejects.
package struct RejectsFile: Sendable, Hashable, Codable {
  /// The id that names it, like a table's.
  package var tableID: String
  /// The bytes of the file.
  package var fileBytes: UInt64
  /// The checksums of its batches, like a table's.
  package var checksums: String?

  /// A file of these values.
  package init(tableID: String, fileBytes: UInt64, checksums: String? = nil) {
    self.tableID = tableID
    self.fileBytes = fileBytes
    self.checksums = checksums
  }
}
