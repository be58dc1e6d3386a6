// SPDX-License-Identifier: Apache-2.0

import Metrics
package import Telemetry

/// What the HTTP side tells about itself, documented in `docs/metrics.md`.
package enum ServiceMetrics {
  private static let responses = MetricFamily(
    "ingest_http_responses_total", .counter, labels: [.init("class", ["1xx", "2xx", "3xx", "4xx", "5xx"])],
    help: "HTTP responses that were begun, by the class of their status")

  /// Everything that this module records.
  package static let families = [responses]

  /// An answer begins.
  static func answered(_ status: Int) { counter(ofStatus: status).increment() }

  /// What counts answers of a status, for who counts often; made once what it counts in is there.
  static func counter(ofStatus status: Int) -> Counter {
    Counter(label: responses.name, dimensions: [("class", "\(status / 100)xx")])
  }
}
