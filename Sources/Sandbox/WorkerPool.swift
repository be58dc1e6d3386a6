// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization
import Validation
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
    /// How many workers wait for a job, started off its path.
    package var ready: Int
    /// What all workers together may use of the machine's memory, in bytes.
    package var memory: UInt64

    package init(
      executable: String, required: SandboxLevel, concurrent: Int, waiting: Int, ready: Int, memory: UInt64
    ) {
      self.executable = executable
      self.required = required
      self.concurrent = concurrent
      self.waiting = waiting
      self.ready = ready
      self.memory = memory
    }
  }

  package let settings: Settings
  private let admission: Admission
  private let nursery: WorkerNursery
  /// Made when the pool is, and awaited by every run: no upload comes before it.
  private let trial: Task<SandboxTrial, any Error>

  /// Starts the zygote and a first worker of the pool that will be made with this executable.
  ///
  /// For a program that has other things to do before it makes one.
  package static func startAhead(executable: String) { WorkerNursery.startAhead(executable: executable) }

  /// Starts the zygote, its first workers, and the trial of their confinement.
  package init(_ settings: Settings) {
    self.settings = settings
    admission = Admission(places: settings.concurrent, waiting: settings.waiting, memory: settings.memory)
    nursery = WorkerNursery.make(executable: settings.executable, wanted: max(1, settings.ready))
    trial = Task { [nursery, settings] in
      try await SandboxTrial.run(required: settings.required) { assignment, reply in
        try await Self.run(assignment, nursery, settings, reply)
      }
    }
  }

  deinit { nursery.close() }

  /// Runs one worker from its job to its end.
  ///
  /// - Parameter reply: answers each message once the confinement is verified. Runs on the worker's own thread.
  /// - Throws: `SandboxError`; a file's fault is in the report.
  package func run(
    _ assignment: WorkerAssignment, reply: @escaping @Sendable (WorkerMessage) throws -> WorkerReply
  ) async throws -> WorkerReport {
    let memory = assignment.job.budget.dataBytes
    try await admission.enter(memory: memory)
    defer { admission.leave(memory: memory) }
    _ = try await trial.value
    return try await Self.run(assignment, nursery, settings, reply)
  }

  /// What the trial at the start showed: the level and layers, and that every attack failed.
  ///
  /// - Throws: `SandboxError.levelUnavailable`, `trialFailed` where an attack succeeded, or why no worker started.
  package func verified() async throws -> SandboxTrial { try await trial.value }

  /// The C libraries that workers read with; zeros before the first worker.
  package var libraries: LibraryVersions { nursery.counts.libraries }

  /// What the pool does at this moment.
  package func activity() -> PoolActivity {
    let (running, waiting) = admission.counts
    let counts = nursery.counts
    return PoolActivity(
      running: running, waiting: waiting, ready: counts.ready, forks: counts.forks, renewals: counts.renewals,
      restarts: counts.restarts)
  }

  private static func run(
    _ assignment: WorkerAssignment, _ nursery: WorkerNursery, _ settings: Settings,
    _ reply: @escaping @Sendable (WorkerMessage) throws -> WorkerReply
  ) async throws -> WorkerReport {
    var attempt = 1
    while true {
      let worker = try await nursery.take()
      let result = await withCheckedContinuation {
        (continuation: CheckedContinuation<Result<WorkerReport, any Error>, Never>) in
        // A serial queue gets a thread of its own, while those of the concurrent ones are as few as the processors.
        DispatchQueue(label: "ingest.worker").async {
          var run = WorkerRun(worker, settings: settings, assignment: assignment)
          let result = Result { try run.converse(reply) }
          // A trial ends in violations by design.
          nursery.forget(worker, isCrash: result.isCrash && assignment.start == .begin)
          continuation.resume(returning: result)
        }
      }
      // A worker that died while it waited has not seen the file: the next one may.
      if case .failure(let error) = result, case SandboxError.startFailed = error, attempt < settings.ready + 3 {
        attempt += 1
        continue
      }
      return try result.get()
    }
  }
}

extension Result<WorkerReport, any Error> {
  /// Whether the worker may have been attacked.
  fileprivate var isCrash: Bool {
    guard case .success(let report) = self else { return false }
    return [.workerCrashed, .workerViolation, .workerLied].contains(report.end.rejection)
  }
}

/// What a pool does at one moment.
package struct PoolActivity: Sendable, Hashable {
  /// Workers that have a job.
  package var running: Int
  /// Uploads that wait for a worker.
  package var waiting: Int
  /// Workers that wait for a job.
  package var ready: Int
  /// Workers started so far.
  package var forks: Int
  /// How often the zygote was replaced since it had forked enough, or its workers crashed.
  package var renewals: Int
  /// How often the zygote died and was replaced.
  package var restarts: Int
}
