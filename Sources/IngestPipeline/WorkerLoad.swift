// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// How many uploads are with the workers, or wait for one.
package final class WorkerLoad: Sendable {
  private let uploads = Mutex(0)
  /// Workers at a time.
  package let places: Int

  init(places: Int) { self.places = places }

  func enter() { uploads.withLock { $0 += 1 } }

  func leave() { uploads.withLock { $0 -= 1 } }

  /// Uploads that have a worker.
  package var running: Int { min(places, uploads.withLock { $0 }) }

  /// Uploads that wait for one: the pool gives its places in the order of arrival.
  package var waiting: Int { max(0, uploads.withLock { $0 } - places) }
}
