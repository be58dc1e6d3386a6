// SPDX-License-Identifier: Apache-2.0

/// Failures to tell those who come back for them: the last ones, for a while.
///
/// Pure: the times come from outside.
struct FailedUploads {
  static let most = 1_024
  static let lifetime = Duration.seconds(600)

  private var problems: [String: RequestProblem] = [:]
  /// By time, so that the first is the first to go.
  private var order: [(id: String, since: ContinuousClock.Instant)] = []

  mutating func add(_ id: String, _ problem: RequestProblem, at now: ContinuousClock.Instant) {
    forget(at: now)
    if order.count == Self.most { problems[order.removeFirst().id] = nil }
    problems[id] = problem
    order.append((id, now))
  }

  mutating func problem(of id: String, at now: ContinuousClock.Instant) -> RequestProblem? {
    forget(at: now)
    return problems[id]
  }

  private mutating func forget(at now: ContinuousClock.Instant) {
    let old = order.prefix { now - $0.since >= Self.lifetime }
    for (id, _) in old { problems[id] = nil }
    order.removeFirst(old.count)
  }
}
