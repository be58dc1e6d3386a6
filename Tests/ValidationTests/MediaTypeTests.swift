// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Validation

@Suite("Media types")
struct MediaTypeTests {
  @Test(
    "The essence is folded and stands without parameters",
    arguments: [
      ("text/csv", "text/csv"), ("Text/CSV; charset=utf-8", "text/csv"), ("  text/csv\t;header=present", "text/csv"),
      ("application/vnd.ms-excel", "application/vnd.ms-excel"), ("text/csv;", "text/csv"), ("a/b;;c", "a/b"),
      ("x/y+z", "x/y+z"),
    ])
  func essence(text: String, expected: String) {
    #expect(MediaType(text)?.description == expected)
  }

  @Test(
    "What is no type and subtype of token characters is nil",
    arguments: [
      "", "text", "/", "text/", "/csv", "text/csv/x", "text/c sv", "text /csv", "text/csv,text/html", "text/c\u{E9}v",
      "te\u{212A}/csv",
      "text/\u{212A}", "text/csv\r\nX: y", "text\0/csv", "\"text/csv\"", ";text/csv", "*/*\u{301}", "text\\csv",
      "<script>/x",
      String(repeating: "a", count: 128) + "/b", "a/" + String(repeating: "b", count: 5000), "text/csv\n",
      "\u{A0}text/csv",
    ])
  func refused(text: String) {
    #expect(MediaType(text) == nil)
  }

  @Test("A token has at most 127 characters")
  func longest() {
    let longest = String(repeating: "a", count: 127)
    #expect(MediaType("\(longest)/\(longest)") != nil)
    #expect(MediaType("\(longest)a/b") == nil)
  }

  @Test("Every family's types are types, and belong to it alone", arguments: Family.allCases)
  func families(family: Family) throws {
    for text in family.mediaTypes {
      let type = try #require(MediaType(text))
      #expect(type.description == text)
      #expect(Family(mediaType: type) == family)
    }
    for name in family.extensions { #expect(Family(extension: name) == family) }
  }

  @Test("Characters of a token are those of RFC 9110")
  func tokens() {
    let tokens = (UInt8.min...UInt8.max).filter(\.isToken).map { String(Unicode.Scalar($0)) }.joined()
    #expect(tokens.count == 77)
    #expect(!tokens.contains { "()<>@,;:\\\"/[]?={} \t".contains($0) })
  }
}
