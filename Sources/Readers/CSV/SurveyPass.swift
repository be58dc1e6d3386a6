// SPDX-License-Identifier: Apache-2.0

import IngestTables
import Validation
import WorkerProtocol

/// What the first pass decided about a table.
struct ConversionPlan {
  var fields: [Field]
  var decisions: [ColumnInference.Decision]
  /// Whether surplus cells need the `_extra` column, which is then the last field.
  var hasExtra: Bool
  /// Whether a blank line is a row: so it is in a table of one column.
  var keepsBlankLines: Bool
  var findings: TableFindings

  var columns: Int { decisions.count }
}

/// The first pass: checks the text, and sees every cell once to decide the columns' types.
struct SurveyPass {
  private let source: CSVSource
  private let limits: ReadLimits
  private var names: [FieldPlace]?
  private var columns: [ColumnInference] = []
  private var columnCount = 0
  private var rows: UInt64 = 0
  private var records: UInt64 = 0
  private var short = RecordTally()
  private var long = RecordTally()
  private var blank = RecordTally()
  private var hasExtra = false
  private let nullWords: NullWords
  private var scanner: CSVScanner

  /// How many records something is true of, and the first one.
  private struct RecordTally {
    var count: UInt64 = 0
    var first: Int?

    mutating func add(_ offset: Int) {
      count += 1
      if first == nil { first = offset }
    }
  }

  init(_ source: CSVSource, limits: ReadLimits) {
    self.source = source
    self.limits = limits
    nullWords = NullWords(source.cells.nullWords)
    scanner = source.makeScanner()
    if source.header == .absent { setColumns(source.commonColumns) }
  }

  private mutating func setColumns(_ count: Int) {
    columnCount = count
    columns = [ColumnInference](repeating: ColumnInference(), count: count)
  }

  mutating func run(progress: (UInt64, UInt64) throws -> Void) throws {
    var check = TextCheck()
    var index = FieldIndex()
    var checked = 0
    while !scanner.isAtEnd {
      index.removeAll()
      try scanner.scan(until: scanner.position + CSVReader.pieceBytes, into: &index)
      try source.bytes.withSpan(checked..<scanner.position) { piece throws(Rejection) in
        try check.check(piece, at: checked)
      }
      checked = scanner.position
      try survey(index)
      try progress(UInt64(checked / 2), records)
    }
    try check.finish(at: source.bytes.count)
  }

  private mutating func survey(_ index: FieldIndex) throws(Rejection) {
    var rows: [Int] = []
    rows.reserveCapacity(index.recordCount)
    for record in 0..<index.recordCount {
      if index.isBlank(record, in: source.bytes), columnCount != 1 {
        blank.add(index.recordStarts[record])
      } else if columnCount == 0 {
        records += 1
        names = Array(index.fields[index.fields(of: record)])
        setColumns(index.fields(of: record).count)
      } else {
        records += 1
        rows.append(record)
        surveyShape(record, index)
      }
    }
    self.rows += UInt64(rows.count)
    guard self.rows <= limits.rows else {
      throw Rejection(.tooManyRows, byteOffset: UInt64(scanner.position), limit: limits.rows, actual: self.rows)
    }
    if rows.allSatisfy({ index.fields(of: $0).count == columnCount }) {
      for column in columns.indices { classify(column, of: rows, in: index) }
    } else {
      // A record costs what it holds, however many columns the table has.
      for record in rows { classify(record, in: index) }
    }
  }

  private mutating func surveyShape(_ record: Int, _ index: FieldIndex) {
    let range = index.fields(of: record)
    if range.count < columnCount {
      short.add(index.recordStarts[record])
    } else if range.count > columnCount {
      long.add(index.recordStarts[record])
      hasExtra = hasExtra || index.fields[range].dropFirst(columnCount).contains { !$0.isAbsent }
    }
  }

