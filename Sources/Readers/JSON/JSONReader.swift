// SPDX-License-Identifier: Apache-2.0

import IngestTables
import Validation
package import WorkerProtocol

/// Reads the table of a JSON text: of lines that are one value each, or of one value.
package struct JSONReader: TableReader {
  // RFC 8259 section 8.1: nobody may write JSON so.
  package static let mayBeWindows1252 = false

  private let bytes: MappedBytes
  private let options: ReadOptions
  private let limits: ReadLimits
  private let threads: ParsingThreads
  private let sizes: PassSizes
  private let originals: (([UInt64]) -> [UInt64: UInt64])?
  private let form: JSONForm
  /// Whether every line is a record, whatever the text looks like.
  var linesOnly = false

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
    form = JSONForm(limits, hasArrays: false, hasLines: true, flatDepth: options.dialect.flatDepth)
  }

  private var text: Range<Int> { (bytes.hasMark ? 3 : 0)..<bytes.count }

  package func read(to output: ReaderOutput) throws {
    do { try readTable(to: output) } catch let rejection as Rejection { throw located(rejection) }
  }

  /// A refusal with the line, and the place in it of what is no JSON.
  private func located(_ refusal: Rejection) -> Rejection {
    var rejection = refusal
    guard rejection.line == nil, let offset = rejection.byteOffset.map({ Int(clamping: $0) }) else { return rejection }
    rejection.line = LineCounter.lines(of: [offset], in: bytes)[offset]
    guard [.jsonMalformed, .jsonTooDeep, .notTabular].contains(rejection.code), offset <= bytes.count else {
      return rejection
    }
    // The code says it.
    rejection.violation = nil
    var start = offset
    while start > text.lowerBound, bytes[start - 1] != 0x0A, bytes[start - 1] != 0x0D { start -= 1 }
    let characters = (start..<offset).count { bytes[$0] & 0xC0 != 0x80 }
    rejection.column = UInt64(characters + 1)
    // A rejected line says no more than that it is none.
    if rejection.jsonProblem == nil { rejection.jsonProblem = problem(ofLine: start, rejection.code) }
    return rejection
  }

  /// What is wrong with a line.
  private func problem(ofLine start: Int, _ code: Rejection.Code) -> JSONProblem? {
    guard code == .jsonMalformed else { return code == .notTabular ? .noRecord : nil }
    let line = start..<(bytes.firstIndex(of: 0x0A, in: start..<bytes.count) ?? bytes.count)
    let (end, fault) = JSONText.skip(bytes, line, depth: form.depth)
    return (fault ?? JSONFault.trailing(at: end))?.problem
  }

  // MARK: The table

  private func readTable(to output: ReaderOutput) throws {
    let finder = JSONTableFinder(bytes: bytes, text: text, form: form)
    let table: JSONTable
    do throws(Rejection) {
      guard options.dialect.tableNumber ?? 1 == 1 else { throw missing }
      table = try finder.find(linesOnly: linesOnly, pointer: options.dialect.jsonPointer)
    } catch {
      // What is no text is no JSON either.
      if error.code == .notTabular { try source(of: text, form).checkText(text) }
      throw error
    }
    guard table.shape == .columns else {
      do { return try read(source(of: table.range, JSONForm(form, of: table)), table, nil, to: output) } catch {
        // What is no JSON further down is that first of all.
        if (error as? Rejection)?.code == .notTabular, table.shape == .list {
          try finder.checkWhole(bytes.firstValue(in: text))
        }
        throw error
      }
    }
    try source(of: text, form).checkText(text)
    let columns = JSONColumns(table, finder)
    try MappedBytes.withCopy(of: try columns.rows()) { rows in
      let source = JSONSource(
        bytes: rows, range: 0..<rows.count, form: JSONForm(form, of: table), mostRejects: 0)
      do { try read(source, table, columns, to: output) } catch var rejection as Rejection {
        if let offset = rejection.byteOffset { rejection.byteOffset = columns.originals(of: [offset])[offset] }
        throw rejection
      }
    }
  }

  private func source(of range: Range<Int>, _ form: JSONForm) -> JSONSource {
    JSONSource(bytes: bytes, range: range, form: form, mostRejects: options.maxRejects)
  }

  private var missing: Rejection {
    var rejection = Rejection(.tableMissing, actual: UInt64(clamping: options.dialect.tableNumber ?? 1))
    rejection.tableLines = [1]
    return rejection
  }

  private func read(
    _ source: JSONSource, _ table: JSONTable, _ columns: JSONColumns?, to output: ReaderOutput
  ) throws {
    if columns == nil {
      try source.checkText(text.lowerBound..<source.range.lowerBound)
      try source.checkText(source.range.upperBound..<text.upperBound)
    }
    guard !options.isVerbatim else { return try readLists(source, table, columns, to: output) }
    var source = source
    source.tree = JSONSurvey(source, options, limits: limits, sample: sizes.sample).keys
    // Where no key is known, or too many are, all of them say what is wrong.
    var knowsAll = source.tree.count == 0 || source.tree.columns.count { $0 != nil } > form.columns
    if knowsAll { source.tree = try allKeys(of: source) }
    while true {
      let survey = JSONSurvey(source, options, limits: limits, sample: sizes.sample)
      let (plan, header): (TablePlan, Dialect.HeaderFinding)
      do { (plan, header) = try survey.plan(names: columns?.names) } catch {
        // The column of a rule may have its first value further down.
        guard !knowsAll else { throw error }
        source.tree = try allKeys(of: source)
        knowsAll = true
        continue
      }
      guard plan.columnCount > 0 else {
        throw Rejection(notTabular: .noKeys, at: source.range.lowerBound)
      }
      do {
        let read = try conversion(source).convert(plan, guess: survey.guess, to: output)
        return try finish(read, plan, header, source, table, columns, to: output)
      } catch is MoreColumns {
        guard !knowsAll else { throw Undecided() }
        source.tree = try allKeys(of: source)
        knowsAll = true
      }
    }
  }

  private func conversion(_ source: JSONSource) -> TableConversion<JSONSource> {
    TableConversion(source: source, role: .firstTable, limits: limits, threads: threads, sizes: sizes)
  }

  /// The keys of all records.
  private func allKeys(of source: JSONSource) throws -> KeyTree {
    let findings = try conversion(source).finish(PassPlan(findingKeysOf: source), countsRecords: false)
    let tree = findings.keys ?? KeyTree()
    let columns = tree.columns.count { $0 != nil }
    // Where no record is one, nothing comes after that would say so.
    if columns == 0 { try checkRejects(findings, source) }
    guard columns <= form.columns else {
      throw Rejection(.tooManyColumns, limit: limits.columns)
    }
    return tree
  }

  /// Refuses a text with more bad lines than may be, after a pass that counts none.
  private func checkRejects(_ findings: PassFindings, _ source: JSONSource) throws(Rejection) {
    guard let excess = RejectList(atMost: source.mostRejects).excess(in: findings.rejects) else { return }
    throw try ColumnContract(CellOptions(), names: []).refusal(of: excess, atMost: source.mostRejects, in: bytes)
  }

  private func readLists(
    _ source: JSONSource, _ table: JSONTable, _ columns: JSONColumns?, to output: ReaderOutput
  ) throws {
    let plan = PassPlan(verbatim: source, columns: 0)
    let batches = try conversion(source).batches(plan, to: output)
    let findings = try conversion(source).finish(plan, to: batches, progress: output.progress)
    try checkRejects(findings, source)
    var found = self.findings(findings.tally, [Note](verbatim: findings.tally), .absent, table, columns)
    found.dialect.headerRows = 0
    found.rejects = findings.rejects.count
    found.records = findings.tally.rows + found.rejects
    let schema = Schema(fields: plan.fields)
    try output.finish(schema, batches.shapes, found)
    try write(findings.rejects, source, schema, room: batches.limit - min(batches.limit, batches.bytes), to: output)
  }

  private func write(
    _ rejects: RejectList, _ source: JSONSource, _ schema: Schema, room: UInt64, to output: ReaderOutput
  ) throws {
    guard rejects.count > 0 else { return }
    try RejectsWriter(source.bytes, schema, originals: originals).write(
      rejects.records, of: .firstTable, to: output, outputLimit: room)
  }

  // MARK: What is told of it

  private func finish(
    _ read: TableConversion<JSONSource>.Converted, _ plan: TablePlan, _ header: Dialect.HeaderFinding,
    _ source: JSONSource, _ table: JSONTable, _ columns: JSONColumns?, to output: ReaderOutput
  ) throws {
    let (tally, rejects) = (read.findings.tally, read.findings.rejects)
    var found = findings(tally, [Note](read.table, tally, of: source.bytes), header, table, columns)
    found.rejects = rejects.count
    found.setAside = UInt64(plan.headerRecords)
    found.records = tally.rows + found.setAside + rejects.count
    if plan.headerRecords == 0 { found.dialect.headerRows = 0 }
    try output.finish(read.schema, read.shapes, found)
    try write(rejects, source, read.schema, room: read.room, to: output)
  }

  private func findings(
    _ tally: RecordTally, _ notes: [Note], _ header: Dialect.HeaderFinding, _ table: JSONTable, _ columns: JSONColumns?
  ) -> TableFindings {
    var notes = notes
    if let columns {
      let places = columns.originals(of: notes.compactMap(\.byteOffset))
      for index in notes.indices { notes[index].byteOffset = notes[index].byteOffset.flatMap { places[$0] } }
    }
    let lines = LineCounter.lines(of: notes.compactMap { $0.byteOffset.map { Int(clamping: $0) } }, in: bytes)
    for index in notes.indices { notes[index].line = notes[index].byteOffset.flatMap { lines[Int(clamping: $0)] } }
    let newline: Dialect.Newline =
      switch tally.lineEnds {
      case []: .none
      case .lineFeed: .lf
      case .both: .crlf
      default: .mixed
      }
    var dialect = Dialect(
      delimiter: ",", quote: "\"", newline: newline, header: header, hasByteOrderMark: bytes.hasMark)
    dialect.escape = .backslash
    dialect.json = Dialect.JSONFinding(shape: table.shape, pointer: table.pointer)
    dialect.confidence = 1000
    return TableFindings(dialect: dialect, records: 0, setAside: 0, notes: notes)
  }
}

extension JSONForm {
  /// The form of a table's records.
  fileprivate init(_ form: JSONForm, of table: JSONTable) {
    self = form
    hasArrays = table.hasArrays
    hasLines = table.shape == .lines
  }

}
