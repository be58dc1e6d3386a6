// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import IngestPipeline
import IngestTables
import Store
import Validation

/// `ingest table`: what a store has published.
struct TableCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "table", abstract: "List, show, export and change published tables.",
    subcommands: [
      TableListCommand.self, TableShowCommand.self, TableBatchesCommand.self, TableHeadCommand.self,
      TableExportCommand.self,
      TableRejectsCommand.self, TableRepairCommand.self, TableRenameCommand.self, TableTagCommand.self,
      TableDeleteCommand.self, TableRestoreCommand.self, TablePinCommand.self, TableUnpinCommand.self,
      TableOriginalCommand.self,
    ])
}

/// A table of a store: `sales`, `sales@3`, or an id.
struct TableArgument: ParsableArguments {
  @Argument(help: "The table: a name, name@version, name@tag, or an id.")
  var table: String

  @OptionGroup var store: StoreOption

  /// Looks the table up and calls `body` with it.
  func withTable<Result>(_ body: (TableDescription, TableFile) throws -> Result) async throws -> Result {
    let store = try store.open(.readOnly)
    guard let found = try await TableLookup(store).table(table) else {
      throw ExitStatus.Usage(message: "there is no table \(table.escapedForDisplay)")
    }
    let result = try body(found.description, found.file)
    try await store.close()
    return result
  }
}

/// `ingest table list`.
struct TableListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the latest version of each table.")

  @Flag(help: "Print JSON: {\"tables\": […]}.")
  var json = false

  @OptionGroup var store: StoreOption

  private struct Listing: Encodable { let tables: [TableDescription] }

  func run() async throws {
    let store = try store.open(.readOnly)
    let tables = try await allTables(TableLookup(store))
    try await store.close()
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
      try DataOutput.line(String(decoding: try encoder.encode(Listing(tables: tables)), as: UTF8.self))
    } else {
      for table in tables {
        let rejected = table.rejected == 0 ? "" : ", \(table.rejected) rejected"
        try DataOutput.line(
          "\(table.name)@\(table.version)\t\(table.rows) rows × \(table.columns.count) columns\(rejected)")
      }
    }
  }

  private func allTables(_ lookup: TableLookup) async throws -> [TableDescription] {
    var tables: [TableDescription] = []
    while true {
      let page = try await lookup.tables(after: tables.last?.name, limit: 500)
      tables += page
      if page.count < 500 { return tables }
    }
  }
}

/// `ingest table show`.
struct TableShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a table's columns and origin.")

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var argument: TableArgument

  func run() async throws {
    try await argument.withTable { table, _ in
      if json { return try DataOutput.write(try table.json() + [0x0A]) }
      var lines = [
        "\(table.name)@\(table.version)  \(table.rows) rows × \(table.columns.count) columns, \(table.bytes) bytes",
        "id \(table.id)", "upload \(table.upload), published \(table.publishedAt)",
      ]
      if let version = table.repairs { lines.append("repairs \(table.name)@\(version)") }
      if table.pinned { lines.append("pinned") }
      for tag in table.tags ?? [] { lines.append("tag \(tag)") }
      if table.rejected > 0 { lines.append("\(table.rejected) records rejected: ingest table rejects") }
      for column in table.columns {
        let zone = column.timezone.map { ", \($0)" } ?? ""
        lines.append("  \(column.name.escapedForDisplay): \(column.type)\(zone)\(Self.summary(of: column))")
      }
      for warning in table.warnings { lines.append("note: \(warning.escapedForDisplay)") }
      try DataOutput.line(lines.joined(separator: "\n"))
    }
  }

  /// What the column holds, in a few words; an estimate is one of about.
  private static func summary(of column: TableDescription.ColumnDescription) -> String {
    guard let statistics = column.statistics else { return "" }
    var words: [String] = []
    if let least = statistics.min, let greatest = statistics.max {
      words.append("\(shown(least)) to \(shown(greatest))")
    }
    if let estimates = statistics.estimates, estimates.distinct > 0 {
      words.append("\(estimates.exact ? "" : "about ")\(estimates.distinct) different")
    }
    if statistics.nulls > 0 { words.append("\(statistics.nulls) null") }
    return words.isEmpty ? "" : "  (\(words.joined(separator: ", ")))"
  }

  private static func shown(_ value: String) -> String {
    value.count > 30 ? value.prefix(30).description.escapedForDisplay + "…" : value.escapedForDisplay
  }
}

/// `ingest table head`.
struct TableHeadCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "head", abstract: "Show a table's first rows.")

  @Option(name: .shortAndLong, help: "How many rows.")
  var rows = 10

  @Flag(help: "Print the rows as a JSON array.")
  var json = false

  @OptionGroup var argument: TableArgument

  func run() async throws {
    guard rows >= 0 else { throw ExitStatus.Usage(message: "--rows takes 0 or more") }
    try await argument.withTable { _, file in
      let table = try Table(contentsOf: file, rows: rows)
      guard json else { return try DataOutput.line(table.grid(rows: rows, width: Self.terminalWidth)) }
      var renderer = TableRenderer(table.schema, as: .json)
      var buffer: [UInt8] = []
      renderer.appendStart(to: &buffer)
      var left = rows
      for batch in table.batches {
        renderer.append(batch, rows: 0..<min(left, batch.rowCount), to: &buffer)
        left -= min(left, batch.rowCount)
      }
      renderer.appendEnd(to: &buffer)
      try DataOutput.write(buffer)
    }
  }

  /// The terminal's width, or 120 where there is none.
  private static var terminalWidth: Int {
    var size = winsize()
    // SAFETY: the call fills the one structure that it is given.
    guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 else { return 120 }
    return Int(size.ws_col)
  }
}

/// `ingest table export`.
struct TableExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "export", abstract: "Write a table in another form.")

  @Option(help: "The form to write: csv, json, ndjson, arrow (IPC file) or arrows (IPC stream).")
  var to: ConvertCommand.Target

  @Option(name: .shortAndLong, help: "The file to write; standard output otherwise.")
  var output: String?

  @OptionGroup var argument: TableArgument

  func run() async throws {
    try await argument.withTable { _, file in
      let sink = try DataSink(path: output)
      try TableExport(file, as: to).write(to: sink)
      try sink.commit()
    }
  }
}
