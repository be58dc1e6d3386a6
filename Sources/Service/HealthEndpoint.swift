// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import IngestPipeline
import IngestTables

/// `/livez` and `/readyz`, for supervisors and load balancers.
struct HealthEndpoint: Sendable {
  let ingestor: Ingestor
  let sandbox: @Sendable () -> SandboxHealth

  /// The process answers.
  func liveness() -> Response { Response(json: Array("{\"status\":\"ok\"}\n".utf8)) }

  /// Whether uploads can be taken and tables served: 200 or 503.
  ///
  /// With `?verbose` also how they are confined.
  func readiness(_ query: QueryParameters) async throws -> Response {
    let verbose = try query.values("verbose")["verbose"]
    guard verbose == nil || verbose == "" else {
      throw RequestProblem(.invalidRequest, "The parameter verbose takes no value")
    }
    let (isReady, detail) = await ingestor.isReady()
    var checks = JSONObject()
    for entry in detail.sorted(by: { $0.key < $1.key }) { checks.add(entry.key, entry.value) }
    var body = JSONObject()
    body.add("ready", isReady)
    body.add(verbose == nil ? "detail" : "checks", checks)
    if verbose != nil { body.add("sandbox", JSONObject(sandbox())) }
    return Response(json: body.line, status: isReady ? .ok : .serviceUnavailable)
  }
}

extension JSONObject {
  fileprivate init(_ health: SandboxHealth) {
    self.init()
    add("level", health.levelName)
    add("layers", health.layers)
    var workers = JSONObject()
    workers.add("ready", UInt64(clamping: health.ready))
    workers.add("running", UInt64(clamping: health.running))
    workers.add("waiting", UInt64(clamping: health.waiting))
    add("workers", workers)
    add("restarts", UInt64(clamping: health.restarts))
  }
}
