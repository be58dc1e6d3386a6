// SPDX-License-Identifier: Apache-2.0

import IngestTables

/// What one pass does with the records of a table.
struct PassPlan: Sendable {
  /// What becomes of a record's cells beyond the columns.
  enum Surplus: Sendable {
    /// They contradict the guess that there are none.
    case contradicts
    /// They stand in a list at the end of the row.
    case listed
    /// All cells of a record do, and nothing else.
    case allListed
    case ignored
  }

  /// The cells of a regular record.
  let columnCount: Int
  /// The columns of what is written, or would be.
  let fields: [Field]
  /// What is done with each column of the text.
  let tasks: [ColumnTask]
  let surplus: Surplus
  /// Where the first row starts.
  let rowsStart: Int
  /// The columns at the end that are not written.
  let droppedColumns: Int
  let contract: ColumnContract?
  /// Which records are rejected; nil where none is.
  let judge: RecordJudge?
  /// Whether the keys of all records are listed, and nothing else.
  private(set) var findsKeys = false

  /// Rows are counted, and nothing else; the header is one.
  init(counting source: some RecordSource, columns: Int) {
    self.init(source, columns: columns, fields: [], surplus: .ignored)
  }

  /// The keys of all records are listed, and nothing else.
  init(findingKeysOf source: some RecordSource) {
    self.init(counting: source, columns: 0)
    findsKeys = true
  }

  /// Every record becomes the list of its cells, as they stand; the header is a record like any other.
  init(verbatim source: some RecordSource, columns: Int) {
    self.init(source, columns: columns, fields: [Field(name: "cells", type: .listOfUTF8)], surplus: .allListed)
  }

  private init(_ source: some RecordSource, columns: Int, fields: [Field], surplus: Surplus) {
    columnCount = columns
    self.fields = fields
    tasks = []
    self.surplus = surplus
    rowsStart = source.range.lowerBound
    droppedColumns = 0
    contract = nil
    judge = nil
  }

  /// Every column is converted.
  init(converting table: TablePlan) {
    self.init(table, table.conversions, surplus: table.hasExtra ? .listed : .contradicts)
  }

  /// Every cell of some columns is classified.
  init(classifying columns: Set<Int>, of table: TablePlan) {
    self.init(table, table.classifications(of: columns), surplus: .ignored)
  }

  private init(_ table: TablePlan, _ tasks: [ColumnTask], surplus: Surplus) {
    columnCount = table.columnCount
    fields = table.fields
    self.tasks = tasks
    self.surplus = surplus
    rowsStart = table.rowsStart
    droppedColumns = table.droppedColumns
    contract = table.contract
    judge = table.judge
  }
}
