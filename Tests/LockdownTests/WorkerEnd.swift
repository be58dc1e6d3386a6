// SPDX-License-Identifier: Apache-2.0

import Glibc
import WorkerProtocol

/// How a hostile worker ended.
enum WorkerEnd: Equatable, CustomStringConvertible {
  case succeeded
  case denied(Int32)
  case killed(Int32)
  /// It met a limit, and exited by itself: a status of `WorkerExit`.
  case limited(Int32)
  /// A status of `hostile-worker` that says that the test itself went wrong.
  case failed(status: Int32)

  /// The end of a `hostile-worker` with this exit status, which wrote `lines`.
  init(status: Int32, lines: [String]) {
    let error = lines.last { $0.hasPrefix("errno ") }.flatMap { Int32($0.dropFirst(6)) }
    switch (status, error) {
    case (42, _): self = .succeeded
    case (43, let error?): self = .denied(error)
    case (WorkerExit.outOfMemory...WorkerExit.processorTime, _): self = .limited(status)
    case (129..., _): self = .killed(status - 128)
    default: self = .failed(status: status)
    }
  }

  var description: String {
    switch self {
    case .succeeded: "succeeded"
    case .denied(let error): "denied, errno \(error)"
    case .killed(let signal): "killed by signal \(signal)"
    case .limited(let status): "met a limit: \(status)"
    case .failed(let status): "failed with status \(status)"
    }
  }
}
