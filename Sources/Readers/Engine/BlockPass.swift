// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import IngestTables
import Validation
import WorkerProtocol

/// One pass over the rows of a table, block by block, on as many threads as there are.
///
/// The result does not depend on the threads: blocks are cut from the start of the table, a record belongs to the block
/// in which it starts, and each block ends in its turn.
final class BlockPass<Source: RecordSource>: Sendable {
  private let source: Source
  private let plan: PassPlan
  private let limits: ReadLimits
  private let sequencer: BlockSequencer
  private let findings: Monitor<PassFindings>
  /// Whether this pass refuses the table where there are more records, or more of them are rejected, than may be.
  ///
  /// One before the last looks at columns only, and would miss which of both came first.
  private let countsRecords: Bool
  /// What ended the pass before the last row.
  private let interruption = Monitor<PassOutcome?>(nil)
  /// Nil where nothing is written.
  private let output: BatchOutput?
  private let pieceBytes: Int
  private let blockBytes: Int
  private let blocks: Int

  init(
    _ source: Source, _ plan: PassPlan, limits: ReadLimits, output: BatchOutput?, sizes: PassSizes,
    countsRecords: Bool = true
  ) {
    self.source = source
    self.plan = plan
    self.limits = limits
    self.output = output
    pieceBytes = sizes.piece
    blockBytes = sizes.block(plan.fields.count)
    blocks = (source.range.count + blockBytes - 1) / blockBytes
    sequencer = BlockSequencer(blocks: blocks, start: plan.rowsStart)
    self.countsRecords = countsRecords
    findings = Monitor(PassFindings(columns: plan.columnCount, mostRejects: source.mostRejects))
  }

  /// Reads all blocks.
  ///
  /// - Throws: a `Rejection`, what `progress` throws, or a failure to write.
  func run(on threads: ParsingThreads, progress: (UInt64, UInt64) throws -> Void) throws -> PassOutcome {
    var failure: (any Error)?
    let work = { @Sendable (_: Int) in self.work { _, _ in } }
    if blocks > 1, threads.count > 1 {
      threads.run(helpers: work) { self.work { bytes, rows in self.report(bytes, rows, to: progress, &failure) } }
    } else {
      self.work { bytes, rows in report(bytes, rows, to: progress, &failure) }
    }
    if let failure { throw failure }
    try sequencer.check()
    return interruption.withState { $0 } ?? .finished(findings.withState { $0 })
  }

  private func report(
    _ bytes: Int, _ rows: UInt64, to progress: (UInt64, UInt64) throws -> Void, _ failure: inout (any Error)?
  ) {
    do { try progress(UInt64(bytes), rows) } catch {
      failure = failure ?? error
      sequencer.stop()
    }
  }

  // MARK: One thread

  private func work(progress: (Int, UInt64) -> Void) {
    var reader = Source.Reader(source, plan, outputLimit: output?.limit ?? .max, pieceBytes: pieceBytes)
    var guesses = Source.Starts(source, columns: plan.columnCount)
    while let block = sequencer.take() {
      do {
        try check(block)
        guard let rows = try read(block, &reader, &guesses) else { return }
        progress(nominalRange(of: block).upperBound, rows)
      } catch {
        // A failure of a later block does not count before the earlier ones have ended.
        guard sequencer.waitForTurn(of: block) != nil else { return }
        return sequencer.stop(error)
      }
    }
  }

  private func nominalRange(of block: Int) -> Range<Int> {
    let start = source.range.lowerBound + block * blockBytes
    return start..<min(start + blockBytes, source.range.upperBound)
  }

  /// Checks that the block is text.
  private func check(_ block: Int) throws(Rejection) {
    let range = nominalRange(of: block)
    let start = block == 0 ? range.lowerBound : source.bytes.characterStart(from: range.lowerBound)
    let end = block == blocks - 1 ? range.upperBound : source.bytes.characterStart(from: range.upperBound)
    try source.checkText(start..<max(start, end))
  }

  /// Reads one block and ends it.
  ///
  /// - Returns: the rows so far; nil where nothing is needed any more.
  private func read(_ block: Int, _ reader: inout Source.Reader, _ guesses: inout Source.Starts) throws -> UInt64? {
    let range = nominalRange(of: block)
    let guess = block == 0 ? plan.rowsStart : sequencer.knownStart(of: block) ?? guesses.guess(at: range.lowerBound)
    if let guess, let done = try attempt(block, from: guess, &reader) { return done.rows }
    guard let start = sequencer.waitForTurn(of: block) else { return nil }
    return try attempt(block, from: start, &reader)?.rows
  }

