// SPDX-License-Identifier: Apache-2.0

import IngestTables
import Validation
import WorkerProtocol

/// Another table starts within the rows: the text has to be looked at as one that ends there.
struct AnotherTable: Error { let offset: Int }

/// The table's end was guessed and lies within a quoted cell.
struct WrongEnd: Error {}

/// Records have columns that the table lacks: it has to be planned again.
struct MoreColumns: Error {}

/// Every column was decided from all of its cells, and still one of them did not fit: a fault of this program.
struct Undecided: Error {}

/// Converts the rows of one table, whatever its format.
///
/// A guess says what the columns are, and one pass converts all rows on it. Where a row contradicts it, the columns in
/// question are classified over the whole table, and all rows are converted once more: what a column becomes always
/// follows from all of its cells.
struct TableConversion<Source: RecordSource> {
  /// A table whose rows were written.
  struct Converted {
    let table: TablePlan
    let schema: Schema
    let shapes: [BatchShape]
    let findings: PassFindings
    /// What the file of its rejects may take.
    let room: UInt64
  }

  let source: Source
  let role: OutputRole
  let limits: ReadLimits
  let threads: ParsingThreads
  let sizes: PassSizes

  /// What a pass found that nothing contradicts.
  func finish(
    _ plan: PassPlan, countsRecords: Bool = true, to batches: BatchOutput? = nil,
    progress: (UInt64, UInt64) throws -> Void = { _, _ in }
  ) throws -> PassFindings {
    let pass = BlockPass(
      source, plan, limits: limits, output: batches, sizes: sizes, countsRecords: countsRecords)
    switch try pass.run(on: threads, progress: progress) {
    case .finished(let findings):
      try source.check(findings)
      return findings
    case .ended(let offset): throw AnotherTable(offset: offset)
    case .contradicted: throw Undecided()
    }
  }

  /// A fresh file for a pass's rows.
  func batches(_ plan: PassPlan, to output: ReaderOutput) throws -> BatchOutput {
    BatchOutput(
      to: try output.open(role), schema: Schema(fields: plan.fields),
      limit: limits.outputBytes(forInput: UInt64(source.bytes.count)), droppingColumns: plan.droppedColumns)
  }

  /// Converts all rows.
  ///
  /// - Parameters:
  ///   - plan: what is known of the table before.
  ///   - guess: decides the columns whose types are not given from some of their cells.
  /// - Throws: a `Rejection`, `AnotherTable`, `WrongEnd` or `MoreColumns`, or what `output` throws.
  func convert(_ plan: TablePlan, guess: (inout TablePlan) -> Void, to output: ReaderOutput) throws -> Converted {
    var table = plan
    try classifyRuled(&table)
    guess(&table)
    for round in 0..<Rounds.most {
      let plan = PassPlan(converting: table)
      let batches = try batches(plan, to: output)
      let pass = BlockPass(source, plan, limits: limits, output: batches, sizes: sizes)
      var columns: Set<Int>
      switch try pass.run(on: threads, progress: output.progress) {
      case .ended(let offset): throw AnotherTable(offset: offset)
      case .finished(let findings):
        try source.check(findings)
        var settled = table
        let open = settled.settle(findings)
        if open.contradicted.isEmpty {
          try classify(open.inconclusive, &settled)
          if settled.converts(like: table) {
            return Converted(
              table: settled, schema: Schema(fields: plan.fields), shapes: batches.shapes, findings: findings,
              room: batches.limit - min(batches.limit, batches.bytes))
          }
          table = settled
          continue
        }
        columns = open.contradicted
      case .contradicted(let contradicted, let needsExtra):
        guard !needsExtra || source.listsSurplus else { throw MoreColumns() }
        table.hasExtra = table.hasExtra || needsExtra
        columns = contradicted
      }
      if round >= Rounds.ofSingleColumns {
        columns = Set(0..<table.columnCount).subtracting(table.contract.ruledColumns)
      }
      try classify(columns, &table)
    }
    throw Undecided()
  }

  /// Decides the columns whose types are given, from all cells of records that are formed as they should be.
  private func classifyRuled(_ table: inout TablePlan) throws {
    let columns = table.contract.ruledColumns
    guard !columns.isEmpty else { return }
    // Those that their cells reject are not known yet.
    let findings = try finish(PassPlan(classifying: columns, of: table), countsRecords: false)
    for column in columns { table.decideRuled(column, from: findings.screens[column]?.cells ?? ColumnInference()) }
    table.applyContract()
    // Where none may be rejected, no other records have surplus cells.
    if source.mostRejects == 0 { table.hasExtra = findings.tally.hasExtra && source.listsSurplus }
  }

  /// Decides these columns from all of their cells, and whether any record has surplus cells.
  private func classify(_ columns: Set<Int>, _ table: inout TablePlan) throws {
    guard !columns.isEmpty else { return }
    let findings = try finish(PassPlan(classifying: columns, of: table))
    table.hasExtra = table.hasExtra || findings.tally.hasExtra && source.listsSurplus
    for column in columns { table.decide(column, from: findings.screens[column]?.cells ?? ColumnInference()) }
  }
}

/// How often a table is converted.
private enum Rounds {
  /// The times that single columns are decided again, before all are.
  static let ofSingleColumns = 2
  static let most = 6
}
