// SPDX-License-Identifier: Apache-2.0

package import IngestPipeline
package import Telemetry

/// What operators see of the running service: its metrics, and the state of its sandbox.
package struct ServiceWatch: Sendable {
  let metrics: MetricRegistry
  let sandbox: @Sendable () -> SandboxHealth

  /// A watch on a service.
  ///
  /// - Parameters:
  ///   - metrics: what `/metrics` shows; it declares at least the families of `PipelineMetrics` and `ServiceMetrics`.
  ///   - sandbox: looks up the state of the sandbox; must not wait.
  package init(metrics: MetricRegistry, sandbox: @escaping @Sendable () -> SandboxHealth) {
    self.metrics = metrics
    self.sandbox = sandbox
  }
}
