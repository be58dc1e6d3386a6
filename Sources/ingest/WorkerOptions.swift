// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import IngestPipeline
import Sandbox
import Validation
import WorkerProtocol

/// How workers are confined, and the caps that may be set.
struct WorkerOptions: ParsableArguments {
  @Option(name: .customLong("sandbox-require"), help: "The weakest confinement to accept: full, strong or basic.")
  var required: SandboxLevel = .strong

  @Flag(
    name: .customLong("dangerously-accept-unconfined-workers"),
    help: "Read files even where workers cannot be kept from the system, which a hostile file may then take over.")
  var acceptsNoSandbox = false

  @Option(name: .customLong("max-upload"), help: "The largest file, such as 10MB or 1GiB.")
  var maximumUpload: ByteCount?

  @Option(name: .customLong("worker-seconds"), help: ArgumentHelp(visibility: .hidden))
  var workerSeconds: UInt64?

  @Option(name: .customLong("waiting-uploads"), help: ArgumentHelp(visibility: .hidden))
  var waitingUploads: Int?

  @Option(name: .customLong("max-expanded"), help: "What a compressed file may expand to.")
  var maximumExpanded: ByteCount?

  @Option(name: .customLong("worker"), help: ArgumentHelp(visibility: .hidden))
  var workerPath: String?

  func validate() throws {
    guard required != .none else {
      throw ValidationError(
        "--sandbox-require takes full, strong or basic; --dangerously-accept-unconfined-workers accepts none")
    }
  }

  var limits: Limits {
    var limits = Limits()
    if let maximumUpload { limits.uploadBytes = maximumUpload }
    if let maximumExpanded { limits.expandedBytes = maximumExpanded }
    if let waitingUploads { limits.waitingUploads = max(0, waitingUploads) }
    if let workerSeconds { limits.workerSeconds = workerSeconds }
    return limits
  }

  /// The weakest level that is accepted.
  var acceptedLevel: SandboxLevel { acceptsNoSandbox ? .none : required }

  /// - Parameter files: how many uploads there will be, where that is known.
  func makeWorkers(files: Int? = nil, required: SandboxLevel? = nil) -> WorkerPool {
    WorkerPool(
      WorkerPool.Settings(
        limits, executable: workerPath ?? WorkerPool.Settings.installedExecutable, required: required ?? acceptedLevel,
        files: files))
  }
}
