// SPDX-License-Identifier: Apache-2.0

import IngestTables
import WorkerProtocol

/// A table that was read, and what was noticed.
struct TableReading {
  let source: CSVSource
  let schema: Schema
  let shapes: [BatchShape]
  let tally: RecordTally
  /// The records that name the columns, which are no rows.
  let headerRecords: Int
  /// Without lines, which are counted at the end.
  let notes: [Note]
  let preamble: SetAside
  let trailer: SetAside
  /// What became no row; nil where nothing can.
  var rejects: Rejects?

  /// The rejected records, and what the file of them may take.
  struct Rejects {
    let list: RejectList
    let room: UInt64
  }

  /// Its records, its header and those that became no row among them.
  var records: UInt64 { tally.rows + UInt64(headerRecords) + rejectCount }
  var rejectCount: UInt64 { rejects?.list.count ?? 0 }
}
