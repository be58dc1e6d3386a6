// SPDX-License-Identifier: Apache-2.0

import IngestTables
import Validation
package import WorkerProtocol

/// Reads delimited text as a table: the first of the text, the one that is asked for, or all of them.
///
/// What stands around a table is counted and set aside (`TextTables`, `SetAside`).
package struct CSVReader: TableReader {
  package static let mayBeWindows1252 = true

  private let bytes: MappedBytes
  private let options: ReadOptions
  private let limits: ReadLimits
  private let tableReader: TextTableReader
  private let originals: (([UInt64]) -> [UInt64: UInt64])?

  /// - Parameter originals: finds where in the file the offsets of this text are; nil where they are the same.
  package init(
    _ bytes: MappedBytes, options: ReadOptions, limits: ReadLimits, threads: ParsingThreads = .alone,
    sizes: PassSizes = PassSizes(), originals: (([UInt64]) -> [UInt64: UInt64])? = nil
  ) {
    self.bytes = bytes
    self.options = options
    self.limits = limits
    self.originals = originals
    tableReader = TextTableReader(isVerbatim: options.isVerbatim, limits: limits, threads: threads, sizes: sizes)
  }

  /// Reads the text and hands the table over, or all tables.
  ///
  /// - Throws: a `Rejection` with the offset and line in the text, or what `output` throws.
  package func read(to output: ReaderOutput) throws {
    do {
      if let number = options.dialect.tableNumber {
        try readTable(number, to: output)
      } else {
        try readTables(to: output)
      }
    } catch var rejection as Rejection {
      if rejection.line == nil, let offset = rejection.byteOffset {
        rejection.line = LineCounter.lines(of: [Int(clamping: offset)], in: bytes)[Int(clamping: offset)]
      }
      throw rejection
    }
  }

  /// Reads the table that is asked for, and counts the others.
  private func readTable(_ wanted: Int, to output: ReaderOutput) throws {
    var tables = TextTables(bytes, options: options, limits: limits)
    var around = TableSurroundings()
    var read: TableReading?
    while let source = tables.next() {
      if tables.number == wanted {
        let reading = try settle(source, &tables) { try tableReader.read($0, to: output) }
        around.add(reading)
        read = reading
      } else {
        around.add(try settle(source, &tables) { try tableReader.count($0, progress: output.progress) })
      }
    }
    guard let read else { throw around.tableMissing(wanted, in: bytes) }
    try finish(read, as: tableReader.role, around.findings(read, number: wanted), to: output)
  }

  /// Reads all tables: each leaves as soon as it is read, with the records of its own stretch.
  private func readTables(to output: ReaderOutput) throws {
    // A table that has left cannot be taken back where a later one shows that the text is none.
    var check = TextCheck()
    let end = bytes.endOfText(from: 0)
    try bytes.withSpan(0..<end) { span throws(Rejection) in try check.check(span, at: 0) }
    try check.finish(at: end)
    var tables = TextTables(bytes, options: options, limits: limits)
    var places: [TableSurroundings.Place] = []
    while let source = tables.next() {
      var reader = tableReader
      reader.role = OutputRole(table: UInt16(clamping: tables.number - 1))
      let reading = try settle(source, &tables) { try reader.read($0, to: output) }
      var around = TableSurroundings(tablesAbove: places)
      around.add(reading)
      try finish(reading, as: reader.role, around.findings(reading, number: tables.number), to: output)
      places = around.places
    }
  }

  private func finish(
    _ read: TableReading, as role: OutputRole, _ findings: TableFindings, to output: ReaderOutput
  ) throws {
    try output.finish(read.schema, read.shapes, findings)
    guard let rejects = read.rejects, rejects.list.count > 0 else { return }
    try RejectsWriter(bytes, read.schema, originals: originals).write(
      rejects.list.records, of: role, to: output, outputLimit: rejects.room)
  }

  /// Goes over a table, again where its end turns out to be elsewhere.
  private func settle<Result>(
    _ source: CSVSource, _ tables: inout TextTables, _ body: (CSVSource) throws -> Result
  ) throws -> Result {
    do { return try body(source) } catch let other as AnotherTable {
      guard let shorter = tables.close(at: other.offset) else { throw Undecided() }
      return try settle(shorter, &tables, body)
    } catch is WrongEnd {
      guard let longer = tables.withoutGuess() else { throw Undecided() }
      return try settle(longer, &tables, body)
    }
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
