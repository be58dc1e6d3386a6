// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import IngestPipeline
import Store
import Validation

/// `ingest table batches`.
struct TableBatchesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "batches",
    abstract: "Show what each record batch of a table holds: rows, nulls, least and greatest value.")

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var argument: TableArgument

  /// The JSON, as the service answers it too.
  private struct Batches: Decodable {
    struct Batch: Decodable {
      let rows: UInt64
      let columns: [Column]
    }

    struct Column: Decodable {
      let nulls: UInt64
      let min: String?
      let max: String?
    }

    let columns: [String]
    let batches: [Batch]?
  }

  func run() async throws {
    let store = try argument.store.open(.readOnly)
    guard let text = try await TableLookup(store).batches(argument.table)?.json else {
      throw ExitStatus.Usage(message: "there is no table \(argument.table.escapedForDisplay)")
    }
    try await store.close()
    guard !json else { return try DataOutput.write(text) }
    let found = try JSONDecoder().decode(Batches.self, from: Data(text))
    guard let batches = found.batches else { return try DataOutput.line("nothing was kept of single batches") }
    for (index, batch) in batches.enumerated() {
      try DataOutput.line("batch \(index): \(batch.rows) rows")
      for (name, column) in zip(found.columns, batch.columns) {
        try DataOutput.line("  \(name.escapedForDisplay): \(Self.words(column).joined(separator: ", "))")
      }
    }
  }

  private static func words(_ column: Batches.Column) -> [String] {
    var words: [String] = []
    if let least = column.min, let greatest = column.max {
      words.append("\(least.escapedForDisplay) to \(greatest.escapedForDisplay)")
    }
    if column.nulls > 0 { words.append("\(column.nulls) null") }
    return words.isEmpty ? ["no null"] : words
  }
}
