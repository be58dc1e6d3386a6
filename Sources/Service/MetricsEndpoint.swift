// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import NIOCore
import Telemetry

/// `GET /metrics`, for Prometheus and its kin.
struct MetricsEndpoint: Sendable {
  let registry: MetricRegistry
  /// Looks up what is not told when it changes.
  let readings: @Sendable () -> [MetricReading]

  func get(_ query: QueryParameters) throws -> Response {
    _ = try query.values()
    let text = ByteBuffer(string: registry.scrape(readings()))
    var fields = AnswerFields.common
    fields[.contentType] = MetricText.mediaType
    return Response(status: .ok, headers: fields, body: ResponseBody(byteBuffer: text))
  }
}
