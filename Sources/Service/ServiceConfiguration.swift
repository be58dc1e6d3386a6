// SPDX-License-Identifier: Apache-2.0

/// Where the service listens, whom it answers, and how long it waits.
///
/// The caps on content are in `Limits`.
package struct ServiceConfiguration: Sendable {
  /// The address to listen on.
  package var host = "127.0.0.1"
  /// The port to listen on; 0 lets the system choose one.
  package var port = 8080
  /// Names beside `localhost`, `127.0.0.1` and `[::1]` under which the service is reached: `tables.example.org`, or
  /// with a port to allow only that one.
  package var allowedHosts: [String] = []
  /// Connections at the same time; the next ones wait in the system's queue.
  package var connections = 1_024
  /// From a connection's start, or the end of its last answer, to the end of the next request's header.
  package var headerTimeout: Duration = .seconds(30)
  /// From the end of a request's header to the end of its body.
  package var requestTimeout: Duration = .seconds(3_600)
  /// The body bytes a second below which a sender is taken for dead, or for one that wants to hold a slot.
  package var minimumBodyRate: UInt64 = 1_024
  /// The time over which `minimumBodyRate` is measured.
  package var bodyRateWindow: Duration = .seconds(15)
  /// How long a reader of an answer may take nothing at all.
  package var responseStallTimeout: Duration = .seconds(60)
  /// Whether an answer that was sent once is sent again for the same bytes (decision 0019); turned off only to compare.
  package var repeatsAnswers = true

  /// The defaults above.
  package init() {}
}
