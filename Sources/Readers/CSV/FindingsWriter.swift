// SPDX-License-Identifier: Apache-2.0

import Validation
import WorkerProtocol

/// Puts what was found out about a table into words that leave the worker.
struct FindingsWriter {
  private let source: CSVSource
  private let table: TablePlan
  private let tally: RecordTally
  private let rejects: UInt64

  init(_ source: CSVSource, _ table: TablePlan, _ tally: RecordTally, rejects: UInt64) {
    self.rejects = rejects
    self.source = source
    self.table = table
    self.tally = tally
  }

  var findings: TableFindings {
    var notes: [Note] = []
    func add(_ kind: Note.Kind, _ count: UInt64, at offset: Int? = nil) {
      if count > 0 { notes.append(Note(kind, count: count, byteOffset: offset.map { UInt64($0) })) }
    }
    add(.shortRecords, tally.short.count, at: tally.short.first)
    add(.longRecords, tally.long.count, at: tally.long.first)
    add(.blankLines, tally.blank.count, at: tally.blank.first)
    if !source.isStrict {
      // In strict reading no record with such a quote is a row.
      add(.strayQuotes, tally.strayQuotes.count, at: tally.strayQuotes.first)
      add(.unclosedQuote, min(tally.unclosedQuotes.count, 1), at: tally.unclosedQuotes.first)
    }
    add(.commentLines, tally.comments.count, at: tally.comments.first)
    add(.renamedColumns, table.headerRecords == 0 ? 0 : table.header.renamed)
    add(.emptyTrailingColumns, UInt64(table.droppedColumns))
    for (column, decision) in table.decisions.dropLast(table.droppedColumns).enumerated() {
      notes += decision.notes.map { note($0, column: column) }
    }
    bound(&notes)
    resolveLines(&notes)
    return source.findings(
      hasQuotes: tally.hasQuotes, lineEnds: tally.lineEnds,
      records: tally.rows + rejects + UInt64(table.headerRecords), rejects: rejects, headerRecords: table.headerRecords,
      notes: notes)
  }

  private func note(_ finding: ColumnInference.Finding, column: Int) -> Note {
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
    var note = Note(kind, column: UInt32(clamping: column + 1), count: finding.count, type: finding.type)
    if let first = finding.first {
      note.byteOffset = UInt64(first.start)
      note.example = text(of: first, atMost: TableFindings.longestExample)
    }
    note.words = finding.words.map {
      Note.Word(text(of: $0.first, atMost: TableFindings.longestWord, isTrimmed: true), count: $0.count)
    }
    return note
  }

  private func text(
    of cell: ColumnInference.FieldPlaceKey, atMost limit: Int, isTrimmed: Bool = false
  ) -> String {
    source.bytes.withSpan(cell.start..<cell.start + cell.length) { span in
      let range = (isTrimmed ? CellParser.trim(span) : 0..<span.count).prefix(256)
      return String(decoding: range.map { span[$0] }, as: UTF8.self).cut(toBytes: limit)
    }
  }

  /// What may be said beside of how a text became UTF-8.
  private static let reserved = 2

  /// Leaves out what is too much, but for the words that were read as null, which are then told of all columns together.
  private func bound(_ notes: inout [Note]) {
    let most = TableFindings.mostNotes - Self.reserved
    guard notes.count > most else { return }
    let words = notes[(most - 1)...].filter { $0.kind == .nullWords }
    notes = Array(notes.prefix(words.isEmpty ? most : most - 1))
    guard let first = words.first else { return }
    var together = Note(.nullWords, count: 0, byteOffset: first.byteOffset, example: first.example)
    var counts: [String: UInt64] = [:]
    for note in words {
      together.count += note.count
      for word in note.words { counts[word.text, default: 0] += word.count }
    }
    together.words = counts.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.map { Note.Word($0.key, count: $0.value) }
    notes.append(together)
  }

  private func resolveLines(_ notes: inout [Note]) {
    let lines = LineCounter.lines(
      of: notes.compactMap { $0.byteOffset.map { Int(clamping: $0) } }, in: source.bytes)
    for index in notes.indices {
      notes[index].line = notes[index].byteOffset.flatMap { lines[Int(clamping: $0)] }
    }
  }
}
