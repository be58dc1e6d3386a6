// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// A store with `sales@1` and `sales@2`, of which the second has rejects, and `costs@1`.
struct PublishedStore {
  let directory: TemporaryDirectory

  var path: String { directory["store"].path }

  init() async throws {
    directory = try TemporaryDirectory()
    for rows in ["1,x\n2,y\n", "1,x\nzwei,y\n3,z\n"] {
      let file = try directory.write("in/sales.csv", "id,name\n" + rows)
      try await batch(file, "--type", "id=int64", "--max-rejects", "1")
    }
    try await batch(try directory.write("in/costs.csv", "day,cost\n2024-01-01,1.5\n"))
  }

  private func batch(_ file: URL, _ options: String...) async throws {
    let ended = try await ingest(["batch", file.path, "--store", path] + options)
    guard ended.status == 0 else { throw Binaries.Missing(description: "no store: \(ended.talk)\(ended.text)") }
  }

  /// Runs a command on the store.
  func run(_ arguments: String...) async throws -> Ended { try await ingest(arguments + ["--store", path]) }

  /// What `table list` shows, as `name@version`.
  func listed() async throws -> [String] {
    try await run("table", "list", "--json").json(TableListing.self).tables.map { "\($0.name)@\($0.version)" }
  }

  func id(of reference: String) async throws -> String {
    try await run("table", "show", reference, "--json").json(TableListing.Table.self).id
  }

  /// The files of the tables, by their paths in the store.
  var tableFiles: [String] { files(under: directory["store"]).filter { $0.hasSuffix(".arrow") } }

  func file(of id: String) -> URL { directory["store/tables/\(id.prefix(2))/\(id).arrow"] }

  /// Changes a file that only its user may read.
  func damage(_ file: URL, _ body: (inout Data) -> Void) throws {
    var bytes = try Data(contentsOf: file)
    body(&bytes)
    try FileManager.default.removeItem(at: file)
    try bytes.write(to: file)
  }

  /// Runs Python's SQLite on the catalog, as somebody with access to the file could.
  func sql(_ statements: String) async throws {
    let script = "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.executescript(sys.argv[2]); c.commit()"
    let command = [Binaries.plainPython, "-c", script, directory["store/catalog.sqlite"].path, statements]
    let ended = try await EndToEndTests.run(command)
    try #require(ended.status == 0, "\(ended.talk)")
  }

  /// The first number that a query of the catalog gives.
  func number(_ query: String) async throws -> Int? {
    let script = "import sqlite3,sys; print(*sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchone())"
    let command = [Binaries.plainPython, "-c", script, directory["store/catalog.sqlite"].path, query]
    return Int(try await EndToEndTests.run(command).lines.first ?? "")
  }
}
