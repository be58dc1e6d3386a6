// SPDX-License-Identifier: Apache-2.0

import GRDB

/// How many workers a content, and a principal's uploads, have crashed.
package struct CrashHistory: Sendable, Hashable {
  /// Uploads of this very content within the scope that ended so, ever.
  package var ofContent: Int
  /// Uploads of the principal that ended so since the given time.
  package var ofPrincipal: Int
  /// When the first of the latter was received, in microseconds since 1970-01-01 UTC; nil where there is none.
  package var firstOfPrincipal: Int64?
}

extension TableCatalog {
  /// Counts the uploads that ended in `worker_crashed`, `worker_violation` or `worker_lied`.
  ///
  /// Those that are being read now are not counted yet.
  ///
  /// - Parameters:
  ///   - contentHash: the content, whatever its name and options were.
  ///   - scope: within whom the content is looked for; what others sent must not show.
  ///   - time: from when on the principal's uploads count, in microseconds since 1970-01-01 UTC.
  /// - Throws: the machine's failure.
  package func crashes(
    ofContent contentHash: String, scope: String, ofPrincipal principal: String, since time: Int64
  ) async throws(CatalogError) -> CrashHistory {
    try await read { try $0.crashes(ofContent: contentHash, scope: scope, ofPrincipal: principal, since: time) }
  }

  /// Each half repeats the condition of its index, or SQLite would read the whole table.
  static let crashQuery = """
    SELECT of_principal, first_of_principal, (
      SELECT count(*) FROM upload
      WHERE scope = :scope AND content_hash = :content AND code IN \(CatalogSchema.crashCodes)
    ) AS of_content
    FROM (
      SELECT count(*) AS of_principal, min(received_at) AS first_of_principal FROM upload
      WHERE principal = :principal AND received_at >= :time AND code IN \(CatalogSchema.crashCodes))
    """
}

extension Database {
  func crashes(
    ofContent contentHash: String, scope: String, ofPrincipal principal: String, since time: Int64
  ) throws -> CrashHistory {
    let rows = try rows(
      TableCatalog.crashQuery, ["content": contentHash, "scope": scope, "principal": principal, "time": time])
    guard let row = rows.first else { throw CatalogError.corrupt }
    return CrashHistory(
      ofContent: try row.count("of_content"), ofPrincipal: try row.count("of_principal"),
      firstOfPrincipal: try row.optionalInteger("first_of_principal"))
  }
}
