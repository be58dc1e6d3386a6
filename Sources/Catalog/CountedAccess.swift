// SPDX-License-Identifier: Apache-2.0

import GRDB

/// Requests of one kind, by one principal, within one minute, which share a row of the audit log.
package struct CountedAccess: Sendable, Hashable {
  /// What was asked for, and how it ended.
  package enum Kind: Sendable, Hashable {
    /// Something that the store holds was read: a table's version, as `name@version`, or the bytes of the upload of an id.
    case read(String)
    /// A request was refused, by its code, before it became an upload.
    case turnedAway(String)
  }

  /// When the minute began, in microseconds since 1970-01-01 UTC.
  package let minute: Int64
  /// The principal who asked.
  package let actor: String
  /// What was asked for.
  package let kind: Kind

  /// Requests of these values.
  package init(minute: Int64, actor: String, kind: Kind) {
    self.minute = minute
    self.actor = actor
    self.kind = kind
  }
}

extension TableCatalog {
  /// Adds a row for each kind of access to the audit log, all or none of them.
  ///
  /// - Parameter counts: how many requests there were of each; none is 0.
  /// - Throws: the machine's failure; nothing is written then.
  package func record(_ counts: [CountedAccess: UInt64]) async throws(CatalogError) {
    guard !counts.isEmpty else { return }
    let rows = counts.map { (access: $0.key, count: $0.value) }.sorted { $0.access.order < $1.access.order }
    try await write { database in
      for (access, count) in rows { try database.insertAudit(access, count: try count.stored()) }
    }
  }
}

extension Database {
  fileprivate func insertAudit(_ access: CountedAccess, count: Int64) throws {
    switch access.kind {
    case .read(let subject):
      try insertAudit(at: access.minute, actor: access.actor, .read, subject: subject, .done, count: count)
    case .turnedAway(let code):
      // All that is known of its subject is that it was one.
      try insertAudit(
        at: access.minute, actor: access.actor, .turnAway, subject: "request", .rejected, code: code, count: count)
    }
  }
}

extension CountedAccess {
  /// Rows stand by time, and within a minute in an order that is always the same.
  fileprivate var order: (Int64, String, Int, String) {
    switch kind {
    case .read(let subject): (minute, actor, 0, subject)
    case .turnedAway(let code): (minute, actor, 1, code)
    }
  }
}
