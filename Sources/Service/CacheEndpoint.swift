// SPDX-License-Identifier: Apache-2.0

import Caching
import Hummingbird
import IngestPipeline
import IngestTables

/// `/v1/caches`: what the service keeps in memory, for operators.
struct CacheEndpoint: Sendable {
  let running: [RunningCache]

  /// `GET /v1/caches`: `{"caches": {NAME: {entries, bytes, hits, …}}}`.
  func list(_ query: QueryParameters) throws -> Response {
    _ = try query.values()
    var caches = JSONObject()
    for cache in running { caches.add(cache.name, Self.entry(cache.activity())) }
    var answer = JSONObject()
    answer.add("caches", caches)
    return Response(json: answer.line)
  }

  private static func entry(_ activity: CacheActivity) -> JSONObject {
    var entry = JSONObject()
    entry.add("entries", UInt64(activity.entries))
    entry.add("bytes", activity.cost)
    entry.add("hits", activity.hits)
    entry.add("misses", activity.misses)
    entry.add("coalesced", activity.coalesced)
    entry.add("stale", activity.stale)
    entry.add("declined", activity.declined)
    entry.add("evicted", activity.evicted)
    return entry
  }

  /// `DELETE /v1/caches` and `DELETE /v1/caches/{name}`: forgets what all keep, or one of them.
  func clear(_ name: String?, _ query: QueryParameters) throws -> Response {
    _ = try query.values()
    var cleared: [String] = []
    for cache in running where name == nil || cache.name == name {
      guard let clear = cache.clear else { continue }
      clear()
      cleared.append(cache.name)
    }
    guard !cleared.isEmpty else { throw RequestProblem(.notFound) }
    var answer = JSONObject()
    answer.add("cleared", cleared)
    return Response(json: answer.line)
  }
}
