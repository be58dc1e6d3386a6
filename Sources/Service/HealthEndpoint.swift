// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import IngestPipeline
import IngestTables

/// `/livez` and `/readyz`, for supervisors and load balancers.
struct HealthEndpoint: Sendable {
  let ingestor: Ingestor

  /// The process answers.
  func liveness() -> Response { Response(json: Array("{\"status\":\"ok\"}\n".utf8)) }

  /// Whether uploads can be taken and tables served: 200 or 503.
  func readiness() async -> Response {
    let (isReady, detail) = await ingestor.isReady()
    var output = Array("{\"ready\":\(isReady),\"detail\":{".utf8)
    for (index, entry) in detail.sorted(by: { $0.key < $1.key }).enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      JSONText.append(entry.key.utf8, to: &output)
      output.append(UInt8(ascii: ":"))
      JSONText.append(entry.value.utf8, to: &output)
    }
    output += Array("}}\n".utf8)
    return Response(json: output, status: isReady ? .ok : .serviceUnavailable)
  }
}
