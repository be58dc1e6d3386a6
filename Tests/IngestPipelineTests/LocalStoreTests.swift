// SPDX-License-Identifier: Apache-2.0

import Foundation
import IngestPipeline
import IngestTables
import Testing
import Validation

@Suite("A store within a program")
struct LocalStoreTests {
  private let directory = FileManager.default.temporaryDirectory.appending(path: "local-store-\(UUID().uuidString)")

  init() throws { try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true) }

  private func write(_ name: String, _ text: String) throws -> String {
    let file = directory.appending(path: name)
    try Data(text.utf8).write(to: file)
    return file.path
  }

  private func configuration() -> LocalStore.Configuration {
    var configuration = LocalStore.Configuration()
    // Not every kernel that the tests run on has Landlock.
    configuration.confinement = .basic
    return configuration
  }

  /// Opens a store, hands it over, and removes everything.
  private func withStore(_ body: (LocalStore) async throws -> Void) async throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    let store = try await LocalStore.open(at: directory.appending(path: "store").path, configuration())
    try await body(store)
    try await store.close()
  }

  private func code(_ body: () async throws(LocalStoreError) -> Void) async -> LocalStoreError.Code? {
    do {
      try await body()
      return nil
    } catch { return error.code }
  }

  @Test("A file is published, then known, then a new version, and looked up by each of its names")
  func course() async throws {
    try await withStore { store in
      let path = try write("prices.csv", "item,price\napple,1.25\npear,2\n")
      let first = try await store.ingest(fileAt: path)
      #expect(first.outcome == .published)
      let entry = try #require(first.tables.first)
      #expect(entry.name == "prices" && entry.version == 1 && entry.rows == 2 && entry.columns == 2)
      #expect(try await store.ingest(fileAt: path).outcome == .known)
      var options = FileOptions()
      options.types = ["price": "decimal(8,2)"]
      #expect(try await store.ingest(fileAt: path, options).tables.map(\.version) == [2])
      for (reference, version) in [("prices", 2), ("PRICES@1", 1), (entry.id, 1)] {
        #expect(try await store.table(reference)?.entry.version == version)
      }
      #expect(try await store.table("prices@3") == nil)
      #expect(try await store.tables().map(\.name) == ["prices"])
      let table = try #require(try await store.table("prices"))
      let column = try #require(try table.file.mappedBatch(0).column(named: "price"))
      let values = try column.values(as: Int128.self)
      let cents = values.indices.map { values[$0] }
      #expect(cents == [125, 200])
    }
  }

  @Test("A refusal is an answer, and recorded; what was not judged is an error with a code")
  func refusals() async throws {
    try await withStore { store in
      let refused = try await store.ingest(fileAt: try write("empty.csv", ""))
      guard case .refused(let reason) = refused.outcome else { return #expect(Bool(false), "\(refused.outcome)") }
      #expect(reason.code == .empty && refused.tables.isEmpty && refused.uploadID.count == 32)
      let path = try write("a.csv", "x\n1\n")
      var wrong = FileOptions()
      wrong.dialect = ["delimeter": ";"]
      #expect(
        await code { () throws(LocalStoreError) in _ = try await store.ingest(fileAt: path, wrong) } == .invalidRequest)
      wrong = FileOptions()
      wrong.header = "maybe"
      #expect(
        await code { () throws(LocalStoreError) in _ = try await store.ingest(fileAt: path, wrong) } == .invalidRequest)
      var only = FileOptions()
      only.onlyCreates = true
      _ = try await store.ingest(fileAt: path, only)
      only.isAllText = true
      #expect(
        await code { () throws(LocalStoreError) in _ = try await store.ingest(fileAt: path, only) } == .nameExists)
      for missing in [directory.path, directory.appending(path: "nothing.csv").path] {
        #expect(
          await code { () throws(LocalStoreError) in _ = try await store.ingest(fileAt: missing) } == .unreadableFile)
      }
    }
  }

  @Test("A store is opened only where it can be worked with")
  func opening() async throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    let path = directory.appending(path: "store").path
    var configuration = configuration()
    configuration.createsStore = false
    #expect(
      await code { () throws(LocalStoreError) in _ = try await LocalStore.open(at: path, configuration) } == .notAStore)
    configuration.workerPath = directory.appending(path: "ingest-worker").path
    #expect(
      await code { () throws(LocalStoreError) in _ = try await LocalStore.open(at: path, configuration) }
        == .workerMissing)
    #expect(
      await code { () throws(LocalStoreError) in _ = try await LocalStore.openForReading(at: path) } == .notAStore)
    try await LocalStore.open(at: path, self.configuration()).close()
    let readOnly = try await LocalStore.openForReading(at: path)
    #expect(try await readOnly.tables().isEmpty)
    #expect(await code { () throws(LocalStoreError) in _ = try await readOnly.ingest(fileAt: path) } == .readOnly)
    try await readOnly.close()
  }
}
