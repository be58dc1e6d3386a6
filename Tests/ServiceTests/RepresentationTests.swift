// SPDX-License-Identifier: Apache-2.0

import HTTPParsing
import Testing

@testable import Service

@Suite("Representations")
struct RepresentationTests {
  @Test(
    "Accept chooses a representation",
    arguments: [
      (nil, .description), ("", .description), ("*/*", .description), ("application/json", .description),
      ("text/csv", .csv), ("text/*", .csv), ("TEXT/CSV", .csv), ("text/csv;q=0.5, application/json;q=0.4", .csv),
      ("application/x-ndjson", .ndjson), ("application/vnd.apache.arrow.stream", .arrows),
      ("application/vnd.apache.arrow.file, application/vnd.apache.arrow.stream;q=0.9", .arrow),
      ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", .description),
      ("application/json;q=0, */*", .csv), ("text/csv;q=0.3, */*;q=0.2", .csv), ("application/*", .description),
    ] as [(String?, Representation)])
  func negotiation(_ accept: String?, _ expected: Representation) {
    #expect(Representation.negotiated(accept: accept) == expected)
  }

  @Test(
    "Nothing acceptable is no representation",
    arguments: [
      "text/html", "*/*;q=0", "application/json;q=0", "text/csv;q=2", "text/csv;q=-1", "text/csv;q=nan", ";;;", "\"",
    ])
  func notAcceptable(_ accept: String) {
    #expect(Representation.negotiated(accept: accept) == nil)
  }

  @Test("Tags differ by table, form and coding") func tags() {
    let tag = EntityTag(tableID: "abc", .csv, .identity)
    #expect(tag.text == "\"abc-csv-1\"")
    #expect(tag != EntityTag(tableID: "abc", .json, .identity) && tag != EntityTag(tableID: "abd", .csv, .identity))
    #expect(EntityTag(tableID: "abc", .csv, .gzip).text == "\"abc-csv-1-gzip\"")
  }
}
