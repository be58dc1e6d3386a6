// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Many who want the same at the same moment; `Tests/python/crowd.py` is all of them.
@Suite("Crowds")
struct CrowdTests {
  private struct Tally: Decodable {
    let statuses: [String: Int]
    let different: Int
  }

  private static func crowd(_ arguments: String..., at server: Server) async throws -> Tally {
    let port = try #require(server.address.split(separator: ":").last)
    let ended = try await run(
      [try Binaries.python(), "-B", Binaries.script("crowd.py"), String(port)] + arguments)
    #expect(ended.status == 0, "\(ended.talk)")
    return try JSONDecoder().decode(Tally.self, from: ended.output)
  }

  @Test("Fifty who send the same at once are answered each, the file is read once, and the service stays small (C46)")
  func uploads() async throws {
    let directory = try TemporaryDirectory()
    let file = directory["crowd.csv"]
    try Data(("id,text,share\n" + (0..<60_000).map { "\($0),some text \($0),\($0).25\n" }.joined()).utf8).write(
      to: file)
    let server = try await Server.start(store: directory["store"])
    let tally = try await Self.crowd("upload", "50", file.path, at: server)
    #expect(tally.statuses == ["201": 1, "200": 49] && tally.different == 1)
    let scrape = try await Scrape(server)
    #expect(scrape.values[#"ingest_contents_total{state="read"}"#] == "1")
    #expect(scrape.values[#"ingest_contents_total{state="known"}"#] == "49")
    #expect(scrape.count("ingest_worker_ends_total", "cause", "done") == 50, "each is judged")
    #expect(try server.peakMemory() < 200 << 20)
  }

  @Test("Five hundred connections that read one table get one rendering, and its descriptors are few")
  func readers() async throws {
    let directory = try TemporaryDirectory()
    let server = try await Server.start(store: directory["store"])
    let rows = (0..<2_000).map { "\($0),some text \($0)\n" }.joined()
    let sent = try await server.curl("/v1/uploads/t.csv", "-T", "-", input: Data(("id,text\n" + rows).utf8))
    #expect(sent.status == 201)
    let tally = try await Self.crowd("read", "500", "/v1/tables/t.json", "4", at: server)
    #expect(tally.statuses == ["200": 2_000] && tally.different == 1)
    let scrape = try await Scrape(server)
    for cache in ["encodings", "files"] {
      #expect(scrape.values["ingest_cache_requests_total{cache=\"\(cache)\",outcome=\"miss\"}"] == "1", "\(cache)")
    }
    // What is looked up is so once more after each commit, and uses and reads are written each minute.
    let lookups = scrape.values[#"ingest_cache_requests_total{cache="tables",outcome="miss"}"#].flatMap { Int($0) }
    #expect((1...4).contains(try #require(lookups)))
    let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(server.child.process)/fd")
    #expect(descriptors.count < 100, "connections are gone, and the table is open once")
  }

  @Test("What another process publishes is seen at once, though lookups are kept")
  func otherProcess() async throws {
    let directory = try TemporaryDirectory()
    let server = try await Server.start(store: directory["store"])
    for version in 1...4 {
      let file = directory["t.csv"]
      try Data("id\n\(version)\n".utf8).write(to: file)
      let batch = try await ingest("batch", file.path, "--store", directory["store"].path)
      #expect(batch.status == 0)
      for _ in 0..<3 {
        let table = try await server.curl("/v1/tables/t").object()
        #expect(table["version"] as? Int == version)
        let text = String(decoding: try await server.curl("/v1/tables/t.csv").body, as: UTF8.self)
        #expect(text.split(whereSeparator: \.isNewline) == ["id", "\(version)"])
      }
    }
  }
}
