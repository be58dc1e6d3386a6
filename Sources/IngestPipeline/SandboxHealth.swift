// SPDX-License-Identifier: Apache-2.0

package import Telemetry
package import WorkerProtocol

/// The state of the sandbox, as readiness and metrics tell it.
package struct SandboxHealth: Sendable, Hashable {
  /// The level that was verified at the start.
  package var level: SandboxLevel
  /// The names of the layers in force.
  package var layers: [String]
  /// Workers that wait for an upload.
  package var ready: Int
  /// Workers that read one.
  package var running: Int
  /// Uploads that wait for a worker.
  package var waiting: Int
  /// How often what starts workers was started anew.
  package var restarts: Int

  package init(level: SandboxLevel, layers: [String], ready: Int, running: Int, waiting: Int, restarts: Int) {
    self.level = level
    self.layers = layers
    self.ready = ready
    self.running = running
    self.waiting = waiting
    self.restarts = restarts
  }
}

extension SandboxHealth {
  /// The level's name: `strong`.
  package var levelName: String { level.rawValue }

  private static let levels = MetricFamily(
    "ingest_sandbox_level", .gauge, labels: [.init("level", SandboxLevel.allCases.map(\.rawValue))],
    help: "1 for the level of confinement that was verified at the start, 0 for the others")

  private static let workers = MetricFamily(
    "ingest_workers", .gauge, labels: [.init("state", ["ready", "running"])], help: "Worker processes, by state")

  private static let restartsTotal = MetricFamily(
    "ingest_sandbox_restarts_total", .counter, help: "How often what starts workers was started anew")

  static let families = [levels, workers, restartsTotal]

  /// The values for a scrape.
  package var readings: [MetricReading] {
    SandboxLevel.allCases.map { MetricReading(Self.levels.name, $0 == level ? 1 : 0, [("level", $0.rawValue)]) } + [
      MetricReading(Self.workers.name, ready, [("state", "ready")]),
      MetricReading(Self.workers.name, running, [("state", "running")]),
      MetricReading(Self.restartsTotal.name, restarts),
    ]
  }
}