  /// One column of whole records.
  private mutating func classify(_ column: Int, of rows: [Int], in index: FieldIndex) {
    for record in rows { classify(index.fields[index.firstField[record] + column], as: column) }
  }

  /// The cells of a record that has more or fewer of them than there are columns.
  private mutating func classify(_ record: Int, in index: FieldIndex) {
    for (column, field) in index.fields[index.fields(of: record)].prefix(columnCount).enumerated() {
      classify(field, as: column)
    }
  }

  @inline(__always)
  private mutating func classify(_ field: FieldPlace, as column: Int) {
    guard !field.isAbsent else { return }
    let kind = source.bytes.withSpan(field.start..<field.end) {
      CellParser.classify($0, isQuoted: field.isQuoted, nullWords)
    }
    columns[column].add(kind, at: field)
  }
}

extension SurveyPass {
  /// The plan for the second pass.
  ///
  /// - Throws: `header_name_too_long`.
  func plan() throws(Rejection) -> ConversionPlan {
    let header = try ColumnNames(names ?? [], count: max(columnCount, 1), in: source.bytes, limits: limits)
    let contract = try ColumnContract(source.cells, names: header.names)
    var decisions = try contract.decisions(columns, in: source.bytes)
    var names = header.names
    var dropped: UInt64 = 0
    if !hasExtra {
      while decisions.count > 1, let last = columns.indices.last.map({ $0 - Int(dropped) }),
        columns[last].present == 0, header.isEmpty(last), !contract.hasRule(last)
      {
        decisions.removeLast()
        names.removeLast()
        dropped += 1
      }
    }
    if decisions.isEmpty { decisions = [ColumnInference.Decision(type: .null)] }
    var fields = zip(names, decisions).map { Field(name: $0, type: $1.type) }
    if hasExtra { fields.append(Field(name: ColumnNames.unused("_extra", names), type: .listOfUTF8)) }
    return ConversionPlan(
      fields: fields, decisions: decisions, hasExtra: hasExtra, keepsBlankLines: columnCount == 1,
      findings: findings(decisions, renamed: header.renamed, dropped: dropped))
  }

  private func findings(
    _ decisions: [ColumnInference.Decision], renamed: UInt64, dropped: UInt64
  ) -> TableFindings {
    var notes: [Note] = []
    func add(_ kind: Note.Kind, _ count: UInt64, at offset: Int? = nil) {
      if count > 0 { notes.append(Note(kind, count: count, byteOffset: offset.map { UInt64($0) })) }
    }
    add(.shortRecords, short.count, at: short.first)
    add(.longRecords, long.count, at: long.first)
    add(.blankLines, blank.count, at: blank.first)
    add(.strayQuotes, UInt64(scanner.strayQuotes), at: scanner.firstStrayQuote)
    add(.unclosedQuote, scanner.unclosedQuote == nil ? 0 : 1, at: scanner.unclosedQuote)
    add(.renamedColumns, names == nil ? 0 : renamed)
    add(.emptyTrailingColumns, dropped)
    for (column, decision) in decisions.enumerated() {
      notes += decision.notes.map { note($0, column: column) }
    }
    resolveLines(&notes)
    return TableFindings(
      dialect: source.dialect(after: scanner),
      records: records, setAside: names == nil ? 0 : 1, notes: notes)
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
      note.example = source.bytes.withSpan(first.start..<first.start + min(first.length, 256)) { span in
        String(decoding: span.indices.map { span[$0] }, as: UTF8.self).cut(toBytes: 64)
      }
    }
    return note
  }

  private func resolveLines(_ notes: inout [Note]) {
    notes = Array(notes.prefix(TableFindings.mostNotes))
    let lines = LineCounter.lines(
      of: notes.compactMap { $0.byteOffset.map { Int(clamping: $0) } }, in: source.bytes)
    for index in notes.indices {
      notes[index].line = notes[index].byteOffset.flatMap { lines[Int(clamping: $0)] }
    }
  }
}
