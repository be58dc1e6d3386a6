// SPDX-License-Identifier: Apache-2.0

import Catalog
import Store
import Validation

extension Ingestor {
  /// A content that crashed as many workers is not given to another (control 49).
  static let crashesOfKnownBad = 3

  /// The time over which a principal's crashes are counted.
  static let crashWindow = Duration.seconds(3_600)

  /// Refuses a content that crashed its workers before, whatever its name and options are now.
  ///
  /// Does not guard against uploads that are read at the same time: only those that have ended count.
  ///
  /// - Throws: `PipelineFailure.crashBudgetExhausted` for a principal whose uploads crash too many workers.
  func judgeCrashes(of content: ContentHash, principal: String, scope: String) async throws -> Rejection? {
    let now = Int64.nowInMicroseconds
    let history = try await store.catalog.crashes(
      ofContent: content.description, scope: scope, ofPrincipal: principal,
      since: now - Self.crashWindow.microseconds)
    return try judge(history, at: now)
  }

  /// Judges as above by what the catalog counted.
  func judge(_ history: CrashHistory, at now: Int64) throws -> Rejection? {
    if history.ofContent >= Self.crashesOfKnownBad { return Rejection(.knownBad) }
    guard limits.crashesPerHour > 0, history.ofPrincipal >= limits.crashesPerHour else { return nil }
    // The budget has room again when the first of them is an hour old.
    let room = (history.firstOfPrincipal ?? now) + Self.crashWindow.microseconds - now
    throw PipelineFailure.crashBudgetExhausted(
      retryAfter: .microseconds(min(max(room, 0), Self.crashWindow.microseconds)))
  }
}

extension Duration {
  var microseconds: Int64 { components.seconds * 1_000_000 }
}
