// SPDX-License-Identifier: Apache-2.0

package import Caching

/// One cache of a process, to be looked at and cleared while it is in use.
package struct RunningCache: Sendable {
  /// The name in `docs/caches.md`.
  package let name: String
  /// What the cache did so far, and what it holds.
  package let activity: @Sendable () -> CacheActivity
  /// Forgets what is kept; who asks next has it made anew.
  ///
  /// Nil for a cache that keeps nothing: to clear it would only part those who wait for each other.
  package let clear: (@Sendable () -> Void)?

  /// A view of `cache`.
  package init<Key: Hashable & Sendable, Value: Sendable>(_ name: String, _ cache: SharedCache<Key, Value>) {
    self.name = name
    activity = { cache.activity }
    let removeAll: @Sendable () -> Void = { cache.removeAll() }
    clear = cache.bounds.lifetime == .zero ? nil : removeAll
  }
}

extension SharedWork {
  /// The caches of uploads and lookups.
  package var caches: [RunningCache] {
    [RunningCache("readings", readings), RunningCache("tables", tables), RunningCache("files", files)]
  }
}
