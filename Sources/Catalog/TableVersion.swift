// SPDX-License-Identifier: Apache-2.0

/// One version of a named table, as it was published.
package struct TableVersion: Sendable, Hashable, Codable {
  /// The name as this version's publication spelled it; names are unique ignoring case.
  package var name: String
  /// The version, from 1 on and without gaps.
  package var version: Int
  /// The table's id, which names its file: 64 lower-case hexadecimal digits.
  package var tableID: String
  /// The upload that created this version.
  package var uploadID: String
  /// The principal that the name belongs to.
  package var principal: String
  /// When this version was created, in microseconds since 1970-01-01 UTC.
  package var publishedAt: Int64
  /// The rows of the table.
  package var rows: UInt64
  /// The columns of the table.
  package var columns: Int
  /// The records that were not made rows.
  package var rejected: UInt64
  /// The bytes of the table's file.
  package var fileBytes: UInt64
  /// The file with its rejects; nil where there are none.
  package var rejects: RejectsFile?
  /// The version of this name whose rejects this one took in again; nil where it is an upload's own.
  package var repairs: Int?
  /// The warnings, text of a JSON array.
  package var warnings: String
  /// What each column holds, text of a JSON array; nil where nobody counted.
  package var statistics: String?
  /// The checksums of the table's batches; nil where nobody counted them.
  package var checksums: String?
  /// The archive member or sheet that it came from; nil for the upload itself.
  package var member: String?
  /// Whether nothing but its owner may remove it.
  package var isPinned: Bool
  /// Whether the upload in question created this version, rather than finding the latest to be this very table.
  ///
  /// Where no upload is in question, as for a table by name, it is the version's own, so this is true.
  package var isNew: Bool
}
