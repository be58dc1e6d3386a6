// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
import Foundation
import IngestPipeline
import Logging
import Sandbox
import Store
public import Validation
public import WorkerProtocol

extension SandboxLevel: ExpressibleByArgument {
  /// What `--sandbox-require` takes; without a sandbox nothing is read.
  public static var allValueStrings: [String] { [SandboxLevel.basic.rawValue, SandboxLevel.strong.rawValue] }
}
extension ReadOptions.Header: ExpressibleByArgument {}
extension Format: ExpressibleByArgument {}
extension ByteCount: ExpressibleByArgument {
  /// Reads `10MB`, `1 GiB` or a plain number of bytes.
  public init?(argument: String) { self.init(argument) }
}

/// Where tables live.
struct StoreOption: ParsableArguments {
  @Option(name: .long, help: "The store's directory.")
  var store: String

  func open(_ mode: TableStore.Mode) throws -> TableStore { try TableStore.open(at: store, mode: mode) }
}

/// How workers are confined, and the caps that may be set.
struct WorkerOptions: ParsableArguments {
  @Option(name: .customLong("sandbox-require"), help: "The weakest confinement to accept: strong or basic.")
  var required: SandboxLevel = .strong

  @Option(name: .customLong("max-upload"), help: "The largest file, such as 10MB or 1GiB.")
  var maximumUpload: ByteCount?

  @Option(name: .customLong("worker-seconds"), help: ArgumentHelp(visibility: .hidden))
  var workerSeconds: UInt64?

  @Option(name: .customLong("max-expanded"), help: "What a compressed file may expand to.")
  var maximumExpanded: ByteCount?

  @Option(name: .customLong("worker"), help: ArgumentHelp(visibility: .hidden))
  var workerPath: String?

  func validate() throws {
    guard required != .none else {
      throw ValidationError("--sandbox-require takes strong or basic: without a sandbox nothing is read")
    }
  }

  var limits: Limits {
    var limits = Limits()
    if let maximumUpload { limits.uploadBytes = maximumUpload }
    if let maximumExpanded { limits.expandedBytes = maximumExpanded }
    if let workerSeconds { limits.workerSeconds = workerSeconds }
    return limits
  }

  func makeWorkers() -> WorkerPool {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    return WorkerPool(
      WorkerPool.Settings(
        executable: workerPath ?? Self.besideThisProgram("ingest-worker"), required: required,
        concurrent: limits.concurrentWorkers > 0 ? limits.concurrentWorkers : cores, waiting: limits.waitingUploads))
  }

  /// The worker is installed beside this program; nothing else is looked for.
  private static func besideThisProgram(_ name: String) -> String {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    return URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent(name).path
  }
}

/// What is said about the files to be read.
struct ReadingOptions: ParsableArguments {
  @Option(help: "Read the file as this format: csv, gzip or zip.")
  var format: Format?

  @Option(name: .customLong("declared-type"), help: "The media type that the file is declared to have.")
  var declaredType: String?

  @Option(help: "Whether the first record names the columns: auto, always or never.")
  var header: ReadOptions.Header = .auto
}

/// The composition root: everything that the commands need is made here.
enum Composition {
  static func logger() -> Logger {
    LoggingSystem.bootstrap(StreamLogHandler.standardError)
    var logger = Logger(label: "ingest")
    logger.logLevel = .notice
    return logger
  }

  /// A reader whose outputs vanish, for checking and converting.
  static func reader(_ options: WorkerOptions, logger: Logger) -> UploadReader {
    UploadReader(
      limits: options.limits, workers: options.makeWorkers(),
      workspace: Workspace(temporaryDirectory: NSTemporaryDirectory()), logger: logger)
  }

  /// The whole way into a store.
  static func ingestor(_ options: WorkerOptions, store: TableStore, logger: Logger) -> Ingestor {
    Ingestor(limits: options.limits, store: store, workers: options.makeWorkers(), logger: logger)
  }
}
