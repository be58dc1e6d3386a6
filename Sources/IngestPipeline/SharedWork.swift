// SPDX-License-Identifier: Apache-2.0

package import Caching
import Catalog
package import IngestTables
import Synchronization
package import Telemetry
import Validation

/// What all uploads and lookups of one process share.
package final class SharedWork: Sendable {
  /// Contents that are being read: whoever sends the same waits, and is then judged over what is known.
  let readings = SharedCache<ReadingKey, Void>(CacheBounds(lifetime: .zero))

  /// Looked-up tables, each as long as the catalog stays as it was.
  let tables = SharedCache<LookupKey, FoundTable?>(CacheBounds(cost: 16 << 20, entries: 2_048)) { found in
    256 + UInt64(found?.json.count ?? 0)
  }

  /// Open table files by the table's id.
  ///
  /// An id is one content for ever, so that none gets old; one that is gone keeps
  /// its room on the disk until then, but where this process made it go.
  let files = SharedCache<String, TableFile>(
    CacheBounds(cost: 64 << 20, entries: 256, lifetime: .seconds(600))
  ) { file in
    UInt64(1_024 + 64 * file.schema.fields.count + 49 * file.batchCount)
  }

  package init() {}

  /// Lets go of open files, whose room on the disk is free then, as far as nobody is reading them.
  func close(_ ids: [String]) {
    for id in ids { files.remove(id) }
    // Their tables are gone from the catalog, so what is kept of it is of no use.
    tables.removeAll()
  }

  /// Lets go of what nobody will ask for: tables as of an earlier catalog, and files past their lifetime.
  ///
  /// Another process may have removed them, and only this one keeps their room on the disk.
  func closeOld(now mark: CatalogMark) {
    tables.removeAll { $0.mark != mark }
    files.removeExpired()
  }

  /// What is read once, however many send it at a time.
  struct ReadingKey: Hashable {
    let scope: String
    let content: ContentHash
    let options: String
  }

  /// A reference, as of one state of the catalog.
  struct LookupKey: Hashable {
    let reference: String
    let mark: CatalogMark
  }

  package var metricReadings: [MetricReading] {
    CacheMetrics.readings("readings", readings.activity) + CacheMetrics.readings("tables", tables.activity)
      + CacheMetrics.readings("files", files.activity)
  }
}

/// What became of an upload, if it was this one's turn to be read.
final class OwnAnswer: Sendable {
  private let answer = Mutex<Result<UploadAnswer, any Error>?>(nil)

  func set(_ result: Result<UploadAnswer, any Error>) { answer.withLock { $0 = result } }

  func get() -> Result<UploadAnswer, any Error>? { answer.withLock { $0 } }
}

/// A table as it was looked up, open.
package struct FoundTable: Sendable {
  package let description: TableDescription
  package let file: TableFile
  /// The description as JSON.
  package let json: [UInt8]
  /// What says that its reference still stands for it.
  package let basis: LookupBasis
}

/// Which version was found, and in which state of the catalog.
package struct LookupBasis: Sendable, Hashable {
  let mark: CatalogMark
  let name: String
  let version: Int
}

/// What the caches tell about themselves, documented in `docs/metrics.md`.
package enum CacheMetrics {
  private static let names = ["readings", "tables", "files", "encodings", "answers"]
  private static let outcomes = ["hit", "miss", "coalesced", "stale", "declined"]

  private static let requests = MetricFamily(
    "ingest_cache_requests_total", .counter, labels: [.init("cache", names), .init("outcome", outcomes)],
    help: "Requests to a cache, by what they came to")
  private static let evictions = MetricFamily(
    "ingest_cache_evictions_total", .counter, labels: [.init("cache", names)],
    help: "Values that made room for others, or had become too old")
  private static let entries = MetricFamily(
    "ingest_cache_entries", .gauge, labels: [.init("cache", names)], help: "Values that a cache holds")
  private static let bytes = MetricFamily(
    "ingest_cache_bytes", .gauge, labels: [.init("cache", names)], help: "Memory that they take, as it is estimated")

  static let families = [requests, evictions, entries, bytes]

  /// The values of one cache.
  package static func readings(_ name: String, _ activity: CacheActivity) -> [MetricReading] {
    let counts = [activity.hits, activity.misses, activity.coalesced, activity.stale, activity.declined]
    return zip(outcomes, counts).map { outcome, count in
      MetricReading(requests.name, count, [("cache", name), ("outcome", outcome)])
    } + [
      MetricReading(evictions.name, activity.evicted, [("cache", name)]),
      MetricReading(entries.name, activity.entries, [("cache", name)]),
      MetricReading(bytes.name, activity.cost, [("cache", name)]),
    ]
  }
}
