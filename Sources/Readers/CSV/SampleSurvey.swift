// SPDX-License-Identifier: Apache-2.0

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

  /// - Throws: a `Rejection`: a cap that the header breaks, or what is not text.
  mutating func plan() throws(Rejection) -> TablePlan {
    let header = try readHeader()
    let widest = header.records.reduce(0) { max($0, $1.count) }
    // A text of nothing but blank lines has no column.
    let columns = header.records.count < source.headerRecords ? widest : max(widest, source.commonColumns)
    let names = try ColumnNames(
      ColumnNames.joined(header.records), count: max(columns, 1), in: source.bytes, limits: limits)
    let contract = try ColumnContract(source.cells, names: names.names)
    var plan = TablePlan(
      header: names, contract: contract, columnCount: columns, grounds: [], decisions: [], hasExtra: false,
      headerRecords: header.records.count, rowsStart: header.end)
    plan.grounds = classify(columns, from: header.end, contract.nullWords, hasExtra: &plan.hasExtra)
    plan.decisions = plan.grounds.map { contract.decide($0) }
    return plan
  }

  /// The records that name the columns, which are no blank lines, and where the next one starts.
  private mutating func readHeader() throws(Rejection) -> (records: [[FieldPlace]], end: Int) {
    var records: [[FieldPlace]] = []
    var scanner = source.makeScanner()
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
        records.append(Array(index.fields[index.fields(of: 0)]))
      }
    }
    tally.add(scanner)
    return (records, scanner.position)
  }

  private func classify(
    _ columns: Int, from start: Int, _ words: NullWords, hasExtra: inout Bool
  ) -> [ColumnInference] {
    var cells = [ColumnInference](repeating: ColumnInference(), count: columns)
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
        for (column, field) in fields.prefix(columns).enumerated() where !field.isAbsent {
          let kind = source.bytes.withSpan(field.start..<field.end) {
            CellParser.classify($0, isQuoted: field.isQuoted, words)
          }
          cells[column].add(kind, at: field)
        }
        hasExtra = hasExtra || fields.dropFirst(columns).contains { !$0.isAbsent }
      }
    }
    return cells
  }
}
