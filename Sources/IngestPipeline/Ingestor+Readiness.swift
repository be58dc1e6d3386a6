// SPDX-License-Identifier: Apache-2.0

import Catalog
import Sandbox
import Store
import Validation
package import WorkerProtocol

extension Ingestor {
  /// Runs one tiny file through a real worker, so that a weak sandbox is found before the first upload.
  ///
  /// - Returns: the level that the worker has.
  /// - Throws: `SandboxError`, `levelUnavailable` where less can be had than is required.
  package func verifySandbox() async throws -> SandboxLevel {
    let spool = try makeSpool()
    try spool.append(Array("a,b\n1,2\n".utf8).span)
    let outcome = try await reader.read(
      try spool.finish(), UploadReader.Request(name: nil, claims: UploadClaims(), options: ReadOptions()))
    guard case .accepted = outcome.verdict, let level = outcome.level else { throw SelfTestFailed() }
    return level
  }

  /// The state of the sandbox, with the level that `verifySandbox` found.
  package func sandboxHealth(level: SandboxLevel) -> SandboxHealth {
    // Each worker is started for its upload, so none is ready before.
    SandboxHealth(
      level: level, layers: level.required.names, ready: 0, running: reader.load.running, waiting: reader.load.waiting,
      restarts: 0)
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
