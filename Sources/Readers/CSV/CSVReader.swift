// SPDX-License-Identifier: Apache-2.0

import IngestTables
import Validation
package import WorkerProtocol

/// Reads delimited text as a table.
///
/// A sample says what the columns are, and one pass converts all rows on that guess. Where a row contradicts it, the
/// columns in question are classified over the whole text, and all rows are converted once more: what a column becomes
/// always follows from all of its cells.
package struct CSVReader {
  /// The times that single columns are decided again, before all are.
  private static let singleDecisions = 2
  private static let mostRounds = 6

  /// A text gives one table.
  private let role = OutputRole.firstTable

  private let bytes: MappedBytes
  private let options: ReadOptions
  private let limits: ReadLimits
  private let threads: ParsingThreads
  private let sizes: PassSizes
  private let originals: (([UInt64]) -> [UInt64: UInt64])?

  /// - Parameter originals: finds where in the file the offsets of this text are; nil where they are the same.
  package init(
    _ bytes: MappedBytes, options: ReadOptions, limits: ReadLimits, threads: ParsingThreads = .alone,
    sizes: PassSizes = PassSizes(), originals: (([UInt64]) -> [UInt64: UInt64])? = nil
  ) {
    self.bytes = bytes
    self.options = options
    self.limits = limits
    self.threads = threads
    self.sizes = sizes
    self.originals = originals
  }

  /// Reads the text and hands the table over.
  ///
  /// - Throws: a `Rejection` with the offset and line in the text, or what `output` throws.
  package func read(to output: ReaderOutput) throws {
    do {
      do {
        try read(try CSVSource(bytes, options: options, limits: limits), to: output)
      } catch is WrongEnd {
        try read(try CSVSource(bytes, options: options, limits: limits, looksAtTail: false), to: output)
      }
    } catch var rejection as Rejection {
      if rejection.line == nil, let offset = rejection.byteOffset { rejection.line = line(of: Int(clamping: offset)) }
      throw rejection
    }
  }

  private func line(of offset: Int) -> UInt64? {
    LineCounter.lines(of: [offset], in: bytes)[offset]
  }

  /// The table's end was guessed and lies within a quoted cell.
  private struct WrongEnd: Error {}

  private func read(_ source: CSVSource, to output: ReaderOutput) throws {
    if options.isVerbatim {
      try VerbatimPass(source, limits: limits).run(to: output) {
        if source.endIsGuessed, $0.unclosedQuote != nil { throw WrongEnd() }
      }
    } else {
      do { try readTable(source, to: output) } catch let rejection as Rejection {
        // What stands at a wrong end is malformed.
        let isOfShape = rejection.code == .recordMalformed || rejection.code == .tooManyRejects
        if source.endIsGuessed, source.isStrict, isOfShape { throw WrongEnd() }
        throw rejection
      }
    }
  }

  // MARK: Tables

  private func readTable(_ source: CSVSource, to output: ReaderOutput) throws {
    try source.checkText(0..<source.range.lowerBound)
    try source.checkText(source.range.upperBound..<bytes.count)
    var survey = SampleSurvey(source, limits: limits, sample: sizes.sample)
    var plan = try survey.plan()
    try classifyRuled(source, &plan)
    survey.guess(&plan)
    for round in 0..<Self.mostRounds {
      var columns: Set<Int>
      switch try convert(source, plan, to: output) {
      case .finished(let findings, let written):
        var settled = plan
        let open = settled.settle(findings)
        if open.contradicted.isEmpty {
          try classify(open.inconclusive, source, &settled)
          if settled.converts(like: plan) {
            var tally = survey.tally
            tally.add(findings.tally)
            if source.endIsGuessed, tally.unclosedQuotes.count > 0 { throw WrongEnd() }
            return try finish(source, settled, findings.rejects, tally, written, to: output)
          }
          plan = settled
          continue
        }
        columns = open.contradicted
      case .contradicted(let contradicted, let needsExtra):
        plan.hasExtra = plan.hasExtra || needsExtra
        columns = contradicted
      }
      if round >= Self.singleDecisions { columns = Set(0..<plan.columnCount).subtracting(plan.contract.ruledColumns) }
      try classify(columns, source, &plan)
    }
    throw Undecided()
  }

  /// Every column was decided from all of its cells, and still one of them did not fit: a fault of this program.
  struct Undecided: Error {}

  private enum Conversion {
    case finished(PassFindings, BatchOutput)
    case contradicted(columns: Set<Int>, needsExtra: Bool)
  }

  private func convert(
    _ source: CSVSource, _ plan: TablePlan, to output: ReaderOutput
  ) throws -> Conversion {
    let limit = limits.outputBytes(forInput: UInt64(bytes.count))
    let batches = BatchOutput(
      to: try output.open(role), schema: Schema(fields: plan.fields), limit: limit, droppingColumns: plan.droppedColumns
    )
    let pass = BlockPass(source, plan, tasks: plan.conversions, limits: limits, output: batches, sizes: sizes)
    switch try pass.run(on: threads, progress: output.progress) {
    case .finished(let findings): return .finished(findings, batches)
    case .contradicted(let columns, let needsExtra): return .contradicted(columns: columns, needsExtra: needsExtra)
    }
  }

  /// Hands the table over, and what it rejected.
  private func finish(
    _ source: CSVSource, _ plan: TablePlan, _ rejects: RejectList, _ tally: RecordTally, _ written: BatchOutput,
    to output: ReaderOutput
  ) throws {
    let findings = FindingsWriter(source, plan, tally, rejects: rejects.count).findings
    try output.finish(Schema(fields: plan.fields), written.shapes, findings)
    guard rejects.count > 0 else { return }
    let limit = written.limit - min(written.limit, written.bytes)
    try RejectsWriter(bytes, plan, originals: originals).write(
      rejects.records, of: role, to: output, outputLimit: limit)
  }

  /// Decides the columns whose types are given, from all cells of records that are formed as they should be.
  private func classifyRuled(_ source: CSVSource, _ plan: inout TablePlan) throws {
    let columns = plan.contract.ruledColumns
    guard !columns.isEmpty else { return }
    // Those that their cells reject are not known yet.
    let findings = try classification(of: columns, source, plan, countsRejects: false)
    for column in columns { plan.decideRuled(column, from: findings?.screens[column]?.cells ?? ColumnInference()) }
    plan.applyContract()
    // Where none may be rejected, no other records have surplus cells.
    if source.mostRejects == 0 { plan.hasExtra = findings?.tally.hasExtra ?? false }
  }

  /// Decides these columns from all of their cells, and whether any record has surplus cells.
  private func classify(_ columns: Set<Int>, _ source: CSVSource, _ plan: inout TablePlan) throws {
    guard !columns.isEmpty, let findings = try classification(of: columns, source, plan) else { return }
    plan.hasExtra = plan.hasExtra || findings.tally.hasExtra
    for column in columns { plan.decide(column, from: findings.screens[column]?.cells ?? ColumnInference()) }
  }

  private func classification(
    of columns: Set<Int>, _ source: CSVSource, _ plan: TablePlan, countsRejects: Bool = true
  ) throws -> PassFindings? {
    var tolerant = plan
    tolerant.hasExtra = true
    let pass = BlockPass(
      source, tolerant, tasks: plan.classifications(of: columns), limits: limits, output: nil, sizes: sizes,
      countsRejects: countsRejects)
    guard case .finished(let findings) = try pass.run(on: threads, progress: { _, _ in }) else { return nil }
    return findings
  }
}

extension ReadLimits {
  /// What the bodies of an upload of `input` bytes may take.
  func outputBytes(forInput input: UInt64) -> UInt64 {
    let (product, overflowed) = input.multipliedReportingOverflow(by: outputFactor)
    let (sum, overflowedAgain) = product.addingReportingOverflow(outputBase)
    return overflowed || overflowedAgain ? .max : sum
  }
}
