// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import IngestPipeline
import Logging
import Validation

extension RequestProblem {
  /// The answer to what stopped an upload or a request beside the file: the one switch.
  ///
  /// The cause of a failure of ours goes to the log only, and escaped: it may quote what a client sent.
  init(_ error: any Error, _ logger: Logger) {
    switch error {
    case let problem as RequestProblem: self = problem
    case PipelineFailure.busy: self = .busy
    case PipelineFailure.crashBudgetExhausted(let time):
      // Rounded up: whoever comes back in time finds room.
      self.init(.crashBudgetExhausted, fields: [.retryAfter: String(time.components.seconds + 1)])
    case PipelineFailure.nameTaken: self.init(.nameTaken)
    case PipelineFailure.nameExists, PipelineFailure.nameRetained: self.init(.nameExists)
    case PipelineFailure.versionChanged, PipelineFailure.conditionFailed: self.init(.versionChanged)
    case PipelineFailure.invalidRequest(let reason): self.init(.invalidRequest, reason.escapedForDisplay)
    default:
      let text = String(String(describing: error).escapedForDisplay.prefix(500))
      logger.error("request failed", metadata: ["error": "\(type(of: error)): \(text)"])
      self.init(StorageFault(error).map(Code.init) ?? .internalError)
    }
  }

  /// As many uploads wait as may.
  static var busy: RequestProblem { RequestProblem(.busy, fields: [.retryAfter: "5"]) }
}

extension RequestProblem.Code {
  fileprivate init(_ fault: StorageFault) {
    switch fault {
    case .diskFull: self = .diskFull
    case .readOnly: self = .storeReadOnly
    case .failed: self = .storageFailed
    }
  }
}
