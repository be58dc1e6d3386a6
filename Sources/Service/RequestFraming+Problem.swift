// SPDX-License-Identifier: Apache-2.0

import HTTPParsing
import HTTPTypes
import NIOHTTP1

extension RequestFraming {
  /// What is wrong with a request's header, if anything.
  ///
  /// The connection must be closed then.
  static func problem(_ head: HTTPRequestHead) -> RequestProblem? {
    let version: Version? =
      switch head.version {
      case .http1_0: .http1_0
      case .http1_1: .http1_1
      default: nil
      }
    return switch RequestFraming(version: version, target: head.uri, values: { head.headers[$0] }).fault {
    case nil: nil
    case .malformed(let detail): RequestProblem(.messageMalformed, detail)
    case .expectation: RequestProblem(.expectationFailed)
    case .encoding: RequestProblem(.contentEncodingRefused)
    }
  }
}
