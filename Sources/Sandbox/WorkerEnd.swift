// SPDX-License-Identifier: Apache-2.0

import Glibc
package import Validation
package import WorkerProtocol

/// How a worker ended, as the kernel says.
package enum WorkerEnd: Sendable, Hashable {
  case exited(Int32)
  case signalled(Int32)
  /// Killed by us: its wall time was over.
  case deadline
  /// Killed by us: what it said broke the protocol.
  case dismissed
  /// Killed by us: what it reads has become known.
  case unneeded

  /// The worker could not write to a file that the service gave it, or read it: our failure, not the file's.
  package static let storageFailed = WorkerEnd.exited(WorkerExit.storageFailed)
  /// The same, since there is no space.
  package static let diskFull = WorkerEnd.exited(WorkerExit.diskFull)

  /// The code of an upload whose worker ended like this; nil for a proper end.
  ///
  /// An honest worker exits by itself where a limit is met: the first process of a namespace would get other signals or
  /// none at all. The signals are those of a worker that was taken over.
  package var rejection: Rejection.Code? {
    switch self {
    case .exited(WorkerExit.done), Self.storageFailed, Self.diskFull, .unneeded: nil
    case .exited(WorkerExit.outOfMemory): .workerMemory
    case .exited(WorkerExit.outputLimit), .signalled(SIGXFSZ): .outputTooLarge
    case .deadline, .exited(WorkerExit.processorTime), .signalled(SIGXCPU): .workerTimeout
    case .signalled(SIGSYS): .workerViolation
    // The kernel's own SIGKILL means that memory ran out; ours is one of the cases.
    case .signalled(SIGKILL): .workerMemory
    case .dismissed: .workerLied
    case .exited, .signalled: .workerCrashed
    }
  }
}

/// What is known about one run of a worker.
package struct WorkerReport: Sendable, Hashable {
  package var end: WorkerEnd
  package var level: SandboxLevel
  package var layers: LayerSet
  /// The largest resident memory without files, in bytes, of those times at which the service looked.
  package var peakPrivateBytes: UInt64
}
