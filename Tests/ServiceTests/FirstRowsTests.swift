// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite("The first rows of a table")
struct FirstRowsTests {
  private func get(_ port: Int, _ target: String, _ fields: String = "") async throws -> String {
    try await ask(
      port, "GET /v1/tables/\(target) HTTP/1.1\r\nHost: localhost\r\n\(fields)Connection: close\r\n\r\n")
  }

  private func body(_ port: Int, _ target: String, _ fields: String = "") async throws -> Substring {
    let answer = try await get(port, target, fields)
    return answer[try #require(answer.firstRange(of: "\r\n\r\n")).upperBound...]
  }

  @Test("As many come as are asked for, over the batches, or all there are") func count() async throws {
    try await withServedStore { served in
      try await served.publish("t", number: 1, rows: 6)
      try await served.serve { port in
        for limit in [1, 3, 4, 5, 6, 7, 1_000] {
          let rows = (0..<min(limit, 6)).map { "\($0)\r\n" }.joined()
          let text = try await body(port, "t.csv?limit=\(limit)")
          #expect(text == "n\r\n\(rows)")
        }
        let texts = try await [
          body(port, "t.json?limit=4"), body(port, "t.ndjson?limit=1"), body(port, "t?limit=1", "Accept: text/csv\r\n"),
        ]
        #expect(texts[0] == "[\n{\"n\":0},\n{\"n\":1},\n{\"n\":2},\n{\"n\":3}\n]\n")
        #expect(texts[1] == "{\"n\":0}\n" && texts[2] == "n\r\n0\r\n")
      }
    }
  }

  @Test("They are another answer than the whole, for caches too")
  func tags() async throws {
    try await withServedStore { served in
      try await served.publish("t", number: 1, rows: 6)
      try await served.serve { port in
        for turn in 0..<2 {
          let answers = try await [get(port, "t.csv"), get(port, "t.csv?limit=2"), get(port, "t.csv?limit=3")]
          let tags = try answers.map { answer -> Substring in
            let field = try #require(answer.firstRange(of: "\r\nETag: "))
            return answer[field.upperBound...].prefix { $0 != "\r\n" }
          }
          #expect(Set(tags).count == 3, "\(turn)")
          let known = try await get(port, "t.csv?limit=2", "If-None-Match: \(tags[1])\r\n")
          #expect(known.statuses == [304])
          #expect(try await get(port, "t.csv?limit=3", "If-None-Match: \(tags[1])\r\n").statuses == [200])
        }
      }
    }
  }

  @Test(
    "A limit that is none, and one of what has no rows as text, is refused",
    arguments: [
      "t.csv?limit=0", "t.csv?limit=1001", "t.csv?limit=-1", "t.csv?limit=", "t.csv?limit=x", "t.csv?limit=1&limit=1",
      "t.arrow?limit=1", "t.arrows?limit=1", "t?limit=1",
    ])
  func refused(_ target: String) async throws {
    try await withServedStore { served in
      try await served.publish("t", number: 1, rows: 6)
      try await served.serve { port in
        let answer = try await get(port, target)
        #expect(answer.statuses == [400] && answer.contains("invalid_request"))
      }
    }
  }
}
