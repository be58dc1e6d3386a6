// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Sandbox
import Validation
import WorkerProtocol

/// How workers are confined, and the caps that may be set.
struct WorkerOptions: ParsableArguments {
  @Option(name: .customLong("sandbox-require"), help: "The weakest confinement to accept: strong or basic.")
  var required: SandboxLevel = .strong

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
      throw ValidationError("--sandbox-require takes strong or basic: without a sandbox nothing is read")
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
