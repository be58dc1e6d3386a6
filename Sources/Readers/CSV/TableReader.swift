// SPDX-License-Identifier: Apache-2.0

import IngestTables
import Validation
import WorkerProtocol

/// Reads one table of a text, or counts its records.
///
/// A sample says what the columns are, and one pass converts all rows on that guess. Where a row contradicts it, the
/// columns in question are classified over the whole table, and all rows are converted once more: what a column becomes
/// always follows from all of its cells.
struct TableReader {
  /// The times that single columns are decided again, before all are.
  private static let singleDecisions = 2
  private static let mostRounds = 6

  let isVerbatim: Bool
  let limits: ReadLimits
  let threads: ParsingThreads
  let sizes: PassSizes
  /// Which of the text's outputs the table is.
  var role = OutputRole.firstTable

  /// Another table starts within the rows: the text has to be looked at as one that ends there.
  struct AnotherTable: Error { let offset: Int }

  /// The table's end was guessed and lies within a quoted cell.
  struct WrongEnd: Error {}

  /// Every column was decided from all of its cells, and still one of them did not fit: a fault of this program.
  struct Undecided: Error {}

  /// - Throws: a `Rejection`, `AnotherTable` or `WrongEnd`, or what `output` throws.
  func read(_ source: CSVSource, to output: ReaderOutput) throws -> TableReading {
    try source.checkText(source.text.lowerBound..<source.range.lowerBound)
    try source.checkText(source.range.upperBound..<source.text.upperBound)
    guard !isVerbatim else { return try readLists(source, to: output) }
    do { return try readColumns(source, to: output) } catch let rejection as Rejection {
      // What stands at a wrong end is malformed.
      let isOfShape = rejection.code == .recordMalformed || rejection.code == .tooManyRejects
      if source.endIsGuessed, source.isStrict, isOfShape { throw WrongEnd() }
      throw rejection
    }
  }

  /// Counts a table's records, and checks that all is text.
  func count(_ source: CSVSource, progress: (UInt64, UInt64) throws -> Void) throws -> OtherTable {
    try source.checkText(source.text.lowerBound..<source.range.lowerBound)
    try source.checkText(source.range.upperBound..<source.text.upperBound)
    let pass = BlockPass(source, PassPlan(counting: source), limits: limits, output: nil, sizes: sizes)
    let (preamble, trailer) = try surroundings(source)
    let rows = try finish(pass, source) { bytes, _ in try progress(bytes, 0) }.tally.rows
    return OtherTable(source: source, tableRecords: rows, records: rows + preamble.records + trailer.records)
  }

  private func surroundings(_ source: CSVSource) throws(Rejection) -> (preamble: SetAside, trailer: SetAside) {
    var (preamble, trailer) = (SetAside(), SetAside())
    try preamble.add(source.text.lowerBound..<source.range.lowerBound, beside: source, as: .preamble)
    try trailer.add(source.range.upperBound..<source.text.upperBound, beside: source, as: .footnote)
    return (preamble, trailer)
  }

  /// What a pass found that nothing contradicts.
  private func finish(
    _ pass: BlockPass, _ source: CSVSource, progress: (UInt64, UInt64) throws -> Void
  ) throws -> PassFindings {
    switch try pass.run(on: threads, progress: progress) {
    case .finished(let findings):
      if source.endIsGuessed, findings.tally.unclosedQuotes.count > 0 { throw WrongEnd() }
      return findings
    case .ended(let offset): throw AnotherTable(offset: offset)
    case .contradicted: throw Undecided()
    }
  }

  private func batches(
    _ source: CSVSource, _ plan: PassPlan, to output: ReaderOutput
  ) throws -> BatchOutput {
    BatchOutput(
      to: try output.open(role), schema: Schema(fields: plan.fields),
      limit: limits.outputBytes(forInput: UInt64(source.bytes.count)), droppingColumns: plan.droppedColumns)
  }

  // MARK: Lists

