// SPDX-License-Identifier: Apache-2.0

import HTTPParsing
import Testing

@Suite("Targets of requests")
struct RequestTargetTests {
  @Test(
    "Malformed escapes are no address",
    arguments: [
      "/%", "/%1", "/%zz", "/a?%", "/a?b=%f", "/a?b=%ff", "/a?%ff=b", "", "a", "*",
    ])
  func malformed(_ address: String) {
    #expect(RequestTarget(address) == nil)
  }

  @Test("Queries are decoded once") func query() throws {
    let target = try #require(RequestTarget("/v1/tables?after=a+b%2Bc%2526&limit=&x#y=1"))
    #expect(target.parameters.map(\.name) == ["after", "limit", "x"])
    #expect(target.parameters.map(\.value) == ["a b+c%26", "", ""])
  }
}
