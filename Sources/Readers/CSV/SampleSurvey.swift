// SPDX-License-Identifier: Apache-2.0

import IngestTables
import Validation
import WorkerProtocol

/// Reads a table's names, and guesses its columns' types from its first rows.
struct SampleSurvey {
  private let source: CSVSource
  private let limits: ReadLimits
  private let sample: ClosedRange<Int>
  /// What the header's records and the blank lines before them look like.
  private(set) var tally = RecordTally()

  init(_ source: CSVSource, limits: ReadLimits, sample: ClosedRange<Int>) {
    self.source = source
    self.limits = limits
    self.sample = sample
  }

  /// The table's names; of its columns nothing is known yet.
  ///
  /// - Throws: a `Rejection`: a cap that the header breaks, or what is not text.
  mutating func plan() throws(Rejection) -> TablePlan {
    let header = try readHeader()
    // A rule below the names is counted with them and is none.
    let ruled = header.records.dropFirst().filter { !source.bytes.areRule($0, source.format) }
    let named = source.headerStart.aligned(ColumnNames.joined(header.records.prefix(1) + ruled))
    let widest = named.count
    // A text of nothing but blank lines has no column.
    let isBare = header.records.count < source.headerRecords
    // In strict reading the header says how many cells a record has.
    let columns = isBare || source.isStrict && widest > 0 ? widest : max(widest, source.commonColumns)
    let names = try ColumnNames(named, count: max(columns, 1), in: source.bytes, limits: limits)
    let contract = try ColumnContract(source.cells, names: names.names)
    return TablePlan(
      header: names, contract: contract, columnCount: columns,
      grounds: [ColumnInference](repeating: ColumnInference(), count: columns),
      decisions: [ColumnInference.Decision](repeating: ColumnInference.Decision(type: .null), count: columns),
      hasExtra: false, headerRecords: header.records.count, rowsStart: header.end,
      judge: source.isStrict ? RecordJudge(columns: columns, strictFormat: source.format, cells: []) : nil)
  }

  /// Guesses the columns whose types are not given, from the first records that become rows.
  func guess(_ plan: inout TablePlan) {
    let cells = classify(plan)
    for column in 0..<plan.columnCount { plan.decide(column, from: cells.columns[column]) }
    plan.hasExtra = plan.hasExtra || cells.hasExtra
  }

  /// The records that name the columns, which are no blank lines, and where the next one starts.
  private mutating func readHeader() throws(Rejection) -> (records: [[FieldPlace]], end: Int) {
    var records: [[FieldPlace]] = []
    var scanner = source.makeHeaderScanner()
    var index = FieldIndex()
    while records.count < source.headerRecords, !scanner.isAtEnd {
      index.removeAll()
      let start = scanner.position
      try scanner.scan(until: start + 1, into: &index)
      guard index.recordCount > 0 else { continue }
      if index.isBlank(0, in: source.bytes) {
        tally.blank.add(at: start)
      } else {
        // What names a column is checked before it does.
        try source.checkText(start..<scanner.position)
        let cells = Array(index.fields[index.fields(of: 0)])
        if source.isStrict { try checkQuotes(cells) }
        records.append(cells)
      }
    }
    tally.add(scanner)
    return (records, scanner.position)
  }

  /// Refuses a header whose names are not what they seem.
  private func checkQuotes(_ cells: [FieldPlace]) throws(Rejection) {
    for (column, cell) in cells.enumerated() {
      guard let (code, offset) = cell.quoteFault(source.bytes, source.format) else { continue }
      var rejection = Rejection(.recordMalformed, column: UInt64(column + 1), byteOffset: UInt64(offset))
      rejection.violation = code
      throw rejection
    }
  }

  private func classify(_ plan: TablePlan) -> (columns: [ColumnInference], hasExtra: Bool) {
    let (columns, start, words) = (plan.columnCount, plan.rowsStart, plan.contract.nullWords)
    var cells = [ColumnInference](repeating: ColumnInference(), count: columns)
    var hasExtra = false
    let wished = min(max(columns << 10, sample.lowerBound), sample.upperBound)
    var scanner = source.makeScanner()
    var index = FieldIndex()
    scanner.move(to: start)
    while !scanner.isAtEnd, scanner.position < start + wished {
      index.removeAll()
      // A cap that is broken here is the pass's to report: it refuses what comes first, however long the sample is.
      do { try scanner.scan(until: min(start + wished, scanner.position + (64 << 10)), into: &index) } catch { break }
      for record in 0..<index.recordCount where columns == 1 || !index.isBlank(record, in: source.bytes) {
        let fields = index.fields[index.fields(of: record)]
        let isRejected =
          plan.judge?.judge(
            fields, from: index.recordStarts[record], source.bytes, end: source.range.upperBound) != nil
        if isRejected { continue }
        for (column, field) in fields.prefix(columns).enumerated() where !field.isAbsent {
          let kind = source.bytes.withSpan(field.start..<field.end) {
            CellParser.classify($0, isQuoted: field.isQuoted, words)
          }
          cells[column].add(kind, at: field)
        }
        hasExtra = hasExtra || fields.dropFirst(columns).contains { !$0.isAbsent }
      }
    }
    return (cells, hasExtra)
  }
}
