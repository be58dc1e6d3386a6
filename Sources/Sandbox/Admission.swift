// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A bounded number of places, and of bytes of memory, with a bounded queue before them: first come, first served.
package final class Admission: Sendable {
  private struct Waiter {
    var memory: UInt64
    var place: CheckedContinuation<Bool, Never>
  }

  private struct State {
    var free: Int
    var freeMemory: UInt64
    var queue: [Waiter] = []

    mutating func take(_ memory: UInt64) -> Bool {
      guard free > 0, memory <= freeMemory else { return false }
      free -= 1
      freeMemory -= memory
      return true
    }
  }

  private let state: Mutex<State>
  private let places: Int
  private let memory: UInt64
  private let waiting: Int

  package init(places: Int, waiting: Int, memory: UInt64 = .max) {
    self.places = max(1, places)
    self.memory = memory
    self.waiting = waiting
    state = Mutex(State(free: max(1, places), freeMemory: memory))
  }

  /// Takes a place, after those who came before.
  ///
  /// - Parameter memory: what the work may use; more than there is at all waits until it has everything to itself.
  /// - Throws: `SandboxError.busy` where the queue is full.
  package func enter(memory: UInt64 = 0) async throws(SandboxError) {
    let memory = min(memory, self.memory)
    let isAdmitted = await withCheckedContinuation { (place: CheckedContinuation<Bool, Never>) in
      state.withLock { state in
        // Nobody overtakes: else a large file would wait for ever behind small ones.
        if state.queue.isEmpty, state.take(memory) {
          place.resume(returning: true)
        } else if state.queue.count < waiting {
          state.queue.append(Waiter(memory: memory, place: place))
        } else {
          place.resume(returning: false)
        }
      }
    }
    guard isAdmitted else { throw .busy }
  }

  /// Gives the place to who waits longest.
  package func leave(memory: UInt64 = 0) {
    state.withLock { state in
      state.free += 1
      state.freeMemory += min(memory, self.memory)
      while let next = state.queue.first, state.take(next.memory) {
        state.queue.removeFirst()
        next.place.resume(returning: true)
      }
    }
  }

  /// How many have a place, and how many wait for one.
  package var counts: (inside: Int, waiting: Int) {
    state.withLock { (places - $0.free, $0.queue.count) }
  }
}