  /// Reads one block from where its first record is thought to start.
  ///
  /// - Returns: nil where that turned out to be wrong.
  private func attempt(
    _ block: Int, from start: Int, _ reader: inout Source.Reader
  ) throws -> (rows: UInt64?, Void)? {
    let end = nominalRange(of: block).upperBound
    reader.start(block: block)
    var hasTurn = false
    func takeTurn() throws {
      guard !hasTurn else { return }
      guard let certain = sequencer.waitForTurn(of: block) else { throw Interrupted.notNeeded }
      guard certain == start else { throw Interrupted.wrongStart }
      hasTurn = true
    }
    do {
      let next: Int
      do {
        next = try reader.read(from: start, to: end) { reader in
          try takeTurn()
          try self.flush(&reader)
        }
      } catch let rejection as Rejection {
        // What a wrong start led to means nothing.
        try takeTurn()
        throw rejection
      }
      try takeTurn()
      return (try finish(&reader, nextStart: next), ())
    } catch Interrupted.wrongStart {
      return nil
    } catch Interrupted.notNeeded {
      return (nil, ())
    } catch Interrupted.contradicted {
      stop(.contradicted(columns: reader.table.contradictedColumns, needsExtra: reader.table.needsExtra))
      return (nil, ())
    }
  }

  /// Ends the block whose turn it is, and writes its last batch while the next ones go on.
  private func finish(_ reader: inout Source.Reader, nextStart next: Int) throws -> UInt64? {
    // Before it shows whether the guess was right: a refusal does not depend on that.
    try checkRejects(of: reader)
    if let end = reader.tableEnd {
      stop(.ended(at: end))
      return nil
    }
    guard !reader.table.isContradicted else { throw Interrupted.contradicted }
    let (rows, records, keys) = findings.withState { findings in
      findings.add(reader.table)
      return (findings.tally.rows, findings.tally.rows + findings.rejects.count, findings.keys?.count ?? 0)
    }
    guard keys <= 2 * limits.columns else {
      throw Rejection(.tooManyColumns, limit: limits.columns)
    }
    guard !countsRecords || records <= limits.rows else {
      throw Rejection(.tooManyRows, byteOffset: UInt64(next), limit: limits.rows, actual: records)
    }
    let place = try place(&reader)
    sequencer.end(nextStart: next)
    if let place, let output { try output.write(reader.table, at: place) }
    return rows
  }

  private func checkRejects(of reader: Source.Reader) throws(Rejection) {
    guard countsRecords, reader.table.rejects.count > 0, let contract = plan.contract,
      let excess = findings.withState({ $0.rejects.excess(in: reader.table.rejects) })
    else { return }
    throw contract.refusal(of: excess, atMost: source.mostRejects, in: source.bytes)
  }

  /// Writes a batch in the middle of a block.
  private func flush(_ reader: inout Source.Reader) throws {
    guard !reader.table.isContradicted else { throw Interrupted.contradicted }
    if let place = try place(&reader), let output { try output.write(reader.table, at: place) }
    reader.table.removeAll()
  }

  private func place(_ reader: inout Source.Reader) throws -> ArrowLayout.Batch? {
    guard let output, reader.table.rows > 0 else { return nil }
    reader.table.complete()
    return try output.place(reader.table)
  }

  /// Ends the pass at the first block, in file order, that does not fit.
  private func stop(_ outcome: PassOutcome) {
    interruption.withState { $0 = outcome }
    sequencer.stop()
  }
}

/// What ends a block before its last record.
private enum Interrupted: Error { case wrongStart, notNeeded, contradicted }

/// What became of a pass.
enum PassOutcome {
  case finished(PassFindings)
  /// These columns hold cells of another type; or what no column was planned for needs one.
  case contradicted(columns: Set<Int>, needsExtra: Bool)
  /// Another table starts here, and the rows end.
  case ended(at: Int)
}

/// What a pass found beside the cells.
struct PassFindings: Sendable {
  var tally = RecordTally()
  /// For each column, the cells that no kernel knew, and what was seen of a column of text.
  var exceptions: [ColumnInference]
  var screens: [TextScreen?]
  var rejects: RejectList
  /// The keys of all records, where they were asked for.
  var keys: KeyTree?

  init(columns: Int, mostRejects: UInt64) {
    rejects = RejectList(atMost: mostRejects)
    exceptions = [ColumnInference](repeating: ColumnInference(), count: columns)
    screens = [TextScreen?](repeating: nil, count: columns)
  }

  /// Adds what the next block found.
  mutating func add(_ table: BlockRows) {
    tally.add(table.tally)
    rejects.add(table.rejects)
    if let found = table.keys {
      if keys == nil { keys = found } else { keys?.add(found) }
    }
    for (column, task) in table.columns.enumerated() {
      if let sink = task.sink { exceptions[column].add(sink.exceptions) }
      guard let screen = task.screen else { continue }
      if screens[column] == nil { screens[column] = screen } else { screens[column]?.add(screen) }
    }
  }
}

extension MappedBytes {
  /// The first byte from `offset` on that does not continue a character; no valid one has more than three that do.
  fileprivate func characterStart(from offset: Int) -> Int {
    var start = offset
    while start < min(offset + 3, count), self[start] & 0xC0 == 0x80 { start += 1 }
    return start
  }
}
