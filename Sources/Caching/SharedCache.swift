// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Values that many ask for: each is computed once at a time, kept within bounds, and shared.
///
/// - Concurrent requests for one key wait for one computation (*single-flight*).
/// - The value that was used longest ago makes room for a new one; what costs too much alone is handed over, not kept.
/// - A value past its lifetime is served for a while longer, as it is computed anew (*stale-while-revalidate*, the idea of
///   RFC 5861).
/// - A failure is told to all who waited for it, and not kept.
package final class SharedCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private struct Entry {
    let value: Value
    let cost: UInt64
    let made: ContinuousClock.Instant
  }

  /// A computation that is under way.
  private struct Flight {
    /// Tells it from a later one of the same key.
    let number: UInt64
    let task: Task<Value, any Error>
  }

  private struct State {
    var entries = RecencyList<Key, Entry>()
    var flights: [Key: Flight] = [:]
    /// Computations under way, those of removed keys included.
    var computations = 0
    var lastFlight: UInt64 = 0
    var activity = CacheActivity()
  }

  package let bounds: CacheBounds
  private let state = Mutex(State())
  private let cost: @Sendable (Value) -> UInt64
  private let now: @Sendable () -> ContinuousClock.Instant

  /// An empty cache.
  ///
  /// - Parameters:
  ///   - cost: what a value takes of the bounds' cost.
  ///   - now: the time; given by tests.
  package init(
    _ bounds: CacheBounds, cost: @escaping @Sendable (Value) -> UInt64 = { _ in 1 },
    now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }
  ) {
    self.bounds = bounds
    self.now = now
    self.cost = cost
  }

  package var activity: CacheActivity {
    state.withLock { state in
      var activity = state.activity
      activity.entries = state.entries.count
      return activity
    }
  }

  /// What one request comes to.
  private enum Answer {
    case kept(Value)
    case awaited(Flight)
    case declined
  }

  /// The value of a key: kept, awaited, or computed now.
  ///
  /// The computation goes on where the one who asked for it is cancelled: others may wait for it.
  ///
  /// - Returns: nil where as many values are being computed as may.
  /// - Throws: what the computation throws.
  package func value(
    for key: Key, computing compute: @escaping @Sendable () async throws -> Value
  ) async throws -> Value? {
    switch state.withLock({ answer(key, compute, &$0) }) {
    case .kept(let value): value
    case .awaited(let flight): try await flight.task.value
    case .declined: nil
    }
  }

  /// The value of a key, if it is kept and fresh.
  package func kept(for key: Key) -> Value? {
    state.withLock { state in
      guard let entry = state.entries.use(key), age(entry) == .fresh else { return nil }
      state.activity.hits += 1
      return entry.value
    }
  }

  /// The value of a key, if it is kept, fresh, and still right; one that is not is forgotten.
  ///
  /// - Parameter isCurrent: judges the value; may take its time, for others do not wait for it.
  package func kept(for key: Key, where isCurrent: (Value) -> Bool) -> Value? {
    let found = state.withLock { state in
      guard let entry = state.entries.use(key), age(entry) == .fresh else { return nil as Value? }
      return entry.value
    }
    guard let found else { return nil }
    let isCurrent = isCurrent(found)
    state.withLock { state in
      if isCurrent {
        state.activity.hits += 1
      } else {
        state.activity.evicted += 1
        // If another one has come meanwhile it goes too, and is missed once.
        Self.drop(key, &state)
      }
    }
    return isCurrent ? found : nil
  }

  /// Keeps a value that was made elsewhere, for a request that missed it.
  package func keep(_ value: Value, for key: Key) {
    state.withLock { state in
      state.activity.misses += 1
      keep(value, for: key, &state)
    }
  }

  /// The values that are kept, in no order; this is no use of them.
  package var values: [Value] {
    state.withLock { state in state.entries.keys.compactMap { state.entries.peek($0)?.value } }
  }

  /// Forgets a value; what is being computed for its key is not kept either.
  package func remove(_ key: Key) {
    state.withLock { state in
      state.flights[key] = nil
      Self.drop(key, &state)
    }
  }

  /// Forgets all values.
  package func removeAll() {
    state.withLock { state in
      state.flights = [:]
      for key in state.entries.keys { Self.drop(key, &state) }
    }
  }

  /// Forgets the values of keys of a kind.
  package func removeAll(where isMeant: (Key) -> Bool) {
    state.withLock { state in
      for key in state.entries.keys where isMeant(key) { Self.drop(key, &state) }
    }
  }

  /// Forgets the values that are too old to be served, for which nobody may ever ask again.
  package func removeExpired() {
    state.withLock { state in
      for key in state.entries.keys {
        guard let entry = state.entries.peek(key), age(entry) == .expired else { continue }
        state.activity.evicted += 1
        Self.drop(key, &state)
      }
    }
  }

  private func answer(
    _ key: Key, _ compute: @escaping @Sendable () async throws -> Value, _ state: inout sending State
  ) -> Answer {
    if let entry = state.entries.use(key) {
      switch age(entry) {
      case .fresh:
        state.activity.hits += 1
        return .kept(entry.value)
      case .stale:
        // Where too much is being computed, one of the next requests has it computed.
        state.activity.stale += 1
        if state.flights[key] == nil { _ = begin(key, compute, &state) }
        return .kept(entry.value)
      case .expired:
        state.activity.evicted += 1
        Self.drop(key, &state)
      }
    }
    if let flight = state.flights[key] {
      state.activity.coalesced += 1
      return .awaited(flight)
    }
    guard let flight = begin(key, compute, &state) else {
      state.activity.declined += 1
      return .declined
    }
    state.activity.misses += 1
    return .awaited(flight)
  }

  private func begin(
    _ key: Key, _ compute: @escaping @Sendable () async throws -> Value, _ state: inout sending State
  ) -> Flight? {
    guard state.computations < bounds.computations else { return nil }
    state.computations += 1
    state.lastFlight += 1
    let number = state.lastFlight
    let task = Task {
      do {
        let value = try await compute()
        self.end(number, key, keeping: value)
        return value
      } catch {
        self.end(number, key, keeping: nil)
        throw error
      }
    }
    state.flights[key] = Flight(number: number, task: task)
    return state.flights[key]
  }

  private func end(_ number: UInt64, _ key: Key, keeping value: Value?) {
    state.withLock { state in
      state.computations -= 1
      guard state.flights[key]?.number == number else { return }
      state.flights[key] = nil
      if let value { keep(value, for: key, &state) }
    }
  }

  private func keep(_ value: Value, for key: Key, _ state: inout sending State) {
    Self.drop(key, &state)
    let cost = cost(value)
    guard bounds.lifetime != .zero, bounds.entries > 0, cost <= bounds.costOfOne, cost <= bounds.cost else { return }
    while state.entries.count >= bounds.entries || state.activity.cost > bounds.cost - cost,
      let last = state.entries.last
    {
      state.activity.evicted += 1
      Self.drop(last, &state)
    }
    state.entries.insert(Entry(value: value, cost: cost, made: now()), for: key)
    state.activity.cost += cost
  }

  private static func drop(_ key: Key, _ state: inout sending State) {
    if let entry = state.entries.remove(key) { state.activity.cost -= entry.cost }
  }

  private enum Age { case fresh, stale, expired }

  private func age(_ entry: Entry) -> Age {
    guard let lifetime = bounds.lifetime else { return .fresh }
    let age = entry.made.duration(to: now())
    return age < lifetime ? .fresh : age < lifetime + bounds.staleness ? .stale : .expired
  }
}
