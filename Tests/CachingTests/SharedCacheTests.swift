// SPDX-License-Identifier: Apache-2.0

import Caching
import IngestTesting
import Synchronization
import Testing

/// A clock that a test sets.
private final class SetClock: Sendable {
  private let start = ContinuousClock.now
  private let passed = Mutex(Duration.zero)

  func pass(_ time: Duration) { passed.withLock { $0 += time } }

  var now: @Sendable () -> ContinuousClock.Instant { { self.start + self.passed.withLock { $0 } } }
}

/// A computation that waits until it is let go, and counts how often it was begun.
private actor Gate {
  private(set) var begun = 0
  private var isOpen = false
  private var waiting: [CheckedContinuation<Void, Never>] = []

  func pass() async {
    begun += 1
    guard !isOpen else { return }
    await withCheckedContinuation { waiting.append($0) }
  }

  func open() {
    isOpen = true
    waiting.forEach { $0.resume() }
    waiting = []
  }
}

private struct Trouble: Error {}

@Suite("Shared caches")
struct SharedCacheTests {
  private func waitUntil(_ isTrue: () async -> Bool) async throws {
    for _ in 0..<2_000 where await !isTrue() { try await Task.sleep(for: .milliseconds(2)) }
    #expect(await isTrue())
  }

  @Test("What was made elsewhere is kept within the same bounds, and forgotten once it is no longer right")
  func made() {
    let cache = SharedCache<String, Int>(CacheBounds(cost: 10, costOfOne: 6)) { UInt64($0) }
    cache.keep(6, for: "a")
    cache.keep(7, for: "b")
    #expect(cache.kept(for: "a", where: { $0 == 6 }) == 6 && cache.kept(for: "b", where: { _ in true }) == nil)
    cache.keep(5, for: "c")
    #expect(cache.kept(for: "a", where: { _ in true }) == nil && cache.activity.cost == 5)
    #expect(cache.kept(for: "c", where: { _ in false }) == nil && cache.kept(for: "c") == nil)
    let activity = cache.activity
    #expect(activity.misses == 3 && activity.hits == 1 && activity.evicted == 2 && activity.cost == 0)
  }

  @Test("Who looks at all values uses none of them")
  func values() {
    let cache = SharedCache<String, Int>(CacheBounds(cost: 10, entries: 2))
    #expect(cache.values.isEmpty)
    cache.keep(1, for: "a")
    cache.keep(2, for: "b")
    let before = cache.activity
    #expect(cache.values.sorted() == [1, 2] && cache.activity == before)
    cache.keep(3, for: "c")
    #expect(cache.values.sorted() == [2, 3], "the first is still the first to go")
  }

