// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Catalog
import FileDescriptors
import Foundation
import IngestPipeline
import Sandbox
import Store
import Validation
import WorkerProtocol

/// What `ingest` exits with.
///
/// Documented in `--help` and the README; scripts depend on it.
enum ExitStatus {
  static let done: Int32 = 0
  /// At least one file was refused.
  static let refused: Int32 = 1
  static let usage: Int32 = 2
  /// A failure of our own.
  static let failed: Int32 = 70
  /// The required sandbox level cannot be had.
  static let unconfined: Int32 = 78

  /// A refusal that was already printed.
  struct Refused: Error {}
  /// Something that was printed is wrong with the store.
  struct Unsound: Error {}
  /// A mistake in how the command was called, found after parsing.
  struct Usage: Error { let message: String }

  /// Prints what is to be said about an error, and answers its exit status: the one switch.
  static func end(with error: any Error) -> Int32 {
    switch error {
    case is Refused: return refused
    case is Unsound: return failed
    // Who reads has seen enough (`| head`): an ordinary end.
    case let error as SystemCallError where error.errno == EPIPE: return done
    case is Usage, is PipelineFailure:
      Talk.line("ingest: \(message(of: error))")
      return usage
    case is SandboxError, is StoreError, is CatalogError, is SystemCallError:
      Talk.line("ingest: \(message(of: error))")
      if (error as? SandboxError)?.isUnconfined == true { return unconfined }
      if case StoreError.notAStore = error { return usage }
      return failed
    default: return end(withParserError: error)
    }
  }

  /// What is to be said about an error, in words.
  static func message(of error: any Error) -> String {
    switch error {
    case let error as Usage: error.message
    case let error as PipelineFailure: describe(error)
    case let error as SandboxError: describe(error)
    case let error as StoreError: "the store: \(describe(error))"
    case let error as CatalogError: "the store: \(describe(StoreError(error)))"
    default: "\(error)"
    }
  }

  private static func end(withParserError error: any Error) -> Int32 {
    let code = IngestCommand.exitCode(for: error)
    let isOurs = error is ExitCode || code == .success || code == .validationFailure
    guard isOurs else {
      Talk.line("ingest: \(error)")
      return failed
    }
    let message = IngestCommand.fullMessage(for: error)
    if code == .success {
      print(message)
      return done
    }
    // The message quotes arguments, which may hold anything.
    let lines = message.split(separator: "\n", omittingEmptySubsequences: false).map { String($0).escapedForDisplay }
    if !message.isEmpty { Talk.line(lines.joined(separator: "\n")) }
    return usage
  }

  private static func describe(_ error: PipelineFailure) -> String {
    switch error {
    case .busy: "too many uploads wait already"
    case .nameTaken(let name): "the name \(name) belongs to somebody else"
    case .nameExists(let name): "a table \(name) exists already"
    case .versionChanged(let name): "a newer version of \(name) was published meanwhile"
    case .nameRetained(let name):
      "deleted versions of \(name) are still kept: restore them, or let `ingest store gc` remove them"
    case .conditionFailed(let actual):
      actual.map { "the version is \($0), and not the one of --if-version" } ?? "there is no such version"
    case .crashBudgetExhausted: "too many uploads crashed their workers within an hour"
    case .invalidRequest(let what): what
    }
  }

  private static func describe(_ error: SandboxError) -> String {
    switch error {
    case .levelUnavailable(let required, let actual, let missing):
      "the sandbox level \(required.rawValue) cannot be had, only \(actual.rawValue): missing "
        + "\(missing.joined(separator: ", ")). --sandbox-require basic accepts less."
    case .busy: "too many uploads wait already"
    case .startFailed(let how): "the worker did not start (\(how)); is ingest-worker beside ingest?"
    case .trialFailed(let attack, let end):
      "the sandbox does not hold: a worker that tried \(attack) ended so: \(end). Nothing was read."
    case .unverified(let what): "the worker's confinement could not be verified: \(what)"
    case .system(let error): "the worker could not be run: \(error)"
    }
  }

  private static func describe(_ error: StoreError) -> String {
    switch error {
    case .notAStore(let path): "\(path.escapedForDisplay) is no store"
    case .newerStore(let version): "it has format \(version), which is newer than this program"
    case .unsupportedFileSystem: "its file system has no unnamed files (O_TMPFILE)"
    case .diskFull: "the disk is full, or a quota is reached; free space and try again"
    case .readOnly: "it cannot be written to; see its permissions and how its file system is mounted"
    case .notFound, .invalidTableID: "there is no such table"
    case .tableDiffers(let id): "the file of table \(id) is damaged"
    case .catalog(.io(let name)) where StorageFault(error) == .failed:
      "the disk failed under the catalog (\(name)); `ingest store check` tells whether anything is damaged"
    case .catalog(let error): "the catalog failed: \(error)"
    case .io(let call) where StorageFault(error) == .failed:
      "the disk failed (\(call)); `ingest store check` tells whether anything is damaged"
    case .io(let error): "\(error)"
    }
  }
}

extension SandboxError {
  /// Whether workers are less confined than is required.
  fileprivate var isUnconfined: Bool {
    switch self {
    case .levelUnavailable, .trialFailed: true
    case .busy, .startFailed, .unverified, .system: false
    }
  }
}
