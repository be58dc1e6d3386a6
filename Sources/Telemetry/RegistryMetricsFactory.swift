// SPDX-License-Identifier: Apache-2.0

package import CoreMetrics

/// What swift-metrics records into: the declared series of a registry, and nothing for all others.
package struct RegistryMetricsFactory: MetricsFactory {
  private let registry: MetricRegistry

  package init(_ registry: MetricRegistry) { self.registry = registry }

  package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    registry.series(label, dimensions) as? CounterSeries ?? NOOPMetricsHandler.instance
  }

  package func makeRecorder(
    label: String, dimensions: [(String, String)], aggregate: Bool
  ) -> any RecorderHandler {
    registry.series(label, dimensions) as? any RecorderHandler ?? NOOPMetricsHandler.instance
  }

  package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    registry.series(label, dimensions) as? HistogramSeries ?? NOOPMetricsHandler.instance
  }

  // The series are the registry's, and live as long as it does.
  package func destroyCounter(_ handler: any CounterHandler) {}
  package func destroyRecorder(_ handler: any RecorderHandler) {}
  package func destroyTimer(_ handler: any TimerHandler) {}
}
