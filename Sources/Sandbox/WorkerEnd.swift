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
  /// Killed by us: what it said broke the protocol, or its work was no longer wanted.
  case dismissed

  /// The worker could not write to a file that the service gave it: our failure, not the file's.
  package static let storageFailed = WorkerEnd.exited(74)

  /// The code of an upload whose worker ended like this; nil for a proper end.
  ///
  /// Outside of PID 1 of a namespace each signal has one cause (`CONTROLS.md` section 7).
  package var rejection: Rejection.Code? {
    switch self {
    case .exited(0), Self.storageFailed: nil
    case .exited(71): .workerMemory
    case .exited(72), .signalled(SIGXFSZ): .outputTooLarge
    case .deadline, .signalled(SIGXCPU): .workerTimeout
    case .signalled(SIGSYS): .workerViolation
    // The kernel's own SIGKILL means that memory ran out; ours is `deadline` or `dismissed`.
    case .signalled(SIGABRT), .signalled(SIGKILL): .workerMemory
    case .dismissed: .workerLied
    case .exited, .signalled: .workerCrashed
    }
  }
}

/// What is known about one run of a worker.
package struct WorkerReport: Sendable, Hashable {
  package var end: WorkerEnd
  package var level: SandboxLevel
  /// The largest resident memory without files, in bytes, of those times at which the service looked.
  package var peakPrivateBytes: UInt64
}
