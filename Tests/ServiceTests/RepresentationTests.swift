// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Service

@Suite("Representations, ranges and tags")
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

  @Test(
    "Ranges of a file of 100 bytes",
    arguments: [
      (nil, .whole), ("bytes=0-0", .part(0..<1)), ("bytes=0-99", .part(0..<100)), ("bytes=10-", .part(10..<100)),
      ("bytes=-1", .part(99..<100)), ("bytes=-100", .part(0..<100)), ("bytes=-1000", .part(0..<100)),
      ("bytes=99-1000", .part(99..<100)), ("BYTES=1-2", .part(1..<3)), ("bytes=100-", .unsatisfiable),
      ("bytes=0-18446744073709551615", .part(0..<100)), ("bytes=0-99999999999999999999999", .part(0..<100)),
      ("bytes=99999999999999999999999-", .unsatisfiable), ("bytes=-99999999999999999999999", .part(0..<100)),
      ("bytes=-0", .unsatisfiable), ("bytes=2-1", .whole), ("bytes=-", .whole), ("bytes=", .whole), ("bytes", .whole),
      ("bytes=0-1,3-4", .whole), ("bytes=a-b", .whole), ("bytes=0-1-2", .whole), ("bytes=+1-2", .whole),
      ("bytes= 1-2", .whole), ("items=0-1", .whole), ("", .whole),
    ] as [(String?, ByteRange)])
  func ranges(_ field: String?, _ expected: ByteRange) {
    #expect(ByteRange(field: field, length: 100) == expected)
  }

  @Test("An empty file has no satisfiable range", arguments: ["bytes=0-", "bytes=0-0", "bytes=-1"])
  func emptyFile(_ field: String) {
    #expect(ByteRange(field: field, length: 0) == .unsatisfiable)
  }

  @Test("Tags differ by table and form, and are found in If-None-Match") func tags() {
    let tag = EntityTag(tableID: "abc", .csv)
    #expect(tag.text == "\"abc-csv-1\"")
    #expect(tag != EntityTag(tableID: "abc", .json) && tag != EntityTag(tableID: "abd", .csv))
    for field in ["*", "\"abc-csv-1\"", "W/\"abc-csv-1\"", "\"x\", \"abc-csv-1\"", " \"x\" ,\t\"abc-csv-1\" "] {
      #expect(tag.isNamed(in: field), "\(field)")
    }
    for field in ["", "abc-csv-1", "\"abc-csv-2\"", "\"abc-csv-1", "\"abc-csv-1\"x", "**"] {
      #expect(!tag.isNamed(in: field), "\(field)")
    }
    #expect(EntityTag(content: [1, 2]) != EntityTag(content: [2, 1]))
  }
}
