// SPDX-License-Identifier: Apache-2.0

import HTTPParsing
import Testing

@Suite("The field Accept")
struct AcceptFieldTests {
  @Test(
    "The most specific element decides",
    arguments: [
      ("text/csv", 1_000), ("*/*;q=0.5", 500), ("text/*;q=0.25, */*", 250), ("text/csv;q=0, text/*", 0),
      ("text/csv;q=1.000", 1_000), ("TEXT/CSV; Q=0.1", 100),
    ])
  func weights(_ field: String, _ weight: Int) {
    #expect(AcceptField(field).weight(of: "text/csv") == weight)
  }

  @Test(
    "Malformed elements do not count",
    arguments: [
      "", ",", ";q=1", "text/csv;q=2", "text/csv;q=-1", "text/csv;q=nan", "text/csv;q=inf", "text/csv;q", "\"",
    ])
  func malformed(_ field: String) {
    #expect(AcceptField(field).weight(of: "text/csv") == 0)
  }

  @Test("Only the first 64 elements are looked at") func cap() {
    let others = String(repeating: "a/b,", count: 63)
    #expect(AcceptField(others + "text/csv").weight(of: "text/csv") == 1_000)
    #expect(AcceptField(others + "a/b,text/csv").weight(of: "text/csv") == 0)
  }
}
