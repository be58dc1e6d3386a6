// SPDX-License-Identifier: Apache-2.0

import Dispatch
import FileDescriptors
import Foundation
import Synchronization
import WorkerProtocol

/// Keeps workers ready: forked, confined as far as that needs no job, and waiting.
///
/// One thread starts the zygote and speaks with it. It lasts as long as the nursery, since the kernel ends all workers
/// when it ends. Nothing is ever forked from the service itself.
final class WorkerNursery: Sendable {
  /// What the nursery counts.
  struct Counts: Sendable, Hashable {
    var ready = 0
    /// Zygotes started in place of one that died.
    var restarts = 0
    /// Zygotes started in place of one that had forked enough.
    var renewals = 0
    var forks = 0
    var libraries = LibraryVersions(magic: 0, archive: 0)
  }

  /// Forks share their layout of memory and their hash seed, so these bound what can be learned about them.
  private static let mostForks = 10_000
  private static let mostCrashes = 5
  /// Those who take a worker have the processor to themselves for so long, unless few are left.
  private static let courtesy = Duration.milliseconds(4)
  private static let pause = 0.1
  /// Failures in a row after which those who wait are told.
  private static let mostFailures = 3

  private typealias Place = CheckedContinuation<Result<WorkerProcess, SandboxError>, Never>

  private struct State {
    var ready: [WorkerProcess] = []
    var waiting: [Place] = []
    var wanted: Int
    var counts = Counts()
    var users = UserRange()
    /// Since the zygote was last renewed.
    var forks = 0
    var crashes = 0
    var failures = 0
    var lastTaken = ContinuousClock.now
    /// Nothing is tried again until somebody wants a worker.
    var isResting = false
    /// Whether the thread runs.
    var isKept = false
    var isClosed = false
  }

  private enum Step { case fork(user: UInt32?), renew, pause, wait, end }

  /// Started before it was known what for.
  private static let ahead = Mutex<WorkerNursery?>(nil)

  private let executable: String
  private let state: Mutex<State>
  /// Signalled where there may be something to do.
  private let wake = DispatchSemaphore(value: 0)

  /// Starts a nursery for whoever is the first to ask for one of this executable.
  static func startAhead(executable: String) {
    ahead.withLock { early in early = early ?? WorkerNursery(executable: executable, wanted: 1) }
  }

  /// A nursery that keeps `wanted` workers ready: the one that was started ahead, where that is of the same executable.
  static func make(executable: String, wanted: Int) -> WorkerNursery {
    let early = ahead.withLock { early in
      defer { early = nil }
      return early
    }
    guard let early, early.executable == executable else {
      early?.close()
      return WorkerNursery(executable: executable, wanted: wanted)
    }
    early.state.withLock { $0.wanted = wanted }
    early.wake.signal()
    return early
  }

  /// Starts the thread, which starts the zygote and `wanted` workers.
  private init(executable: String, wanted: Int) {
    self.executable = executable
    state = Mutex(State(wanted: wanted))
    // Where it cannot be started, whoever wants a worker tries again, and is told.
    do { try startKeeping() } catch {}
  }

  /// Starts the thread where there is none yet.
  private func startKeeping() throws(SystemCallError) {
    try state.withLock { state throws(SystemCallError) in
      guard !state.isKept, !state.isClosed else { return }
      // The thread holds what it needs until the nursery is closed.
      try DetachedThread.start { [self] in keep() }
      state.isKept = true
    }
  }

  /// A ready worker, as soon as there is one.
  ///
  /// - Throws: `SandboxError` where none can be started.
  func take() async throws(SandboxError) -> WorkerProcess {
    do { try startKeeping() } catch { throw .system(error) }
    let result = await withCheckedContinuation { (place: Place) in
      state.withLock { state in
        state.isResting = false
        state.lastTaken = .now
        if state.isClosed {
          place.resume(returning: .failure(.startFailed("the pool is closed")))
        } else if let worker = state.ready.popFirst() {
          place.resume(returning: .success(worker))
        } else {
          state.waiting.append(place)
        }
      }
      wake.signal()
    }
    return try result.get()
  }