  private func readLists(_ source: CSVSource, to output: ReaderOutput) throws -> TableReading {
    let (preamble, trailer) = try surroundings(source)
    let plan = PassPlan(verbatim: source)
    let batches = try batches(source, plan, to: output)
    let pass = BlockPass(source, plan, limits: limits, output: batches, sizes: sizes)
    let tally = try finish(pass, source, progress: output.progress).tally
    return TableReading(
      source: source, schema: Schema(fields: plan.fields), shapes: batches.shapes, tally: tally, headerRecords: 0,
      notes: [Note](verbatim: tally), preamble: preamble, trailer: trailer)
  }

  // MARK: Columns

  private func readColumns(_ source: CSVSource, to output: ReaderOutput) throws -> TableReading {
    let (preamble, trailer) = try surroundings(source)
    var survey = SampleSurvey(source, limits: limits, sample: sizes.sample)
    var table = try survey.plan()
    try classifyRuled(source, &table)
    survey.guess(&table)
    for round in 0..<Self.mostRounds {
      let plan = PassPlan(converting: table)
      let batches = try batches(source, plan, to: output)
      let pass = BlockPass(source, plan, limits: limits, output: batches, sizes: sizes)
      var columns: Set<Int>
      switch try pass.run(on: threads, progress: output.progress) {
      case .ended(let offset): throw AnotherTable(offset: offset)
      case .finished(let findings):
        if source.endIsGuessed, findings.tally.unclosedQuotes.count > 0 { throw WrongEnd() }
        var settled = table
        let open = settled.settle(findings)
        if open.contradicted.isEmpty {
          try classify(open.inconclusive, source, &settled)
          if settled.converts(like: table) {
            var tally = survey.tally
            tally.add(findings.tally)
            let room = batches.limit - min(batches.limit, batches.bytes)
            return TableReading(
              source: source, schema: Schema(fields: plan.fields), shapes: batches.shapes, tally: tally,
              headerRecords: table.headerRecords, notes: [Note](settled, tally, of: source), preamble: preamble,
              trailer: trailer, rejects: TableReading.Rejects(list: findings.rejects, table: settled, room: room))
          }
          table = settled
          continue
        }
        columns = open.contradicted
      case .contradicted(let contradicted, let needsExtra):
        table.hasExtra = table.hasExtra || needsExtra
        columns = contradicted
      }
      if round >= Self.singleDecisions {
        columns = Set(0..<table.columnCount).subtracting(table.contract.ruledColumns)
      }
      try classify(columns, source, &table)
    }
    throw Undecided()
  }

  /// Decides the columns whose types are given, from all cells of records that are formed as they should be.
  private func classifyRuled(_ source: CSVSource, _ table: inout TablePlan) throws {
    let columns = table.contract.ruledColumns
    guard !columns.isEmpty else { return }
    // Those that their cells reject are not known yet.
    let findings = try classification(of: columns, source, table, countsRejects: false)
    for column in columns { table.decideRuled(column, from: findings.screens[column]?.cells ?? ColumnInference()) }
    table.applyContract()
    // Where none may be rejected, no other records have surplus cells.
    if source.mostRejects == 0 { table.hasExtra = findings.tally.hasExtra }
  }

  /// Decides these columns from all of their cells, and whether any record has surplus cells.
  private func classify(_ columns: Set<Int>, _ source: CSVSource, _ table: inout TablePlan) throws {
    guard !columns.isEmpty else { return }
    let findings = try classification(of: columns, source, table)
    table.hasExtra = table.hasExtra || findings.tally.hasExtra
    for column in columns { table.decide(column, from: findings.screens[column]?.cells ?? ColumnInference()) }
  }

  private func classification(
    of columns: Set<Int>, _ source: CSVSource, _ table: TablePlan, countsRejects: Bool = true
  ) throws -> PassFindings {
    let pass = BlockPass(
      source, PassPlan(classifying: columns, of: table), limits: limits, output: nil, sizes: sizes,
      countsRejects: countsRejects)
    return try finish(pass, source) { _, _ in }
  }
}
