// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import IngestPipeline
import Store
import Validation

/// `ingest table repair`: rejected records, mended, back into their table.
struct TableRepairCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repair", abstract: "Publish a version of a table with rejected records that were mended.",
    discussion: """
      `ingest table rejects NAME --repair` writes the file to mend. It is read by what its table was read by; what is
      still wrong is rejected again. The version must be the latest of its table.
      """)

  @Argument(help: "The table: a name, name@version, or an id.")
  var table: String

  @Argument(help: "The mended records under their header; - is standard input.")
  var file: String

  @Flag(help: "Print the answer as JSON.")
  var json = false

  @OptionGroup var store: StoreOption
  @OptionGroup var workers: WorkerOptions

  func run() async throws {
    let store = try store.open(.readWrite)
    let ingestor = Composition.ingestor(workers, store: store, crashesPerHour: 0, logger: Composition.logger())
    let answer = try await publish(ingestor)
    try await store.close()
    if json { try DataOutput.write(try answer.json() + [0x0A]) } else { try show(answer) }
    if answer.rejection != nil { throw ExitStatus.Refused() }
  }

  private func publish(_ ingestor: Ingestor) async throws -> UploadAnswer {
    guard let table = try await ingestor.repairable(table) else {
      throw ExitStatus.Usage(message: "there is no table \(table.escapedForDisplay), or it has no rejects")
    }
    let input = LocalInput(path: file)
    var request = UploadRequest()
    request.fileName = input.name.map { Array($0.utf8) }
    let bar = ProgressBar(label: file.escapedForDisplay)
    defer { bar.clear() }
    do {
      return try await ingestor.repair(table, try input.open(limits: ingestor.limits), request) { bar.show($0) }
    } catch let rejection as Rejection {
      return try await ingestor.refuseUnread(request, rejection, bytes: rejection.actual ?? 0)
    }
  }

  private func show(_ answer: UploadAnswer) throws {
    if let rejection = answer.rejection {
      return try DataOutput.line("refused: \(rejection.code.rawValue)\n  \(rejection.detail)")
    }
    for table in answer.tables {
      let notes = table.warnings.map { "\n  note: \($0)" }.joined()
      try DataOutput.line(
        "published \(table.name)@\(table.version), \(table.rows) rows × \(table.columns) columns, "
          + "\(table.rejected) rejected\(notes)")
    }
  }
}
