// SPDX-License-Identifier: Apache-2.0

import Catalog
import IngestPipeline
import Store
import Testing

@testable import Service

@Suite("Requests that the audit log counts")
struct CountedRequestTests {
  private static func get(_ path: String, _ fields: String = "", host: String = "localhost") -> String {
    "GET \(path) HTTP/1.1\r\nHost: \(host)\r\n\(fields)\r\n"
  }

  private static func put(_ fields: String, _ body: String = "") -> String {
    "PUT /v1/uploads/a.csv HTTP/1.1\r\nHost: localhost\r\n\(fields)\r\n\(body)"
  }

  /// Runs a service with one table, and tells what its audit log counts once it has ended.
  private func counted(
    _ configure: (inout ServiceConfiguration) -> Void = { _ in },
    _ body: @escaping @Sendable (Int, ServedStore) async throws -> Void
  ) async throws -> [String: Int64] {
    var counts: [String: Int64] = [:]
    try await withServedStore { served in
      try await served.publish("small", number: 1, rows: 20)
      try await served.serve(configure) { port in try await body(port, served) }
      counts = try await served.store.catalog.countedRequests()
      #expect(try await served.store.catalog.verifyAudit().isSound)
    }
    return counts
  }

  @Test(
    "Each answer with a table, or that the client has it, is a read of its version, sent again or not",
    arguments: [true, false])
  func reads(repeats: Bool) async throws {
    let rows = Self.get("/v1/tables/small.json")
    let description = Self.get("/v1/tables/small")
    let requests =
      Array(repeating: rows, count: 6) + Array(repeating: description, count: 3)
      + [
        Self.get("/v1/tables/small@1.csv"), Self.get("/v1/tables/small.csv", "If-None-Match: *\r\n"),
        Self.get("/v1/tables/small.csv", "If-None-Match: *\r\n"), rows, Self.get("/v1/tables/small.json?limit=2"),
        Self.get("/v1/tables/small.arrow", "Range: bytes=0-5\r\n"),
      ]
    let counts = try await counted({ $0.repeatsAnswers = repeats }) { port, served in
      _ = try await Dialogue("reads", oneByOne: requests).run(port)
      // All at once, and HEAD.
      _ = try await Dialogue("a pile", [.send(rows + rows + rows)]).run(port)
      _ = try await ask(port, "HEAD /v1/tables/small.json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
      // What only a kept answer knew of must not go with it.
      let clear = "DELETE /v1/caches HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
      #expect(try await ask(port, clear).statuses == [200])
      _ = try await Dialogue("the same again", oneByOne: [rows, rows]).run(port)
      try await served.publish("small", number: 2, first: 7, rows: 20)
      _ = try await Dialogue("the next version", oneByOne: [rows, rows, rows, rows]).run(port)
      // Nothing of a table is in these.
      for path in ["/livez", "/readyz", "/v1/tables", "/v1/caches"] {
        #expect(try await ask(port, Self.get(path, "Connection: close\r\n")).statuses == [200])
      }
    }
    #expect(counts == ["small@1": Int64(requests.count) + 3 + 1 + 2, "small@2": 4])
  }

  /// A message, its status, and the code with which it is turned away.
  private static let refusals: [(message: String, status: Int, code: String)] = [
    (get("/v1/tables/small", host: "evil.example"), 421, "host_not_allowed"),
    (put("Origin: http://evil.example\r\nContent-Length: 1\r\n", "a"), 403, "cross_site"),
    ("POST /v1/uploads HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\na", 415, "media_type_refused"),
    (put("Content-Encoding: gzip\r\nContent-Length: 1\r\n", "a"), 415, "content_encoding_refused"),
    (put("Content-Length: 1\r\nContent-Range: bytes 0-0/2\r\n", "a"), 400, "invalid_request"),
    (put("Content-Length: 3\r\nContent-Length: 4\r\n", "abc"), 400, "message_malformed"),
    (put("Transfer-Encoding: chunked\r\n", "zz\r\n"), 400, "message_malformed"),
    ("hello\r\n\r\n", 400, "message_malformed"),
    (put("Content-Length: 5\r\n", "abc"), 400, "body_incomplete"),
    (put("Expect: 102-processing\r\nContent-Length: 1\r\n", "a"), 417, "expectation_failed"),
    (get("/", "X: \(String(repeating: "x", count: 20 << 10))\r\n"), 431, "header_too_large"),
    (get("/v1/tables/none"), 404, "not_found"), (get("/v1/nothing"), 404, "not_found"),
    (get("/v1/tables/%zz"), 400, "invalid_request"), (get("/v1/tables/small?x=1"), 400, "invalid_request"),
    ("DELETE /v1/tables HTTP/1.1\r\nHost: localhost\r\n\r\n", 405, "method_not_allowed"),
    (get("/v1/tables/small", "Accept: image/png\r\n"), 406, "not_acceptable"),
    (get("/v1/tables/small.arrow", "Range: bytes=99999999-\r\n"), 416, "range_not_satisfiable"),
    (get("/v1/tables/small.json", "Host: localhost\r\n"), 400, "message_malformed"),
  ]

  @Test("Each request that is turned away is counted once, by its code, and is no read", arguments: refusals.indices)
  func refused(_ index: Int) async throws {
    let (message, status, code) = Self.refusals[index]
    let counts = try await counted { port, _ in
      for _ in 0..<2 {
        let answer = try await ask(port, message, closesOutput: true)
        #expect(answer.statuses == [status], "\(code)")
      }
    }
    #expect(counts == [code: 2])
  }

  @Test("An upload that is refused has a row of its own, and is not counted") func refusedUpload() async throws {
    let counts = try await counted { port, served in
      let answer = try await ask(port, Self.put("Content-Length: 99999999999\r\n"))
      #expect(answer.statuses == [413])
      let events = try await served.store.catalog.auditEvents(limit: 10)
      #expect(events.last?.action == .refuse && events.last?.code == "too_large" && events.last?.count == nil)
    }
    #expect(counts.isEmpty)
  }

  @Test("A body that comes too slowly is counted once, though its handler is told of it too") func slow() async throws {
    let accesses = AccessTally()
    try await withServer(
      countingIn: accesses,
      {
        $0.requestTimeout = .milliseconds(300)
      }
    ) { port, _ in
      let put = "PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nabc"
      let answer = try await ask(port, put)
      #expect(answer.statuses == [408])
    }
    #expect(try await accesses.counted() == ["request_timeout": 1])
  }
}
