// SPDX-License-Identifier: Apache-2.0

import Foundation
import IngestPipeline
import Logging
import Metrics
import Sandbox
import Service
import Store
import Telemetry
import Validation
import WorkerProtocol

/// The composition root: everything that the commands need is made here.
enum Composition {
  static func logger() -> Logger {
    LoggingSystem.bootstrap(StreamLogHandler.standardError)
    var logger = Logger(label: "ingest")
    logger.logLevel = .notice
    return logger
  }

  /// A reader whose outputs vanish, for checking and converting.
  static func reader(_ options: WorkerOptions, files: Int, logger: Logger) -> UploadReader {
    UploadReader(
      limits: options.limits, workers: options.makeWorkers(files: files),
      workspace: Workspace(temporaryDirectory: NSTemporaryDirectory()), logger: logger)
  }

  /// The whole way into a store.
  ///
  /// - Parameters:
  ///   - pool: the workers, where they were started already.
  ///   - keeping: how much the store keeps.
  ///   - crashesPerHour: the limit on those who send; 0, no limit, where it is the operator himself.
  static func ingestor(
    _ options: WorkerOptions, store: TableStore, pool: WorkerPool? = nil, keeping: KeepingOptions? = nil,
    crashesPerHour: Int, logger: Logger
  ) -> Ingestor {
    var limits = options.limits
    keeping?.apply(to: &limits)
    limits.crashesPerHour = crashesPerHour
    return Ingestor(limits: limits, store: store, workers: pool ?? options.makeWorkers(), logger: logger)
  }

  /// The registry that everything recorded from now on goes to; only a service has somebody who looks at it.
  static func metrics() -> MetricRegistry {
    let registry = MetricRegistry(PipelineMetrics.families + ServiceMetrics.families)
    MetricsSystem.bootstrap(RegistryMetricsFactory(registry))
    return registry
  }

  /// What operators see of a service whose workers were tried.
  static func watch(_ ingestor: Ingestor, trial: SandboxTrial, metrics: MetricRegistry) -> ServiceWatch {
    ServiceWatch(metrics: metrics) { ingestor.sandboxHealth(trial) }
  }
}
