// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A bounded number of places with a bounded queue before them, first come, first served.
package final class Admission: Sendable {
  private struct State {
    var free: Int
    var queue: [CheckedContinuation<Bool, Never>] = []
  }

  private let state: Mutex<State>
  private let waiting: Int

  package init(places: Int, waiting: Int) {
    state = Mutex(State(free: max(1, places)))
    self.waiting = waiting
  }

  /// Takes a place, after those who came before.
  ///
  /// - Throws: `SandboxError.busy` where the queue is full.
  package func enter() async throws(SandboxError) {
    let isAdmitted = await withCheckedContinuation { (place: CheckedContinuation<Bool, Never>) in
      state.withLock { state in
        if state.free > 0 {
          state.free -= 1
          place.resume(returning: true)
        } else if state.queue.count < waiting {
          state.queue.append(place)
        } else {
          place.resume(returning: false)
        }
      }
    }
    guard isAdmitted else { throw .busy }
  }

  /// Gives the place to who waits longest.
  package func leave() {
    state.withLock { state in
      if state.queue.isEmpty {
        state.free += 1
      } else {
        state.queue.removeFirst().resume(returning: true)
      }
    }
  }
}
