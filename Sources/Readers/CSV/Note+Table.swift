// SPDX-License-Identifier: Apache-2.0

import WorkerProtocol

/// What was noticed in a table, in words that leave the worker; lines are counted later.
extension [Note] {
  /// The notes on a table whose cells were taken as they stand.
  init(verbatim tally: RecordTally) {
    self = []
    add(.blankLines, tally.blank)
    add(.commentLines, tally.comments)
  }

  /// The notes on a table whose columns were decided.
  init(_ table: TablePlan, _ tally: RecordTally, in bytes: MappedBytes) {
    self = []
    add(.shortRecords, tally.short)
    add(.longRecords, tally.long)
    add(.blankLines, tally.blank)
    add(.strayQuotes, tally.strayQuotes)
    if let first = tally.unclosedQuotes.first { append(Note(.unclosedQuote, count: 1, byteOffset: UInt64(first))) }
    add(.commentLines, tally.comments)
    if table.headerRecords > 0, table.header.renamed > 0 {
      append(Note(.renamedColumns, count: table.header.renamed))
    }
    if table.droppedColumns > 0 { append(Note(.emptyTrailingColumns, count: UInt64(table.droppedColumns))) }
    for (column, decision) in table.decisions.dropLast(table.droppedColumns).enumerated() {
      self += decision.notes.map { Note($0, column: column, in: bytes) }
    }
  }

  private mutating func add(_ kind: Note.Kind, _ seen: RecordTally.Sighting) {
    guard seen.count > 0 else { return }
    append(Note(kind, count: seen.count, byteOffset: seen.first.map { UInt64($0) }))
  }
}

extension Note {
  fileprivate init(_ finding: ColumnInference.Finding, column: Int, in bytes: MappedBytes) {
    let kind: Note.Kind =
      switch finding.kind {
      case .nearMiss: .nearMiss
      case .ambiguousDates: .ambiguousDates
      case .nullWords: .nullWords
      case .offsetsNormalised: .offsetsNormalised
      case .ambiguousNumbers: .ambiguousNumbers
      case .numbersWithUnits: .numbersWithUnits
      case .booleanWords: .booleanWords
      }
    self.init(kind, column: UInt32(clamping: column + 1), count: finding.count, type: finding.type)
    guard let first = finding.first else { return }
    byteOffset = UInt64(first.start)
    example = bytes.withSpan(first.start..<first.start + min(first.length, 256)) { span in
      String(decoding: span.indices.map { span[$0] }, as: UTF8.self).cut(toBytes: 64)
    }
  }
}
