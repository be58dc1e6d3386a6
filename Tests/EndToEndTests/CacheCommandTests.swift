// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite("ingest cache")
struct CacheCommandTests {
  private struct Listing: Decodable {
    struct Cache: Decodable {
      let entries: Int
      let bytes: Int
      let hits: Int
    }

    let caches: [String: Cache]
  }

  private func caches(_ server: Server) async throws -> [String: Listing.Cache] {
    try await ingest("cache", "stats", "--url", server.address, "--json").json(Listing.self).caches
  }

  /// As if the batch that published had ended a while ago: what another process may still be committing is not kept.
  private func rest(_ store: PublishedStore) throws {
    for name in ["catalog.sqlite", "catalog.sqlite-wal"] {
      let path = store.directory["store/\(name)"].path
      guard FileManager.default.fileExists(atPath: path) else { continue }
      try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -60)], ofItemAtPath: path)
    }
  }

  @Test("What is kept is told, and forgotten where that is asked for; answers stay the same")
  func course() async throws {
    let store = try await PublishedStore()
    let server = try await Server.start(store: store.directory["store"])
    try rest(store)
    let before = try await server.curl("/v1/tables/costs.csv").body
    // The same request again, and another one for the same.
    #expect(try await server.curl("/v1/tables/costs.csv").body == before)
    #expect(try await server.curl("/v1/tables/costs.csv", "-H", "X: 1").body == before)
    var found = try await caches(server)
    #expect(Set(found.keys) == ["readings", "tables", "files", "encodings", "answers"])
    #expect(found.allSatisfy { $0 == "readings" || $1.entries == ($0 == "answers" ? 2 : 1) && $1.bytes > 0 })
    #expect(found["encodings"]?.hits == 1 && found["answers"]?.hits == 1)
    let metrics = String(decoding: try await server.curl("/metrics").body, as: UTF8.self)
    #expect(metrics.contains("ingest_cache_requests_total{cache=\"answers\",outcome=\"hit\"} 1\n"))
    // Three of the table, and the list of caches.
    #expect(metrics.contains("ingest_http_responses_total{class=\"2xx\"} 4\n"))
    #expect(try await ingest("cache", "clear", "encodings", "--url", server.address).text == "cleared encodings\n")
    found = try await caches(server)
    #expect(found["encodings"]?.entries == 0 && found["encodings"]?.bytes == 0 && found["files"]?.entries == 1)
    let cleared = try await ingest("cache", "clear", "--url", server.address, "--json")
    #expect(Set(try cleared.object()["cleared"] as? [String] ?? []) == ["tables", "files", "encodings", "answers"])
    #expect(try await caches(server).values.allSatisfy { $0.entries == 0 && $0.bytes == 0 })
    #expect(try await server.curl("/v1/tables/costs.csv").body == before)
    #expect(try await ingest("cache", "stats", "--url", server.address).text.contains("tables\t1 entries"))
  }

  @Test("Another site's page cannot clear, and neither can who comes under another name")
  func strangers() async throws {
    let store = try await PublishedStore()
    let server = try await Server.start(store: store.directory["store"])
    for field in ["Origin: http://evil.example", "Sec-Fetch-Site: cross-site"] {
      #expect(try await server.curl("/v1/caches", "-X", "DELETE", "-H", field).status == 403)
    }
    #expect(try await server.curl("/v1/caches", "-X", "DELETE", "-H", "Host: evil.example").status == 421)
    #expect(try await server.curl("/v1/caches", "-X", "POST").status == 405)
    #expect(try await server.curl("/v1/caches/tables").status == 405)
    #expect(try await server.curl("/v1/caches/readings", "-X", "DELETE").status == 404)
    #expect(try await ingest("cache", "clear", "nothing", "--url", server.address).status == 2)
  }

  @Test(
    "Where no service answers the status is 70, and 2 where the address is none",
    arguments: [
      ("http://127.0.0.1:1", 70), ("https://127.0.0.1:8080", 2), ("localhost:8080", 2), ("http://127.0.0.1:1/x", 2),
    ] as [(String, Int32)])
  func unanswered(url: String, status: Int32) async throws {
    #expect(try await ingest("cache", "stats", "--url", url).status == status)
    #expect(try await ingest("cache", "clear", "--url", url).status == status)
  }
}
