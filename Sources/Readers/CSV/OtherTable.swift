// SPDX-License-Identifier: Apache-2.0

/// A table of the text that is not read, but counted.
struct OtherTable {
  let source: CSVSource
  /// Its own records, its header among them.
  let tableRecords: UInt64
  /// The records of its whole stretch, with its title and its notes.
  let records: UInt64
}
