// SPDX-License-Identifier: Apache-2.0

import IngestPipeline
import ServiceLifecycle

/// Each minute, and at the end, writes down which tables were used, what was read and what was turned away, and closes files
/// that may be gone.
struct StoreUpkeep: Service {
  let ingestor: Ingestor
  /// Answers that were sent again are counted by themselves.
  let answers: ReadyAnswers?
  static let period = Duration.seconds(60)

  func run() async throws {
    try? await cancelWhenGracefulShutdown {
      while true {
        try await Task.sleep(for: Self.period)
        await record()
        ingestor.closeOldFiles()
      }
    }
    // Also where the service ends since another part of it failed, and this task with it.
    await Task { await record(isLast: true) }.value
  }

  private func record(isLast: Bool = false) async {
    answers?.tellReads()
    // At the same time, so that they can share a commit: each makes void what was looked up before.
    async let uses: Void = ingestor.recordUses()
    await ingestor.recordAccesses(isLast: isLast)
    await uses
  }
}
