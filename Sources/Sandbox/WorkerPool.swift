// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import Synchronization
package import WorkerProtocol

/// Runs workers: as many at a time as there may be, with a bounded queue before them.
package final class WorkerPool: Sendable {
  /// How workers are run.
  package struct Settings: Sendable {
    /// The path of `ingest-worker`.
    package var executable: String
    /// The weakest confinement that is accepted.
    package var required: SandboxLevel
    package var concurrent: Int
    package var waiting: Int

    package init(executable: String, required: SandboxLevel, concurrent: Int, waiting: Int) {
      self.executable = executable
      self.required = required
      self.concurrent = concurrent
      self.waiting = waiting
    }
  }

  package let settings: Settings
  private let admission: Admission
  /// Workers' users: none is used twice at a time, so that no worker can signal another.
  private let users = Mutex(UserRange())
  private let threads = DispatchQueue(label: "workers", attributes: .concurrent)

  package init(_ settings: Settings) {
    self.settings = settings
    admission = Admission(places: settings.concurrent, waiting: settings.waiting)
  }

  /// Runs one worker from its start to its end.
  ///
  /// - Parameter reply: answers each message once the confinement is verified. Runs on the worker's own thread.
  /// - Throws: `SandboxError`; a file's fault is in the report.
  package func run(
    _ assignment: WorkerAssignment, reply: @escaping @Sendable (WorkerMessage) throws -> WorkerReply
  ) async throws -> WorkerReport {
    try await admission.enter()
    let result = await withCheckedContinuation {
      (continuation: CheckedContinuation<Result<WorkerReport, any Error>, Never>) in
      threads.async { [self] in
        let user = users.withLock { $0.take() }
        defer { users.withLock { $0.giveBack(user) } }
        continuation.resume(returning: Result { try runBlocking(assignment, user: user, reply: reply) })
      }
    }
    admission.leave()
    return try result.get()
  }

  private func runBlocking(
    _ assignment: WorkerAssignment, user: UInt32?, reply: (WorkerMessage) throws -> WorkerReply
  ) throws -> WorkerReport {
    var run = try WorkerRun(settings: settings, assignment: assignment, user: user)
    return try run.converse(reply)
  }
}

/// The users that workers become where the service is root: the range that systemd keeps for passing users.
private struct UserRange {
  private var inUse: Set<UInt32> = []
  private var next: UInt32 = 61184

  /// A user that no worker has; nil where the service is not root.
  mutating func take() -> UInt32? {
    guard geteuid() == 0 else { return nil }
    while inUse.contains(next) { advance() }
    let user = next
    advance()
    inUse.insert(user)
    return user
  }

  mutating func giveBack(_ user: UInt32?) { if let user { inUse.remove(user) } }

  private mutating func advance() { next = next == 65519 ? 61184 : next + 1 }
}
