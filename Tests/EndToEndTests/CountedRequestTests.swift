// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite("Requests that ingest audit tells the number of")
struct CountedRequestTests {
  /// A row of `ingest audit list --json`, as far as the tests look at it.
  private struct Row: Decodable {
    let at: Int64
    let actor: String
    let action: String
    let subject: String
    let outcome: String
    let code: String?
    let count: Int?
  }

  private static func rows(_ store: String) async throws -> [Row] {
    let listed = try await ingest("audit", "list", "--json", "--limit", "1000", "--store", store)
    #expect(listed.status == 0)
    return try listed.lines.map { try JSONDecoder().decode(Row.self, from: Data($0.utf8)) }
  }

  /// How many requests each action counts, by what was read or by the code; a minute may have begun between two of them.
  private static func counts(_ rows: [Row], _ action: String) -> [String: Int] {
    rows.filter { $0.action == action }.reduce(into: [:]) { $0[$1.code ?? $1.subject, default: 0] += $1.count ?? 0 }
  }

  private static func stop(_ server: Server) async throws {
    server.child.signal(SIGTERM)
    #expect(try await server.child.end().status == 0)
  }

  @Test("What was read and what was turned away is in the log once the service has ended, with the right numbers")
  func served() async throws {
    let directory = try TemporaryDirectory()
    let store = directory["store"]
    let server = try await Server.start(store: store)
    let file = try directory.write("sales.csv", "id,name\n1,x\nzwei,y\n3,z\n")
    let taken = try await server.curl(
      "/v1/uploads", "-F", "types=id=int64", "-F", "max_rejects=1", "-F", "file=@\(file.path)")
    #expect(taken.status == 201, "\(String(decoding: taken.body, as: UTF8.self))")
    let record = try #require(try taken.object()["upload"] as? [String: Any])
    let upload = try #require(record["id"] as? String)
    let reads: [(path: String, times: Int)] = [
      ("/v1/tables/sales.json", 20), ("/v1/tables/sales", 3), ("/v1/tables/sales@1.arrow", 2),
      ("/v1/tables/sales/rejects.csv", 2), ("/v1/uploads/\(upload)/original", 3),
    ]
    for (path, times) in reads {
      for _ in 0..<times { #expect(try await server.curl(path).status == 200, "\(path)") }
    }
    let scrape = try await Scrape(server)
    let repeated = scrape.values[#"ingest_cache_requests_total{cache="answers",outcome="hit"}"#].flatMap { Int($0) }
    #expect(try #require(repeated) > 10, "most are answers that were sent again")

    let refusals: [(path: String, options: [String], status: Int, code: String)] = [
      ("/v1/tables/sales", ["-H", "Host: evil.example"], 421, "host_not_allowed"),
      ("/v1/uploads/a.csv", ["-T", file.path, "-H", "Origin: http://evil.example"], 403, "cross_site"),
      ("/v1/uploads", ["--data", "x"], 415, "media_type_refused"),
      ("/v1/uploads/a.csv", ["-T", file.path, "-H", "Content-Encoding: gzip"], 415, "content_encoding_refused"),
      ("/v1/uploads/a.csv?name=no/name", ["-T", file.path], 400, "invalid_request"),
      ("/v1/tables/sales", ["-H", "Host: localhost", "-H", "Transfer-Encoding: x"], 400, "message_malformed"),
      ("/v1/tables/sales", ["-H", "X: \(String(repeating: "x", count: 20_000))"], 431, "header_too_large"),
      ("/v1/tables/none", [], 404, "not_found"), ("/v1/tables", ["-X", "DELETE"], 405, "method_not_allowed"),
      ("/v1/tables/sales", ["-H", "Accept: image/png"], 406, "not_acceptable"),
      ("/v1/tables/sales.arrow", ["-r", "99999999-"], 416, "range_not_satisfiable"),
      ("/v1/uploads/a.csv?name=sales", ["-T", file.path, "-H", "If-None-Match: *"], 412, "name_exists"),
    ]
    for (path, options, status, code) in refusals {
      for _ in 0..<2 {
        let answer = try await server.curl(path, options)
        #expect(try answer.status == status && answer.code() == code, "\(code): \(answer.status)")
      }
    }
    // This one is told after its sender was promised an answer.
    let promised = try await server.curl(
      "/v1/uploads/b.csv?name=sales", "-T", file.path, "-H", "If-None-Match: *", "-H", "Prefer: respond-async")
    #expect(promised.status == 202)
    // An upload with an id has a row of its own.
    let refused = try await server.curl("/v1/uploads/a.exe", "-T", file.path)
    #expect(refused.status == 415)
    try await Self.stop(server)

    let rows = try await Self.rows(store.path)
    #expect(Self.counts(rows, "read") == ["sales@1": 20 + 3 + 2 + 2, upload: 3])
    #expect(
      Self.counts(rows, "turn_away")
        == refusals.reduce(into: [:]) { $0[$1.code] = $1.code == "name_exists" ? 3 : 2 })
    #expect(rows.count { $0.action == "refuse" } == 1)
    for row in rows {
      let isCounted = ["read", "turn_away"].contains(row.action)
      #expect((row.count != nil) == isCounted)
      guard isCounted else { continue }
      #expect(row.at % 60_000_000 == 0 && row.actor == "local")
      #expect(row.outcome == (row.action == "read" ? "done" : "rejected"))
      #expect(row.subject == "request" || row.action == "read")
    }
    let text = try await ingest("audit", "list", "--limit", "1000", "--store", store.path)
    #expect(text.text.contains("\tturn_away\trequest\trejected\tnot_found\tcount "))
    let exported = try await ingest("audit", "export", "--store", store.path)
    #expect(exported.lines.count == rows.count && exported.text.contains("\"count\":"))
    #expect(try await ingest("audit", "verify", "--store", store.path).status == 0)
  }

  @Test("Uploads for which there is no place, and those of a sender whose files crash workers, are counted")
  func overloaded() async throws {
    let directory = try TemporaryDirectory()
    let store = directory["store"]
    let options = [
      "--worker", try Binaries.misbehavingWorker(), "--worker-seconds", "5", "--waiting-uploads", "0",
      "--crashes-per-hour", "1",
    ]
    let server = try await Server.start(store: store, options)
    let places = ProcessInfo.processInfo.activeProcessorCount
    for number in 0..<places {
      let input = Data("attack:wait\n\(number)\n".utf8)
      let path = "/v1/uploads/wait-\(number).csv"
      #expect(try await server.curl(path, "-T", "-", "-H", "Prefer: respond-async", input: input).status == 202)
    }
    let late = try await server.curl("/v1/uploads/late.csv", "-T", "-", input: Data("id\n1\n".utf8))
    #expect(try late.status == 503 && late.code() == "busy")
    // The workers' time is over then.
    var crash = late
    while crash.status == 503 {
      try await Task.sleep(for: .milliseconds(200))
      crash = try await server.curl("/v1/uploads/crash.csv", "-T", "-", input: Data("attack:crash\n".utf8))
    }
    #expect(crash.status == 422)
    let next = try await server.curl("/v1/uploads/next.csv", "-T", "-", input: Data("id\n1\n".utf8))
    #expect(try next.status == 429 && next.code() == "crash_budget_exhausted")
    try await Self.stop(server)
    let counts = Self.counts(try await Self.rows(store.path), "turn_away")
    #expect(counts["crash_budget_exhausted"] == 1 && counts["busy", default: 0] >= 1)
    #expect(Set(counts.keys) == ["busy", "crash_budget_exhausted"])
    #expect(try await ingest("audit", "verify", "--store", store.path).status == 0)
  }

  @Test("A count that somebody changed in the file is found: 70")
  func tampered() async throws {
    let published = try await PublishedStore()
    let server = try await Server.start(store: published.directory["store"])
    #expect(try await server.curl("/v1/tables/sales.json").status == 200)
    try await Self.stop(server)
    #expect(try await published.run("audit", "verify").status == 0)
    try await published.sql("UPDATE audit SET count = 2 WHERE action = 'read'")
    let found = try await published.run("audit", "verify", "--json")
    #expect(found.status == 70)
    let fault = try #require(try found.object()["fault"] as? [String: Any])
    #expect(fault["kind"] as? String == "altered" && fault["row"] as? Int == 7)
  }
}
