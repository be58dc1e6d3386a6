// SPDX-License-Identifier: Apache-2.0

/// Something that a check of a store found.
package struct StoreFinding: Encodable, Sendable, Hashable {
  /// What kind of thing it is; stable.
  package enum Code: String, Encodable, Sendable, CaseIterable {
    /// The catalog's file is damaged, or contradicts itself.
    case catalogDamaged = "catalog_damaged"
    /// A row of the audit log was removed, altered, moved or cut off.
    case auditUnsound = "audit_unsound"
    /// The file of a table, or of rejects, is not there.
    case fileMissing = "file_missing"
    /// It is no whole table.
    case fileDamaged = "file_damaged"
    /// It is a table, but not the one that the catalog describes.
    case fileDiffers = "file_differs"
    /// A file that no row of the catalog names; `ingest store gc` removes it.
    case orphan
    /// Something that no program of ours put there.
    case stranger
  }

  package let code: Code
  /// The table's id, or the path in the store.
  package let subject: String
  /// The versions that show the table, as `name@version`.
  package let tables: [String]
  package let detail: String
}

/// What a check of a store found.
package struct StoreCheckReport: Encodable, Sendable {
  /// More are counted, but not listed: the report of a store that lost its disk must fit the memory.
  package static let mostFindings = 1_000

  /// Files that were verified, and their bytes.
  package internal(set) var files: UInt64 = 0
  package internal(set) var bytes: UInt64 = 0
  /// Files whose bytes were compared with a recorded digest, and those that got one now.
  package internal(set) var comparedDigests: UInt64 = 0
  package internal(set) var recordedDigests: UInt64 = 0
  /// Rows of the audit log that are sound, and its head.
  package internal(set) var auditRows: Int64 = 0
  package internal(set) var auditHead: String?
  /// What makes the store unsound.
  package private(set) var problems: [StoreFinding] = []
  package private(set) var problemCount = 0
  /// What is only untidy.
  package private(set) var warnings: [StoreFinding] = []
  package private(set) var warningCount = 0

  /// A report of nothing yet.
  package init() {}

  /// Whether there is no problem.
  package var isSound: Bool { problemCount == 0 }

  /// Adds a finding, or counts it only.
  package mutating func add(_ finding: StoreFinding) {
    switch finding.code {
    case .orphan, .stranger:
      warningCount += 1
      if warnings.count < Self.mostFindings { warnings.append(finding) }
    default:
      problemCount += 1
      if problems.count < Self.mostFindings { problems.append(finding) }
    }
  }

  /// Adds a problem of the catalog as a whole.
  package mutating func add(_ code: StoreFinding.Code, _ detail: String) {
    add(StoreFinding(code: code, subject: "catalog.sqlite", tables: [], detail: detail))
  }

  enum CodingKeys: String, CodingKey {
    case sound, files, bytes, problems, warnings
    case comparedDigests = "compared_digests"
    case recordedDigests = "recorded_digests"
    case auditRows = "audit_rows"
    case auditHead = "audit_head"
    case problemCount = "problem_count"
    case warningCount = "warning_count"
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(isSound, forKey: .sound)
    try container.encode(files, forKey: .files)
    try container.encode(bytes, forKey: .bytes)
    try container.encode(comparedDigests, forKey: .comparedDigests)
    try container.encode(recordedDigests, forKey: .recordedDigests)
    try container.encode(auditRows, forKey: .auditRows)
    try container.encode(auditHead, forKey: .auditHead)
    try container.encode(problems, forKey: .problems)
    try container.encode(problemCount, forKey: .problemCount)
    try container.encode(warnings, forKey: .warnings)
    try container.encode(warningCount, forKey: .warningCount)
  }
}
