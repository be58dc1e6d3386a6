// SPDX-License-Identifier: Apache-2.0

import Catalog
import Logging
import Store
import Synchronization
import Validation

/// Notes which tables are used, once a minute for each version at most, and off the way of who uses them.
///
/// What was not written yet is lost with the process: it decides no more than what makes room first.
package final class UseRecorder: Sendable {
  private struct Key: Hashable {
    let folded: String
    let version: Int
  }

  private struct State {
    /// When a use was noted last, by version.
    var noted: [Key: Int64] = [:]
    /// What is not written yet, in the order of the uses.
    var pending: [TableUse] = []
  }

  /// In microseconds.
  private static let grain: Int64 = 60_000_000
  /// The most versions that are remembered; beyond it all are forgotten, which costs a row more each.
  private static let mostVersions = 1 << 16

  private let state = Mutex(State())

  init() {}

  func note(_ name: String, _ version: Int, at now: Int64) {
    guard let folded = TableName(exactly: name)?.folded else { return }
    let key = Key(folded: folded, version: version)
    state.withLock { state in
      // A clock that was set back makes it longer ago, not more recent.
      if let last = state.noted[key], (0..<Self.grain).contains(now - last) { return }
      if state.noted.count >= Self.mostVersions { state.noted.removeAll() }
      // Nobody takes what is pending where the catalog cannot be written, and more would be of no use.
      guard state.pending.count < Self.mostVersions else { return }
      state.noted[key] = now
      state.pending.append(TableUse(folded: folded, version: version, time: now))
    }
  }

  /// Takes what is to be written.
  func takePending() -> [TableUse] {
    state.withLock { state in
      defer { state.pending = [] }
      return state.pending
    }
  }
}

extension Ingestor {
  /// Writes down which tables were used since the last time.
  ///
  /// A failure is logged; the uses are lost.
  package func recordUses() async {
    do { try await store.catalog.note(uses.takePending()) } catch {
      logger.warning("the use of tables was not noted", metadata: ["error": "\(error)"])
    }
  }

  /// Closes files that other processes may have removed, whose room on the disk is not free before.
  package func closeOldFiles() { shared.closeOld(now: store.catalog.mark) }
}
