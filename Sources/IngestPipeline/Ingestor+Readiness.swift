// SPDX-License-Identifier: Apache-2.0

import Catalog
package import Sandbox
import Store
import Validation
import WorkerProtocol

extension Ingestor {
  /// Awaits the trial of the sandbox and reads one tiny file, so that what is wrong is found before the first upload.
  ///
  /// - Returns: what the trial showed.
  /// - Throws: `SandboxError`, `levelUnavailable` where less can be had than is required.
  package func verifySandbox() async throws -> SandboxTrial {
    let trial = try await reader.workers.verified()
    let spool = try makeSpool()
    try spool.append(Array("a,b\n1,2\n".utf8).span)
    let outcome = try await reader.read(
      try spool.finish(), UploadReader.Request(name: nil, claims: UploadClaims(), options: ReadOptions()))
    guard case .accepted = outcome.verdict else { throw SelfTestFailed() }
    return trial
  }

  /// The state of the sandbox, with the level that `verifySandbox` found.
  package func sandboxHealth(_ trial: SandboxTrial) -> SandboxHealth {
    let activity = reader.workers.activity()
    return SandboxHealth(
      level: trial.level, layers: trial.layers.names, ready: activity.ready, running: activity.running,
      waiting: activity.waiting, restarts: activity.restarts + activity.renewals)
  }

  /// The worker read a fixed file and did not accept it: something is wrong with the installation.
  struct SelfTestFailed: Error {}

  /// Whether uploads can be taken: the catalog answers.
  ///
  /// A full disk or a missing worker shows with the first upload, not here.
  package func isReady() async -> (ready: Bool, detail: [String: String]) {
    do {
      _ = try await store.catalog.latestTables(limit: 1)
      return (true, ["catalog": "ok"])
    } catch {
      return (false, ["catalog": "unavailable"])
    }
  }
}
