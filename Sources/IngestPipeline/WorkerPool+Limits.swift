// SPDX-License-Identifier: Apache-2.0

import Foundation
package import Sandbox
package import Validation
package import WorkerProtocol

extension WorkerPool.Settings {
  /// How workers are run under these limits on this machine.
  ///
  /// - Parameters:
  ///   - executable: the path of `ingest-worker`.
  ///   - files: how many uploads there will be, where that is known.
  package init(_ limits: Limits, executable: String, required: SandboxLevel, files: Int? = nil) {
    let cores = limits.concurrentWorkers > 0 ? limits.concurrentWorkers : ProcessInfo.processInfo.activeProcessorCount
    self.init(
      executable: executable, required: required, concurrent: cores, waiting: limits.waitingUploads,
      ready: min(files ?? .max, 2 * cores), memory: MachineMemory.total / 100 * min(100, limits.workerMemoryShare))
  }

  /// The worker that is installed beside this program; nothing else is looked for.
  package static var installedExecutable: String {
    let own =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments.first
      ?? ""
    return URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent("ingest-worker").path
  }
}
