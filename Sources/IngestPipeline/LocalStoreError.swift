// SPDX-License-Identifier: Apache-2.0

import Catalog
import IngestTables
import Sandbox
import Store
import WorkerProtocol

/// Why a store could not do what was asked; nothing was published.
///
/// A file that was judged and found wanting is no error, but an `IngestAnswer`.
public struct LocalStoreError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The stable part, for programs.
  public enum Code: String, Sendable, CaseIterable {
    // The store
    /// The directory holds something else, or nothing where a store must be.
    case notAStore = "not_a_store"
    /// A newer version of the program wrote the store.
    case newerStore = "newer_store"
    /// The store's file system has no unnamed files, which publishing needs.
    case unsupportedFileSystem = "unsupported_file_system"
    /// There is no space left.
    case diskFull = "disk_full"
    /// The store was opened for reading only, or may not be written to.
    case readOnly = "read_only"
    /// The catalog, or a table's file, is damaged.
    case damaged
    // The worker
    /// `ingest-worker` is not where it was looked for, or does not start.
    case workerMissing = "worker_missing"
    /// Workers cannot be confined as is required, so that nothing is read.
    case unconfined
    /// As many files wait as may; ask again later.
    case busy
    // The request
    /// An option contradicts itself or has no such value.
    case invalidRequest = "invalid_request"
    /// The file cannot be opened, or is no regular file.
    case unreadableFile = "unreadable_file"
    /// The table exists, and only a new one was wanted.
    case nameExists = "name_exists"
    /// The table's name is not free: it is somebody else's, or deleted versions of it are kept.
    case nameTaken = "name_taken"
    /// Any other failure; the detail names it.
    case failed
  }

  /// The stable part, for programs.
  public let code: Code
  /// What happened, for people.
  public let detail: String

  /// The code and the detail.
  public var description: String { "\(code.rawValue): \(detail)" }

  init(_ code: Code, _ detail: String) {
    self.code = code
    self.detail = detail
  }

  /// Any failure beneath this library.
  init(_ error: any Error) {
    switch error {
    case let error as LocalStoreError: self = error
    case let error as StoreError: self.init(store: error)
    case let error as PipelineFailure: self.init(pipeline: error)
    case let error as SandboxError: self.init(sandbox: error)
    case TableFileError.damaged(let what): self.init(.damaged, "a table's file is damaged: \(what)")
    case is CancellationError: self.init(.failed, "the task was cancelled")
    default: self.init(.failed, "\(error)")
    }
  }

  private init(store error: StoreError) {
    switch error {
    case .notAStore: self.init(.notAStore, "the directory is no store")
    case .newerStore(let format): self.init(.newerStore, "the store has format \(format), newer than this program")
    case .unsupportedFileSystem: self.init(.unsupportedFileSystem, "the file system has no unnamed files (O_TMPFILE)")
    case .diskFull: self.init(.diskFull, "the disk is full")
    case .readOnly: self.init(.readOnly, "the store cannot be written to")
    case .tableDiffers(let id): self.init(.damaged, "the file of table \(id) is damaged")
    case .catalog(.corrupt), .catalog(.notACatalog): self.init(.damaged, "the catalog is damaged")
    default: self.init(.failed, "the store: \(error)")
    }
  }

  private init(pipeline failure: PipelineFailure) {
    switch failure {
    case .busy: self.init(.busy, "too many files wait already")
    case .nameTaken(let name): self.init(.nameTaken, "the name \(name) belongs to somebody else")
    case .nameRetained(let name): self.init(.nameTaken, "deleted versions of \(name) are still kept")
    case .nameExists(let name): self.init(.nameExists, "a table \(name) exists already")
    case .invalidRequest(let what): self.init(.invalidRequest, what)
    default: self.init(.failed, "\(failure)")
    }
  }

  private init(sandbox error: SandboxError) {
    switch error {
    case .levelUnavailable(let required, let actual, let missing):
      self.init(
        .unconfined,
        "workers must be confined at level \(required.rawValue), and are at \(actual.rawValue): missing "
          + missing.joined(separator: ", "))
    case .trialFailed(let attack, let end):
      self.init(.unconfined, "the sandbox does not hold: a worker that tried \(attack) ended so: \(end)")
    case .startFailed(let how): self.init(.workerMissing, "the worker did not start (\(how))")
    case .busy: self.init(.busy, "too many files wait already")
    default: self.init(.failed, "the worker: \(error)")
    }
  }

  /// Runs `body` with every failure as one of this type.
  static func mapping<Answer>(_ body: () async throws -> Answer) async throws(LocalStoreError) -> Answer {
    do { return try await body() } catch { throw LocalStoreError(error) }
  }
}
