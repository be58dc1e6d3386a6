// SPDX-License-Identifier: Apache-2.0

import GRDB

extension TableCatalog {
  /// The SHA-256 that was recorded of a file's bytes, in lower-case hexadecimal digits; nil where none was.
  ///
  /// - Parameter id: what names the file, of a table or of rejects.
  /// - Throws: the machine's failure.
  package func digest(ofFile id: String) async throws(CatalogError) -> String? {
    try await read { database in
      guard try database.tableExists("file_digest") else { return nil }
      return try database.rows("SELECT sha256 FROM file_digest WHERE id = ?", [id]).first?.text("sha256")
    }
  }

  /// What each record batch of a table holds, text of a JSON array; nil where it was not kept.
  ///
  /// - Throws: the machine's failure.
  package func batchStatistics(ofTable id: String) async throws(CatalogError) -> String? {
    try await read { database in
      guard try database.tableExists("batch_statistics") else { return nil }
      return try database.rows("SELECT statistics FROM batch_statistics WHERE table_id = ?", [id]).first?
        .text("statistics")
    }
  }

  /// Records the SHA-256 of a file's bytes, where none is recorded yet and something refers to the file.
  ///
  /// - Throws: the machine's failure.
  package func recordDigest(_ digest: String, ofFile id: String) async throws(CatalogError) {
    guard digest.isLowercaseHex(digits: 64) else { throw .invalidRequest(.malformedID) }
    guard try await unreferenced([id]).isEmpty else { return }
    try await write { try $0.change("INSERT OR IGNORE INTO file_digest VALUES (?, ?)", [id, digest]) }
  }
}
