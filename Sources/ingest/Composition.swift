// SPDX-License-Identifier: Apache-2.0

import Foundation
import IngestPipeline
import Logging
import Store

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
  /// - Parameter files: how many uploads there will be, where that is known.
  static func ingestor(
    _ options: WorkerOptions, store: TableStore, files: Int? = nil, logger: Logger
  ) -> Ingestor {
    Ingestor(limits: options.limits, store: store, workers: options.makeWorkers(files: files), logger: logger)
  }
}
