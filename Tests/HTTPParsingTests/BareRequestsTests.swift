// SPDX-License-Identifier: Apache-2.0

import HTTPParsing
import Testing

@Suite("Requests that are a header and nothing else")
struct BareRequestsTests {
  private static let get = "GET /a HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n"
  private static let head = "HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n"

  private func count(_ text: String) -> Int? { BareRequests.count(Array(text.utf8).span) }

  @Test("Whole ones are counted, however many there are") func whole() {
    #expect(count("") == 0)
    #expect(count(Self.get) == 1)
    #expect(count(Self.get + Self.head + Self.get) == 3)
    #expect(BareRequests.length(Array((Self.get + Self.head).utf8).span) == Self.get.utf8.count)
  }

  @Test("One that is cut off anywhere is none", arguments: [get, get + head]) func cut(_ text: String) {
    let bytes = Array(text.utf8)
    for length in 1..<bytes.count where length != Self.get.utf8.count {
      #expect(BareRequests.count(Array(bytes[..<length]).span) == nil, "\(length)")
    }
  }

  @Test(
    "What two readers could see differently is none",
    arguments: [
      "POST / HTTP/1.1\r\nHost: a\r\n\r\n", "get / HTTP/1.1\r\nHost: a\r\n\r\n", "\r\n" + get, " " + get, "GET\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\ncontent-LENGTH : 4\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nUPGRADE: h2c\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n", "GET / HTTP/1.1\nHost: a\n\n",
      "GET / HTTP/1.1\r\nHost: a\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\n", "GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\tb: c\r\n\r\n", get + "x",
    ])
  func ambiguous(_ text: String) {
    #expect(count(text) == nil)
  }
}
