// SPDX-License-Identifier: Apache-2.0

import IngestTables
import Validation
import WorkerProtocol

/// Reads one table of a text, or counts its records.
struct TextTableReader {
  let isVerbatim: Bool
  let limits: ReadLimits
  let threads: ParsingThreads
  let sizes: PassSizes
  /// Which of the text's outputs the table is.
  var role = OutputRole.firstTable

  /// - Throws: a `Rejection`, `AnotherTable` or `WrongEnd`, or what `output` throws.
  func read(_ source: CSVSource, to output: ReaderOutput) throws -> TableReading {
    try source.checkText(source.text.lowerBound..<source.range.lowerBound)
    try source.checkText(source.range.upperBound..<source.text.upperBound)
    guard !isVerbatim else { return try readLists(source, to: output) }
    do { return try readColumns(source, to: output) } catch let rejection as Rejection {
      // What stands at a wrong end is malformed.
      let isOfShape = rejection.code == .recordMalformed || rejection.code == .tooManyRejects
      if source.endIsGuessed, source.isStrict, isOfShape { throw WrongEnd() }
      throw rejection
    }
  }

  /// Counts a table's records, and checks that all is text.
  func count(_ source: CSVSource, progress: (UInt64, UInt64) throws -> Void) throws -> OtherTable {
    try source.checkText(source.text.lowerBound..<source.range.lowerBound)
    try source.checkText(source.range.upperBound..<source.text.upperBound)
    let (preamble, trailer) = try surroundings(source)
    let plan = PassPlan(counting: source, columns: source.commonColumns)
    var rows = try conversion(source).finish(plan) { bytes, _ in try progress(bytes, 0) }.tally.rows
    // The pass takes it for a comment.
    if source.headerStart == .mark { rows += 1 }
    return OtherTable(source: source, tableRecords: rows, records: rows + preamble.records + trailer.records)
  }

  private func surroundings(_ source: CSVSource) throws(Rejection) -> (preamble: SetAside, trailer: SetAside) {
    var (preamble, trailer) = (SetAside(), SetAside())
    try preamble.add(source.text.lowerBound..<source.range.lowerBound, beside: source, as: .preamble)
    try trailer.add(source.range.upperBound..<source.text.upperBound, beside: source, as: .footnote)
    return (preamble, trailer)
  }

  private func conversion(_ source: CSVSource) -> TableConversion<CSVSource> {
    TableConversion(source: source, role: role, limits: limits, threads: threads, sizes: sizes)
  }

  private func readLists(_ source: CSVSource, to output: ReaderOutput) throws -> TableReading {
    let (preamble, trailer) = try surroundings(source)
    let plan = PassPlan(verbatim: source, columns: source.commonColumns)
    let conversion = conversion(source)
    let batches = try conversion.batches(plan, to: output)
    let tally = try conversion.finish(plan, to: batches, progress: output.progress).tally
    return TableReading(
      source: source, schema: Schema(fields: plan.fields), shapes: batches.shapes, tally: tally, headerRecords: 0,
      notes: [Note](verbatim: tally), preamble: preamble, trailer: trailer)
  }

  private func readColumns(_ source: CSVSource, to output: ReaderOutput) throws -> TableReading {
    let (preamble, trailer) = try surroundings(source)
    var survey = SampleSurvey(source, limits: limits, sample: sizes.sample)
    let plan = try survey.plan()
    let read = try conversion(source).convert(plan, guess: survey.guess, to: output)
    var tally = survey.tally
    tally.add(read.findings.tally)
    return TableReading(
      source: source, schema: read.schema, shapes: read.shapes, tally: tally, headerRecords: plan.headerRecords,
      notes: [Note](read.table, tally, of: source.bytes, isStrict: source.isStrict), preamble: preamble,
      trailer: trailer,
      rejects: TableReading.Rejects(list: read.findings.rejects, room: read.room))
  }
}
