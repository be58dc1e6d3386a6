// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FileDescriptors
import Foundation
import IngestPipeline
import IngestTables
import UploadVerification
import Validation
import WorkerProtocol

/// `ingest convert`: one file in, one table out, nothing stored.
struct ConvertCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert", abstract: "Read a file and write its table in another form.")

  /// What a table is written as.
  enum Target: String, CaseIterable, ExpressibleByArgument {
    case csv, json, ndjson, arrow, arrows
  }

  @Argument(help: "The file; - is standard input.")
  var file: String

  @Option(help: "The form to write: csv, json, ndjson, arrow (IPC file) or arrows (IPC stream).")
  var to: Target

  @Option(name: .shortAndLong, help: "The file to write; standard output otherwise.")
  var output: String?

  @Option(help: ArgumentHelp("Where to write the rejected records as CSV.", valueName: "out.csv"))
  var rejects: String?

  @Flag(help: "Write every cell verbatim, each record with as many cells as it has; nothing is typed.")
  var text = false

  @Flag(help: "Print the report as JSON on standard error.")
  var json = false

  @OptionGroup var reading: ReadingOptions
  @OptionGroup var workers: WorkerOptions

  func validate() throws {
    guard !text || !reading.strict && reading.maxRejects == 0 && rejects == nil else {
      throw ValidationError("--text takes every record, so nothing is strict or rejected")
    }
    guard reading.table != "all" else { throw ValidationError("convert writes one table: --table takes its number") }
  }

  func run() async throws {
    let reader = Composition.reader(workers, files: 1, logger: Composition.logger())
    let outcome = try await read(reader, try reading.cellWishes().options())
    if json { Talk.line(try Report(outcome).jsonText()) }
    if case .rejected(let rejection) = outcome.verdict {
      Talk.line("\(file.escapedForDisplay): refused: \(rejection.code.rawValue)\n  \(rejection.detail)")
      throw ExitStatus.Refused()
    }
    let table = try chosenTable(outcome.tables)
    if !json { talk(of: table) }
    let source = try TableFile(reading: try table.table.file.duplicate())
    let sink = try DataSink(path: output)
    try TableExport(source, as: to, isVerbatim: text).write(to: sink)
    try sink.commit()
    if let path = rejects { try writeRejects(of: table, to: path) }
  }

  private func talk(of table: ReadTable) {
    for note in Report.Table(table).notes { Talk.line("note: \(note.message)") }
    let rejected = table.table.findings.rejects
    if rejected > 0 {
      Talk.line("\(rejected) records were rejected\(rejects == nil ? "; --rejects OUT.csv writes them" : "")")
    }
  }

  /// Writes the table of rejects, which is empty where none were rejected.
  private func writeRejects(of table: ReadTable, to path: String) throws {
    let sink = try DataSink(path: path)
    if let rejects = table.rejects {
      try TableExport(TableFile(reading: try rejects.table.file.duplicate()), as: .csv).write(to: sink)
    } else {
      let renderer = TableRenderer(RejectsTable.schema, as: .csv)
      var header: [UInt8] = []
      renderer.appendStart(to: &header)
      try sink.write(header)
    }
    try sink.commit()
  }

  private func read(_ reader: UploadReader, _ cells: CellOptions) async throws -> ReadOutcome {
    let input = LocalInput(path: file)
    let bar = ProgressBar(label: file.escapedForDisplay)
    defer { bar.clear() }
    do {
      let source = try input.open(limits: reader.limits)
      let request = try ClaimedFile(
        name: input.name, reading, cells, limits: reader.limits, isVerbatim: text
      ).request.get()
      return try await reader.read(source, request) { bar.show($0) }
    } catch let rejection as Rejection {
      Talk.line("\(file.escapedForDisplay): refused: \(rejection.code.rawValue)\n  \(rejection.detail)")
      throw ExitStatus.Refused()
    }
  }

  private func chosenTable(_ tables: [ReadTable]) throws -> ReadTable {
    // A whole name is meant, even where it is also the last part of another's.
    let exact = tables.filter { $0.member == reading.member }
    let chosen = exact.count == 1 ? exact : tables
    guard let table = chosen.first, chosen.count == 1 else {
      throw ExitStatus.Usage(
        message: "the archive holds \(tables.count) tables; choose with --member: \(names(tables))")
    }
    return table
  }

  private func names(_ tables: [ReadTable]) -> String {
    tables.compactMap { $0.member?.escapedForDisplay }.joined(separator: ", ")
  }
}

extension Report {
  /// The report as one line of JSON.
  func jsonText() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}
