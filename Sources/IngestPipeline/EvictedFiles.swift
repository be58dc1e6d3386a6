// SPDX-License-Identifier: Apache-2.0

import Logging
import Store
import Synchronization

/// Files that made room and are to be removed.
///
/// Their removal keeps publications waiting, so it is done for all that wait at once, by one of those who made room.
final class EvictedFiles: Sendable {
  private struct State {
    var waiting: [String] = []
    var isBeingRemoved = false
  }

  private let state = Mutex(State())

  /// Adds files.
  ///
  /// - Returns: whether the caller is the one who removes what waits.
  func add(_ files: [String]) -> Bool {
    state.withLock { state in
      state.waiting += files
      guard !state.isBeingRemoved, !state.waiting.isEmpty else { return false }
      state.isBeingRemoved = true
      return true
    }
  }

  /// What waits; nothing where the caller is done.
  func next() -> [String] {
    state.withLock { state in
      defer { state.waiting = [] }
      state.isBeingRemoved = !state.waiting.isEmpty
      return state.waiting
    }
  }
}

extension Ingestor {
  /// Removes files that were given up, and closes what is kept open of them, or their room would not be free.
  ///
  /// What cannot be removed now is left to `store gc`.
  func removeEvicted(_ files: [String]) async {
    guard evicted.add(files) else { return }
    while true {
      let files = evicted.next()
      guard !files.isEmpty else { return }
      shared.close(files)
      do { try await store.removeUnreferenced(files) } catch {
        logger.warning("evicted files were not removed", metadata: ["error": "\(error)"])
      }
    }
  }
}