  /// Gives back what belonged to a worker that was reaped.
  ///
  /// - Parameter isCrash: whether it crashed or broke its confinement.
  func forget(_ worker: WorkerProcess, isCrash: Bool) {
    state.withLock { state in
      state.users.giveBack(worker.user)
      if isCrash { state.crashes += 1 }
    }
    if isCrash { wake.signal() }
  }

  var counts: Counts {
    state.withLock { state in
      var counts = state.counts
      counts.ready = state.ready.count
      return counts
    }
  }

  /// Ends the zygote and every worker that waits for a job.
  func close() {
    state.withLock { $0.isClosed = true }
    wake.signal()
  }

  // MARK: The thread

  private func keep() {
    var zygote = ZygoteKeeper(executable: executable)
    while true {
      switch nextStep() {
      case .wait: wake.wait()
      case .pause: _ = wake.wait(timeout: .now() + .milliseconds(2))
      case .end:
        endReady()
        return
      case .renew:
        // What waits shares its layout with those that crashed.
        endReady()
        zygote.renew()
        state.withLock { $0.counts.renewals += 1 }
      case .fork(let user):
        do throws(SandboxError) {
          let worker = try zygote.fork(user: user)
          count(zygote)
          deliver(worker)
        } catch {
          count(zygote)
          fail(error, user: user)
          // What is short now may be there in a moment; and nothing is gained by spinning.
          Thread.sleep(forTimeInterval: Self.pause)
        }
      }
    }
  }

  private func nextStep() -> Step {
    state.withLock { state in
      if state.isClosed { return .end }
      if state.isResting { return .wait }
      if state.forks >= Self.mostForks || state.crashes >= Self.mostCrashes {
        state.forks = 0
        state.crashes = 0
        return .renew
      }
      guard !state.waiting.isEmpty || state.ready.count < state.wanted else { return .wait }
      let isUrgent = !state.waiting.isEmpty || state.ready.count * 2 < state.wanted
      guard isUrgent || ContinuousClock.now - state.lastTaken >= Self.courtesy else { return .pause }
      return .fork(user: state.users.take())
    }
  }

  /// Before anybody who waits goes on, so that what is asked then is true.
  private func count(_ zygote: ZygoteKeeper) {
    let (starts, libraries) = (zygote.starts, zygote.libraries)
    state.withLock { state in
      state.counts.restarts = max(0, starts - 1 - state.counts.renewals)
      state.counts.libraries = libraries
    }
  }

  private func deliver(_ worker: WorkerProcess) {
    state.withLock { state in
      state.failures = 0
      state.forks += 1
      state.counts.forks += 1
      if state.waiting.isEmpty {
        state.ready.append(worker)
      } else {
        state.waiting.removeFirst().resume(returning: .success(worker))
      }
    }
  }

  private func fail(_ error: SandboxError, user: UInt32?) {
    state.withLock { state in
      state.users.giveBack(user)
      state.failures += 1
      guard state.failures >= Self.mostFailures else { return }
      state.failures = 0
      state.isResting = true
      for place in state.waiting { place.resume(returning: .failure(error)) }
      state.waiting = []
    }
  }

  /// Ends the workers that wait for a job, and those who wait for one.
  private func endReady() {
    let (ended, places) = state.withLock { state -> ([WorkerProcess], [Place]) in
      defer { state.ready = [] }
      guard state.isClosed else { return (state.ready, []) }
      defer { state.waiting = [] }
      return (state.ready, state.waiting)
    }
    for place in places { place.resume(returning: .failure(.startFailed("the pool is closed"))) }
    for worker in ended {
      worker.kill()
      _ = worker.reap()
      state.withLock { $0.users.giveBack(worker.user) }
    }
  }
}

extension Array {
  fileprivate mutating func popFirst() -> Element? { isEmpty ? nil : removeFirst() }
}
