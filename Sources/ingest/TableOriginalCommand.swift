// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import IngestPipeline
import Store
import Validation

/// `ingest table original`: the bytes that a table was read from.
struct TableOriginalCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "original", abstract: "Write the upload that a table was read from, byte for byte as it came.",
    discussion: """
      Uploads over HTTP are kept for a time (`ingest limits`: originals-…), files of a batch with --keep-originals. Exit
      status 2 where there is no such table, or its upload is not kept; 70 where what is kept is damaged.
      """)

  @Option(name: .shortAndLong, help: "The file to write; standard output otherwise.")
  var output: String?

  @Flag(help: "Remove what is kept, and write nothing.")
  var delete = false

  @Argument(help: "The table: a name, name@version, name@tag, or an id.")
  var table: String

  @OptionGroup var store: StoreOption

  func validate() throws {
    guard !delete || output == nil else { throw ValidationError("--delete writes nothing, so it takes no --output") }
  }

  func run() async throws {
    let store = try delete ? store.openExisting() : store.open(.readOnly)
    guard let original = try await TableLookup(store).original(of: table) else {
      throw ExitStatus.Usage(message: "there is no table \(table.escapedForDisplay), or its upload is not kept")
    }
    if delete {
      _ = try await original.forget()
    } else {
      let sink = try DataSink(path: output)
      var reader = try original.open()
      while let piece = try reader.next() { try sink.write(piece) }
      try sink.commit()
    }
    try await store.close()
  }
}
