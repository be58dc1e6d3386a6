// SPDX-License-Identifier: Apache-2.0

import GRDB

@testable import Catalog

/// Writes a catalog as an older program left it: one table, published by `ann` as `sales`, and a content that crashed its
/// worker.
func writeOlderCatalog(at path: String, version: Int) throws {
  let queue = try DatabaseQueue(path: path)
  try queue.writeWithoutTransaction { try CatalogSchema.migrate($0, to: version) }
  try queue.write { database in
    try database.execute(
      sql: """
        INSERT INTO upload VALUES (?, 1, 'ann', 'ann', 'sales.csv', 'text/csv', ?, 10, 'csv', NULL, NULL, ?, 'full',
          '', '{}');
        INSERT INTO upload VALUES ('\(hex(99, digits: 32))', 100, 'ann', 'ann', NULL, NULL, '\(hex(7))', 10,
          NULL, 'worker_crashed', NULL, NULL, 'full', '', '{}');
        INSERT INTO reading VALUES ('ann', ?);
        INSERT INTO reading_output
          (scope, derivation, ordinal, table_id, rows, columns, rejected, file_bytes, warnings)
          VALUES ('ann', ?, 0, ?, 2, 3, 0, 4096, '[]');
        INSERT INTO named_table (folded, principal, latest) VALUES ('sales', 'ann', 1);
        INSERT INTO table_version
          (folded, version, name, upload_id, published_at, scope, derivation, ordinal)
          VALUES ('sales', 1, 'sales', ?, 2, 'ann', ?, 0);
        INSERT INTO upload_table VALUES (?, 0, 'sales', 1);
        INSERT INTO audit (at, actor, action, subject, outcome) VALUES (2, 'ann', 'publish', 'x', 'accepted');
        INSERT INTO audit (at, actor, action, subject, outcome) VALUES (2, 'ann', 'publish', 'sales@1', 'created');
        """,
      arguments: [
        hex(1, digits: 32), hex(1), hex(1), hex(1), hex(1), hex(100), hex(1, digits: 32), hex(1), hex(1, digits: 32),
      ])
    guard version >= 4 else { return }
    try database.execute(sql: "UPDATE named_table SET highest = latest")
    try database.chainAudit()
  }
  try queue.close()
}
