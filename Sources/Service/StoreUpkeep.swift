// SPDX-License-Identifier: Apache-2.0

import IngestPipeline
import ServiceLifecycle

/// Each minute, and at the end, writes down which tables were used, and closes files that may be gone.
struct StoreUpkeep: Service {
  let ingestor: Ingestor
  static let period = Duration.seconds(60)

  func run() async throws {
    try? await cancelWhenGracefulShutdown {
      while true {
        try await Task.sleep(for: Self.period)
        await ingestor.recordUses()
        ingestor.closeOldFiles()
      }
    }
    await ingestor.recordUses()
  }
}
