// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Foundation
public import IngestTables
import Logging
import Sandbox
import Store
public import Validation
import WorkerProtocol

/// A store of published tables in a directory, used from within a program: the same way in as `ingest batch`.
///
/// ```swift
/// let store = try await LocalStore.open(at: "tables")
/// let answer = try await store.ingest(fileAt: "sales.csv")
/// if let table = try await store.table("sales") { print(table.entry.rows) }
/// try await store.close()
/// ```
///
/// Several processes may work on one store. Files are read by `ingest-worker`, in processes of their own that are
/// confined; the program's own process never interprets them.
public final class LocalStore: Sendable {
  /// How a store is opened.
  public struct Configuration: Sendable {
    /// How well workers must be confined (`docs/sandbox.md`); where they cannot be, nothing is read.
    public enum Confinement: String, Sendable {
      case full, strong, basic
    }

    /// The path of `ingest-worker`; nil for the one beside the running program.
    public var workerPath: String?
    /// The weakest confinement that is accepted.
    public var confinement = Confinement.strong
    /// The caps on files and workers.
    public var limits = Limits()
    /// Whether the store is made where the directory is missing or empty.
    public var createsStore = true
    /// Whether opening sets SIGCHLD back to its default, without which the ends of workers are lost, and makes this
    /// process unreadable to others of its user (`PR_SET_DUMPABLE`).
    ///
    /// False is for a program that takes care of both.
    public var preparesProcess = true

    /// The defaults above.
    public init() {}
  }

  private let store: TableStore
  private let lookup: TableLookup
  /// nil where the store was opened to be read only.
  private let ingestor: Ingestor?

  private init(_ store: TableStore, _ ingestor: Ingestor?) {
    self.store = store
    self.ingestor = ingestor
    lookup = ingestor?.lookup ?? TableLookup(store)
  }

  /// Opens a store for reading and ingesting, and tries the confinement of a first worker.
  ///
  /// - Parameter path: the store's directory, whose parent must exist.
  /// - Throws: `LocalStoreError`, with `workerMissing` or `unconfined` before any file is read.
  public static func open(
    at path: String, _ configuration: Configuration = Configuration()
  ) async throws(LocalStoreError) -> LocalStore {
    try await LocalStoreError.mapping {
      if configuration.preparesProcess { try ServiceProcess.prepare() }
      let worker = configuration.workerPath ?? WorkerPool.Settings.installedExecutable
      guard FileManager.default.isExecutableFile(atPath: worker) else {
        throw LocalStoreError(.workerMissing, "there is no program \(worker)")
      }
      let store =
        try configuration.createsStore
        ? TableStore.open(at: path, mode: .readWrite) : TableStore.openExisting(at: path)
      let workers = WorkerPool(
        WorkerPool.Settings(configuration.limits, executable: worker, required: configuration.confinement.level))
      _ = try await workers.verified()
      var limits = configuration.limits
      // That limit is on strangers; who calls this chose the files.
      limits.crashesPerHour = 0
      return LocalStore(
        store, Ingestor(limits: limits, store: store, workers: workers, logger: Logger(label: "ingest")))
    }
  }

  /// Opens a store to look at its tables; no worker is needed, and nothing is written.
  ///
  /// - Throws: `LocalStoreError`.
  public static func openForReading(at path: String) async throws(LocalStoreError) -> LocalStore {
    try await LocalStoreError.mapping { LocalStore(try TableStore.open(at: path, mode: .readOnly), nil) }
  }

  /// Judges and reads a file where it lies, and publishes its tables, durably and all at once.
  ///
  /// The file is not changed or moved. Once this returns, what it answers stays true through a loss of power.
  ///
  /// - Parameters:
  ///   - path: a regular file that nobody writes to.
  ///   - options: what is said about it.
  /// - Returns: what was published, or why the file was refused.
  /// - Throws: `LocalStoreError`.
  public func ingest(
    fileAt path: String, _ options: FileOptions = FileOptions()
  ) async throws(LocalStoreError) -> IngestAnswer {
    guard let ingestor else { throw LocalStoreError(.readOnly, "the store was opened for reading") }
    let request = try options.request(for: path)
    do {
      guard try UploadSource.isRegularFile(path: path) else {
        throw LocalStoreError(.unreadableFile, "the path leads to no regular file")
      }
    } catch let error as SystemCallError {
      throw LocalStoreError(.unreadableFile, "the file cannot be read: \(error.name)")
    } catch { throw LocalStoreError(error) }
    return try await LocalStoreError.mapping {
      try IngestAnswer(try await ingestor.publish(fileAt: path, request))
    }
  }

  /// A table by `name`, `name@version`, `name@tag` or id; nil where there is none.
  ///
  /// - Throws: `LocalStoreError`.
  public func table(_ reference: String) async throws(LocalStoreError) -> StoredTable? {
    try await LocalStoreError.mapping { try await lookup.table(reference).map { StoredTable($0) } }
  }

  /// The latest version of each table, by name.
  ///
  /// - Parameters:
  ///   - name: the name behind which to begin; nil for the first one.
  ///   - limit: the most tables that are answered.
  /// - Throws: `LocalStoreError`.
  public func tables(after name: String? = nil, limit: Int = 1_000) async throws(LocalStoreError) -> [TableEntry] {
    try await LocalStoreError.mapping { try await lookup.tables(after: name, limit: limit).map { TableEntry($0) } }
  }

  /// Ends the use of the store; tables that were looked up can still be read.
  ///
  /// - Throws: `LocalStoreError`.
  public func close() async throws(LocalStoreError) {
    try await LocalStoreError.mapping { try await store.close() }
  }
}

/// A published table that is open to be read.
public struct StoredTable: Sendable {
  /// What the store says of it.
  public let entry: TableEntry
  /// Its rows.
  public let file: TableFile
  /// The tags of the version.
  public let tags: [String]

  init(_ found: FoundTable) {
    entry = TableEntry(found.description)
    file = found.file
    tags = found.description.tags ?? []
  }
}

extension LocalStore.Configuration.Confinement {
  fileprivate var level: SandboxLevel {
    switch self {
    case .full: .full
    case .strong: .strong
    case .basic: .basic
    }
  }
}
