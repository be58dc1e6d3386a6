// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Hashing

/// Each row of the audit log holds the hash of itself and of the hash before it.
enum AuditChain {
  /// What the first row follows.
  static let origin = String(repeating: "0", count: 64)

  /// The hash of a row that follows the hash `previous`.
  ///
  /// Each value has a tag and its length before it, so that no two rows are the same bytes.
  static func hash(_ event: AuditRow, after previous: String) -> String {
    var bytes = Array("ingest audit 1\n".utf8)
    append(previous, to: &bytes)
    append(event.sequence, to: &bytes)
    append(event.at, to: &bytes)
    for text in [event.actor, event.action, event.subject, event.outcome, event.code] { append(text, to: &bytes) }
    // Not even a null otherwise, so that rows of programs that did not count keep their hashes.
    if let count = event.count { append(count, to: &bytes) }
    return SHA256.hash(bytes).description
  }

  private static func append(_ number: Int64, to bytes: inout [UInt8]) {
    bytes.append(1)
    append(bits: UInt64(bitPattern: number), to: &bytes)
  }

  private static func append(_ text: String?, to bytes: inout [UInt8]) {
    guard let text else { return bytes.append(0) }
    // SQLite ends a text at its first zero byte, and what it gives back must hash like what it was given.
    let kept = text.utf8.prefix { $0 != 0 }
    bytes.append(2)
    append(bits: UInt64(kept.count), to: &bytes)
    bytes += kept
  }

  private static func append(bits: UInt64, to bytes: inout [UInt8]) {
    for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift))) }
  }
}

/// A row of the audit log but for its hash, as the database holds it: words of a newer program too.
struct AuditRow {
  var sequence: Int64
  var at: Int64
  var actor: String
  var action: String
  var subject: String
  var outcome: String
  var code: String?
  var count: Int64?
}

extension AuditRow {
  init(_ row: Row) throws(CatalogError) {
    self.init(
      sequence: try row.integer("seq"), at: try row.integer("at"), actor: try row.text("actor"),
      action: try row.text("action"), subject: try row.text("subject"), outcome: try row.text("outcome"),
      code: try row.optionalText("code"), count: try row.optionalInteger("count"))
  }
}

extension Database {
  /// Adds a row to the audit log, chained to the one before it.
  func insertAudit(
    at time: Int64, actor: String, _ action: AuditEvent.Action, subject: String, _ outcome: AuditEvent.Outcome,
    code: String? = nil, count: Int64? = nil
  ) throws {
    let last = try lastAuditRow()
    if last.sequence > 0, last.hash == nil {
      // A process of an older program, which had the file open when it was migrated, went on writing.
      try chainAudit()
      return try insertAudit(at: time, actor: actor, action, subject: subject, outcome, code: code, count: count)
    }
    let (sequence, overflowed) = last.number.addingReportingOverflow(1)
    guard !overflowed else { throw CatalogError.corrupt }
    let row = AuditRow(
      sequence: sequence, at: time, actor: actor, action: action.rawValue, subject: subject,
      outcome: outcome.rawValue, code: code, count: count)
    try change(
      """
      INSERT INTO audit (seq, at, actor, action, subject, outcome, code, count, hash)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        row.sequence, row.at, row.actor, row.action, row.subject, row.outcome, row.code, row.count,
        AuditChain.hash(row, after: last.hash ?? AuditChain.origin),
      ])
  }

  /// The end of the audit log.
  func auditHead() throws -> AuditHead {
    let last = try lastAuditRow()
    guard last.sequence > 0 else { return .origin }
    return AuditHead(sequence: last.sequence, hash: last.hash ?? AuditChain.origin)
  }

  /// The last row, and the highest number that was ever given, which outlives a row that is cut off.
  private func lastAuditRow() throws -> (sequence: Int64, hash: String?, number: Int64) {
    let found = try rows(
      """
      SELECT s.seq AS number, a.seq AS seq, a.hash AS hash
      FROM (SELECT 1) LEFT JOIN (SELECT seq FROM sqlite_sequence WHERE name = 'audit') AS s
      LEFT JOIN (SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1) AS a
      """, [])
    guard let row = found.first else { throw CatalogError.corrupt }
    let sequence = try row.optionalInteger("seq") ?? 0
    return (sequence, try row.optionalText("hash"), max(sequence, try row.optionalInteger("number") ?? 0))
  }

  /// Gives every row that has no hash its own, a page at a time.
  func chainAudit() throws {
    var previous: String?
    while true {
      let page = try rows("SELECT * FROM audit WHERE hash IS NULL ORDER BY seq LIMIT 500", [])
      guard let first = page.first else { return }
      if previous == nil {
        let before = try rows(
          "SELECT hash FROM audit WHERE seq < ? ORDER BY seq DESC LIMIT 1", [try first.integer("seq")])
        previous = try before.first?.optionalText("hash")
      }
      for row in page {
        let event = try AuditRow(row)
        let hash = AuditChain.hash(event, after: previous ?? AuditChain.origin)
        try change("UPDATE audit SET hash = ? WHERE seq = ?", [hash, event.sequence])
        previous = hash
      }
    }
  }
}
