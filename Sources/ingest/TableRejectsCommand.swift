// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import IngestPipeline
import IngestTables
import Store
import Validation

/// `ingest table rejects`: the records that are in no row of a table.
struct TableRejectsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rejects", abstract: "Write the records that are in no row of a table, and why.")

  @Option(help: "The form to write: csv, json, ndjson, arrow (IPC file) or arrows (IPC stream).")
  var to: ConvertCommand.Target = .csv

  @Flag(help: "Write the records themselves under their header, to be mended for `ingest table repair`.")
  var repair = false

  @Option(name: .shortAndLong, help: "The file to write; standard output otherwise.")
  var output: String?

  @Argument(help: "The table: a name, name@version, or an id.")
  var table: String

  @OptionGroup var store: StoreOption

  func validate() throws {
    guard !repair || to == .csv else {
      throw ValidationError("--repair writes the records as they stand in their file")
    }
  }

  func run() async throws {
    let store = try store.open(.readOnly)
    let lookup = TableLookup(store)
    guard let rejects = try await lookup.rejects(table) else {
      throw ExitStatus.Usage(message: "there is no table \(table.escapedForDisplay), or it has no rejects")
    }
    let sink = try DataSink(path: output)
    if repair, let sheet = try await lookup.repairSheet(table) {
      try write(sheet, to: sink)
    } else {
      try TableExport(rejects.file, as: to).write(to: sink)
    }
    try sink.commit()
    try await store.close()
  }

  private func write(_ sheet: RepairSheet, to sink: DataSink) throws {
    try sink.write(sheet.header)
    var missing = 0
    for index in 0..<sheet.rejects.file.batchCount {
      var records: [UInt8] = []
      missing += sheet.append(try sheet.rejects.file.batch(index), to: &records)
      try sink.write(records)
    }
    if missing > 0 { Talk.line("\(missing) records are longer than 64 KiB and were not kept") }
  }
}
