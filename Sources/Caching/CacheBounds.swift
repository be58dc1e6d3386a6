// SPDX-License-Identifier: Apache-2.0

/// How much a cache holds, and for how long.
package struct CacheBounds: Sendable, Hashable {
  /// What all kept values may cost together, in the unit of the cache's cost, which is bytes where they take memory.
  package var cost: UInt64
  /// What one value may cost and still be kept.
  package var costOfOne: UInt64
  /// How many values are kept.
  package var entries: Int
  /// How long a value is fresh; nil for ever, zero for no time: then identical work is done once, and nothing is kept.
  package var lifetime: Duration?
  /// How much longer a value is served while it is computed anew.
  package var staleness: Duration
  /// How many values are computed at a time.
  package var computations: Int

  /// Bounds of these values; what is not given is unbounded, and nothing is served that is not fresh.
  package init(
    cost: UInt64 = .max, costOfOne: UInt64? = nil, entries: Int = .max, lifetime: Duration? = nil,
    staleness: Duration = .zero, computations: Int = .max
  ) {
    self.cost = cost
    self.costOfOne = costOfOne ?? cost
    self.entries = entries
    self.lifetime = lifetime
    self.staleness = staleness
    self.computations = computations
  }
}

/// What a cache did since it was made, and what it holds.
package struct CacheActivity: Sendable, Hashable {
  /// Requests that a fresh value answered.
  package var hits: UInt64 = 0
  /// Requests for which a value was computed.
  package var misses: UInt64 = 0
  /// Requests that waited for a computation that another one had begun.
  package var coalesced: UInt64 = 0
  /// Requests that an old value answered, which is computed anew meanwhile.
  package var stale: UInt64 = 0
  /// Requests that were told that enough is being computed.
  package var declined: UInt64 = 0
  /// Values that made room for others, or had become too old.
  package var evicted: UInt64 = 0
  /// Values that are kept.
  package var entries = 0
  /// What they cost together.
  package var cost: UInt64 = 0

  package init() {}
}
