// SPDX-License-Identifier: Apache-2.0

import GRDB

/// What a look at the whole audit log found.
package struct AuditVerification: Sendable, Hashable {
  /// The rows that are sound.
  package var rows: Int64 = 0
  /// The last of them.
  package var head = AuditHead.origin
  /// What is wrong with what follows; nil where the whole log is sound.
  package var fault: AuditFault?
  /// Whether a head that was kept is one of the log's; nil where none was given.
  package var holdsKeptHead: Bool?

  /// Whether nothing is wrong.
  package var isSound: Bool { fault == nil && holdsKeptHead != false }
}

/// The first thing that is wrong with the audit log.
package enum AuditFault: Sendable, Hashable {
  /// The row of this number was altered, or is not the one that was written there.
  case altered(Int64)
  /// No row follows the one of this number where one must.
  case missing(after: Int64)
  /// Rows behind the one of this number were removed; the log once reached the second number.
  case cutOff(after: Int64, of: Int64)
  /// The row of this number was written by an older program and is not chained yet.
  case notChained(Int64)
}

extension TableCatalog {
  /// The end of the audit log.
  ///
  /// - Throws: the machine's failure.
  package func auditHead() async throws(CatalogError) -> AuditHead {
    try await read { database in
      try database.requireAuditHashes()
      return try database.auditHead()
    }
  }

  /// Verifies the whole audit log, a row at a time.
  ///
  /// Who can write the database can also chain a log of his own, so this proves most together with a head that was kept
  /// elsewhere.
  ///
  /// - Parameter kept: a head of before.
  /// - Throws: `olderSchema` where nothing is chained yet, or the machine's failure.
  package func verifyAudit(holding kept: AuditHead? = nil) async throws(CatalogError) -> AuditVerification {
    try await read { database in
      try database.requireAuditHashes()
      var found = AuditVerification()
      if let kept { found.holdsKeptHead = kept == .origin }
      let cursor = try Row.fetchCursor(database, sql: "SELECT * FROM audit ORDER BY seq")
      while let row = try cursor.next() {
        if let fault = try found.add(row) {
          found.fault = fault
          return found
        }
        if found.head == kept { found.holdsKeptHead = true }
      }
      let last = try database.rows("SELECT seq FROM sqlite_sequence WHERE name = 'audit'", []).first
      let highest = try last?.optionalInteger("seq") ?? 0
      if highest != found.head.sequence { found.fault = .cutOff(after: found.head.sequence, of: highest) }
      return found
    }
  }

  /// Calls `body` with the audit log's head after each transaction of this process that made it longer.
  ///
  /// `body` runs before the transaction's verb returns, and delays it.
  package func onAuditHead(_ body: @escaping @Sendable (AuditHead) -> Void) {
    pool.writeWithoutTransaction { database in
      database.add(transactionObserver: AuditObserver(report: body), extent: .databaseLifetime)
    }
  }
}

extension AuditVerification {
  /// Takes in the next row, or says what is wrong with it.
  fileprivate mutating func add(_ row: Row) throws(CatalogError) -> AuditFault? {
    let event = try AuditRow(row)
    guard event.sequence == head.sequence + 1 else { return .missing(after: head.sequence) }
    guard let hash = try row.optionalText("hash") else { return .notChained(event.sequence) }
    guard AuditChain.hash(event, after: head.hash) == hash else { return .altered(event.sequence) }
    head = AuditHead(sequence: event.sequence, hash: hash)
    rows += 1
    return nil
  }
}

extension Database {
  /// Refuses a file of an older program, opened read-only, whose rows have no hashes.
  fileprivate func requireAuditHashes() throws {
    guard try columns(in: "audit").contains(where: { $0.name == "hash" }) else {
      throw CatalogError.olderSchema(Int(clamping: try Int64.fetchOne(self, sql: "PRAGMA user_version") ?? 0))
    }
  }
}

/// Hears of commits that made the audit log longer.
private final class AuditObserver: TransactionObserver {
  private let report: @Sendable (AuditHead) -> Void
  private var hasChanged = false

  init(report: @escaping @Sendable (AuditHead) -> Void) { self.report = report }

  func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool {
    if case .insert(let table) = eventKind { table == "audit" } else { false }
  }

  func databaseDidChange(with event: DatabaseEvent) {
    hasChanged = true
    stopObservingDatabaseChangesUntilNextTransaction()
  }

  func databaseDidCommit(_ database: Database) {
    guard hasChanged else { return }
    hasChanged = false
    // The commit stands, whatever comes of this; the next one tells a later head.
    if let head = try? database.auditHead() { report(head) }
  }

  func databaseDidRollback(_ database: Database) { hasChanged = false }
}
