// SPDX-License-Identifier: Apache-2.0

import IngestTables
import Validation

/// What is known of a table before its rows are converted: its names, and what each column's cells become.
///
/// It may rest on a sample; then the pass that converts finds out where it was wrong.
struct TablePlan: Sendable {
  let header: ColumnNames
  let contract: ColumnContract
  /// The columns of the text, with those that are dropped.
  let columnCount: Int
  /// What each column of the text was decided from: of some of its cells, or of all.
  var grounds: [ColumnInference]
  var decisions: [ColumnInference.Decision]
  /// Whether surplus cells need the `_extra` column, which is then the last field.
  var hasExtra: Bool
  /// The header's records, which are no rows.
  let headerRecords: Int
  /// Whether records bear the columns' names themselves, without a header.
  var hasKeys = false
  /// Where the first row starts.
  let rowsStart: Int
  /// Which records are in no row; nil where all are in one.
  var judge: RecordJudge?

  /// Whether the text names the columns.
  var isNamed: Bool { headerRecords > 0 || hasKeys }

  /// The columns at the end that have neither a name nor a cell.
  var droppedColumns: Int {
    guard !hasExtra else { return 0 }
    var dropped = 0
    while columnCount - dropped > 1, decisions[columnCount - dropped - 1].type == .null,
      header.isEmpty(columnCount - dropped - 1), !contract.hasRule(columnCount - dropped - 1)
    {
      dropped += 1
    }
    return dropped
  }

  /// The columns of the table.
  var fields: [Field] {
    let kept = max(columnCount, 1) - droppedColumns
    var fields = (0..<kept).map { column in
      Field(name: header.names[column], type: column < decisions.count ? decisions[column].type : .null)
    }
    if hasExtra {
      fields.append(Field(name: ColumnNames.unused("_extra", fields.map(\.name)), type: .listOfUTF8))
    }
    return fields
  }

  /// Decides a column again, from all of its cells.
  mutating func decide(_ column: Int, from cells: ColumnInference) {
    guard !contract.hasRule(column) else { return }
    grounds[column] = cells
    decisions[column] = contract.decide(cells)
  }

  /// Decides a column whose type is given, from all of its cells.
  mutating func decideRuled(_ column: Int, from cells: ColumnInference) {
    grounds[column] = cells
    decisions[column] = contract.decide(column, from: cells) ?? decisions[column]
  }

  /// Has the cells of the columns judged whose types are given, once these were decided.
  mutating func applyContract() {
    let judges = (0..<columnCount).compactMap { contract.judge($0, decisions[$0]) }
    guard !judges.isEmpty else { return }
    judge = RecordJudge(columns: columnCount, strictFormat: judge?.strictFormat, cells: judges)
  }

  /// Whether the same rows become the same table.
  func converts(like other: TablePlan) -> Bool {
    hasExtra == other.hasExtra && zip(decisions, other.decisions).allSatisfy { $0.converts(like: $1) }
  }
}

// MARK: - Passes

extension TablePlan {
  /// The pass that converts every column.
  var conversions: [ColumnTask] {
    zip(decisions, grounds).map { decision, grounds in
      ColumnTask(
        sink: ColumnSink(decision, grounds: grounds, contract),
        screen: decision.type == .utf8 && decision.expected == nil && !contract.isAllText
          ? TextScreen(sample: grounds, contract.nullWords) : nil)
    }
  }

  /// The pass that classifies every cell of some columns.
  func classifications(of columns: Set<Int>) -> [ColumnTask] {
    let judged = Set(judge?.cells.map(\.column) ?? [])
    return (0..<columnCount).map { column in
      if columns.contains(column) {
        return ColumnTask(
          screen: TextScreen(isThorough: true, readsStrings: contract.hasRule(column), contract.nullWords))
      }
      // What is rejected must not be among what decides.
      return judged.contains(column)
        ? ColumnTask(sink: ColumnSink(decisions[column], grounds: grounds[column], contract)) : .skipped
    }
  }

  /// The columns that are not settled when every row has been converted.
  struct OpenColumns {
    /// All cells taken together make another type.
    var contradicted: Set<Int> = []
    /// Text, but of what nearly was something else too little is known.
    var inconclusive: Set<Int> = []
  }

  /// Decides each column from what a pass over all rows found, and says which ones it cannot.
  mutating func settle(_ findings: PassFindings) -> OpenColumns {
    var open = OpenColumns()
    for column in decisions.indices where !contract.hasRule(column) {
      var cells = grounds[column].withoutCounts()
      if let screen = findings.screens[column] {
        if !screen.isThorough {
          if screen.isInconclusive { open.inconclusive.insert(column) } else { decisions[column].notes = [] }
          continue
        }
        cells = screen.cells
      } else {
        cells.add(findings.exceptions[column])
      }
      let decision = contract.decide(cells)
      if decision.converts(like: decisions[column]) {
        decisions[column] = decision
      } else {
        open.contradicted.insert(column)
      }
    }
    return open
  }
}