  @Test("Fifty that ask for one key at once get one computation")
  func coalesced() async throws {
    let cache = SharedCache<String, Int>(CacheBounds())
    let gate = Gate()
    try await withThrowingTaskGroup(of: Int?.self) { group in
      for _ in 0..<50 {
        group.addTask {
          try await cache.value(for: "a") {
            await gate.pass()
            return 7
          }
        }
      }
      try await waitUntil { cache.activity.coalesced == 49 }
      await gate.open()
      for try await value in group { #expect(value == 7) }
    }
    #expect(await gate.begun == 1)
    #expect(try await cache.value(for: "a") { 8 } == 7)
    let activity = cache.activity
    #expect((activity.misses, activity.coalesced, activity.hits, activity.entries) == (1, 49, 1, 1))
  }

  @Test("A failure is told to all who waited, and the next one tries again")
  func failure() async throws {
    let cache = SharedCache<String, Int>(CacheBounds())
    let gate = Gate()
    let failures = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<5 {
        group.addTask {
          do {
            _ = try await cache.value(for: "a") {
              await gate.pass()
              throw Trouble()
            }
            return false
          } catch { return error is Trouble }
        }
      }
      try? await waitUntil { cache.activity.coalesced == 4 }
      await gate.open()
      return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(failures == 5)
    #expect(try await cache.value(for: "a") { 3 } == 3)
  }

  @Test("What was used longest ago makes room, whether entries or cost are used up")
  func eviction() async throws {
    for bounds in [CacheBounds(entries: 2), CacheBounds(cost: 20)] {
      let cache = SharedCache<Int, Int>(bounds) { _ in 10 }
      for key in [1, 2, 1, 3] { _ = try await cache.value(for: key) { key } }
      #expect([1, 2, 3].map { cache.kept(for: $0) } == [1, nil, 3])
      #expect(cache.activity.evicted == 1 && cache.activity.cost == 20)
    }
  }

  @Test("What costs too much alone is handed over and not kept")
  func tooLarge() async throws {
    let cache = SharedCache<Int, Int>(CacheBounds(cost: 100, costOfOne: 10)) { UInt64($0) }
    #expect(try await cache.value(for: 1) { 11 } == 11)
    #expect(try await cache.value(for: 2) { 10 } == 10)
    #expect(cache.kept(for: 1) == nil && cache.kept(for: 2) == 10)
    #expect(cache.activity.cost == 10)
  }

  @Test("Past its lifetime a value is served for a while, and computed anew once; later it is not served")
  func staleness() async throws {
    let clock = SetClock()
    let cache = SharedCache<Int, Int>(CacheBounds(lifetime: .seconds(10), staleness: .seconds(5)), now: clock.now)
    let gate = Gate()
    #expect(try await cache.value(for: 1) { 1 } == 1)
    clock.pass(.seconds(12))
    for _ in 0..<3 {
      let value = try await cache.value(for: 1) {
        await gate.pass()
        return 2
      }
      #expect(value == 1)
    }
    try await waitUntil { await gate.begun == 1 }
    await gate.open()
    try await waitUntil { cache.kept(for: 1) == 2 }
    #expect(await gate.begun == 1 && cache.activity.stale == 3)
    clock.pass(.seconds(15))
    #expect(try await cache.value(for: 1) { 3 } == 3)
  }

  @Test("With no lifetime work is shared, and nothing is kept")
  func noLifetime() async throws {
    let cache = SharedCache<Int, Int>(CacheBounds(lifetime: .zero))
    #expect(try await cache.value(for: 1) { 1 } == 1)
    #expect(try await cache.value(for: 1) { 2 } == 2)
    #expect(cache.activity.entries == 0)
  }

  @Test("No more values are computed at a time than may be; who asks for another one is told so")
  func computations() async throws {
    let cache = SharedCache<Int, Int>(CacheBounds(computations: 1))
    let gate = Gate()
    async let first = cache.value(for: 1) {
      await gate.pass()
      return 1
    }
    try await waitUntil { await gate.begun == 1 }
    #expect(try await cache.value(for: 2) { 2 } == nil)
    await gate.open()
    #expect(try await first == 1)
    #expect(try await cache.value(for: 2) { 2 } == 2)
    #expect(cache.activity.declined == 1)
  }

  @Test("What is removed while it is computed is not kept, and does not disturb what is computed after it")
  func removed() async throws {
    let cache = SharedCache<Int, Int>(CacheBounds())
    let (old, new) = (Gate(), Gate())
    async let first = cache.value(for: 1) {
      await old.pass()
      return 1
    }
    try await waitUntil { await old.begun == 1 }
    cache.remove(1)
    async let second = cache.value(for: 1) {
      await new.pass()
      return 2
    }
    try await waitUntil { await new.begun == 1 }
    await old.open()
    #expect(try await first == 1)
    #expect(cache.kept(for: 1) == nil)
    await new.open()
    #expect(try await second == 2)
    #expect(cache.kept(for: 1) == 2)
    cache.removeAll()
    #expect(cache.kept(for: 1) == nil && cache.activity.cost == 0)
  }

  @Test("What is too old goes, though nobody asks for it, and so does what is of a kind; all else is kept in its order")
  func cleared() async throws {
    let clock = SetClock()
    let cache = SharedCache<Int, Int>(
      CacheBounds(entries: 3, lifetime: .seconds(10), staleness: .seconds(5)), now: clock.now)
    _ = try await cache.value(for: 1) { 1 }
    clock.pass(.seconds(14))
    for key in [2, 3] { _ = try await cache.value(for: key) { key } }
    cache.removeExpired()
    #expect(cache.activity.entries == 3, "it may be served still")
    clock.pass(.seconds(1))
    cache.removeExpired()
    #expect(cache.activity.entries == 2 && cache.activity.cost == 2 && cache.activity.evicted == 1)
    cache.removeAll { $0 % 2 == 1 }
    #expect(cache.kept(for: 2) == 2 && cache.kept(for: 3) == nil && cache.activity.cost == 1)
  }

  @Test("A cancelled asker does not end what others wait for")
  func cancelled() async throws {
    let cache = SharedCache<Int, Int>(CacheBounds())
    let gate = Gate()
    let asker = Task {
      try await cache.value(for: 1) {
        await gate.pass()
        try Task.checkCancellation()
        return 1
      }
    }
    try await waitUntil { await gate.begun == 1 }
    async let other = cache.value(for: 1) { 2 }
    asker.cancel()
    await gate.open()
    #expect(try await other == 1)
  }

  @Test("Whatever is asked, its bounds hold, and it answers as one that keeps everything")
  func anything() async throws {
    var generator = SeededGenerator(seed: 6)
    let cache = SharedCache<Int, Int>(CacheBounds(cost: 300, costOfOne: 90, entries: 7)) { UInt64($0) }
    for _ in 0..<5_000 {
      let key = Int.random(in: 0..<30, using: &generator)
      switch Int.random(in: 0..<20, using: &generator) {
      case 0: cache.remove(key)
      case 1 where key == 0: cache.removeAll()
      default: #expect(try await cache.value(for: key) { key * 5 } == key * 5)
      }
      let activity = cache.activity
      #expect(activity.entries <= 7 && activity.cost <= 300)
    }
    let activity = cache.activity
    #expect(activity.hits > 100 && activity.evicted > 100)
  }
}
