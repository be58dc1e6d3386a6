// SPDX-License-Identifier: Apache-2.0

import HTTPParsing
import Testing

@Suite("Entity tags")
struct EntityTagTests {
  private let tag = EntityTag(naming: "abc-csv-1")

  @Test(
    "A tag is found in If-None-Match",
    arguments: [
      "*", "\"abc-csv-1\"", "W/\"abc-csv-1\"", "\"x\", \"abc-csv-1\"", " \"x\" ,\t\"abc-csv-1\" ",
      "\"x\",\u{301}, \"abc-csv-1\"",
    ])
  func named(_ field: String) {
    #expect(tag.isNamed(in: field))
  }

  @Test(
    "What only looks like a tag is not",
    arguments: ["", "abc-csv-1", "\"abc-csv-2\"", "\"abc-csv-1", "\"abc-csv-1\"x", "**", "*\u{301}"])
  func notNamed(_ field: String) {
    #expect(!tag.isNamed(in: field))
  }

  @Test("Other bytes have another tag") func content() {
    #expect(EntityTag(content: [1, 2]) != EntityTag(content: [2, 1]))
  }
}
