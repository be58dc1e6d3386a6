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
  init(_ table: TablePlan, _ tally: RecordTally, of bytes: MappedBytes, isStrict: Bool = false) {
    self = []
    add(.shortRecords, tally.short)
    add(.longRecords, tally.long)
    add(.blankLines, tally.blank)
    // In strict reading no record with such a quote is a row.
    if !isStrict {
      add(.strayQuotes, tally.strayQuotes)
      if let first = tally.unclosedQuotes.first { append(Note(.unclosedQuote, count: 1, byteOffset: UInt64(first))) }
    }
    add(.commentLines, tally.comments)
    if table.isNamed, table.header.renamed > 0 {
      append(Note(.renamedColumns, count: table.header.renamed))
    }
    if table.droppedColumns > 0 { append(Note(.emptyTrailingColumns, count: UInt64(table.droppedColumns))) }
    for (column, decision) in table.decisions.dropLast(table.droppedColumns).enumerated() {
      self += decision.notes.map { Note($0, column: column, in: bytes) }
    }
    bound()
  }

  /// What may be said beside, of other tables and of how a text became UTF-8.
  private static let reserved = 3

  /// Leaves out what is too much, but for the words that were read as null, which are then told of all columns together.
  private mutating func bound() {
    let most = TableFindings.mostNotes - Self.reserved
    guard count > most else { return }
    let words = self[(most - 1)...].filter { $0.kind == .nullWords }
    self = Array(prefix(words.isEmpty ? most : most - 1))
    guard let first = words.first else { return }
    var together = Note(.nullWords, count: 0, byteOffset: first.byteOffset, example: first.example)
    var counts: [String: UInt64] = [:]
    for note in words {
      together.count += note.count
      for word in note.words { counts[word.text, default: 0] += word.count }
    }
    together.words = counts.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.map {
      Note.Word($0.key, count: $0.value)
    }
    append(together)
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
    example = Self.text(of: first, in: bytes, atMost: TableFindings.longestExample)
    words = finding.words.map {
      Word(Self.text(of: $0.first, in: bytes, atMost: TableFindings.longestWord, isTrimmed: true), count: $0.count)
    }
  }

  private static func text(
    of cell: ColumnInference.FieldPlaceKey, in bytes: MappedBytes, atMost limit: Int, isTrimmed: Bool = false
  ) -> String {
    bytes.withSpan(cell.start..<cell.start + cell.length) { span in
      let range = (isTrimmed ? CellParser.trim(span) : 0..<span.count).prefix(256)
      return String(decoding: range.map { span[$0] }, as: UTF8.self).cut(toBytes: limit)
    }
  }
}
