// SPDX-License-Identifier: Apache-2.0

import HTTPParsing
import Testing

@Suite("The field Accept-Encoding")
struct AcceptEncodingFieldTests {
  @Test(
    "gzip is sent where it is wanted at least as much as the bytes as they are",
    arguments: [
      ("gzip", true), ("GZIP;q=0.1", true), ("deflate, gzip, br, zstd", true), ("x-gzip", true), ("*", true),
      ("gzip;q=0.5, identity;q=0.4", true), ("gzip, identity", true), ("br, *;q=0.1", true),
      ("gzip;q=0, *", false), ("gzip;q=0", false), ("gzip;q=0.4, identity;q=0.5", false), ("identity", false),
      ("br", false), ("*;q=0", false), ("gzip;q=0, gzip", false),
    ])
  func preference(_ field: String, _ isGzip: Bool) {
    #expect(AcceptEncodingField(field).prefersGzip == isGzip)
  }

  @Test(
    "Malformed elements do not count",
    arguments: ["", ",", ";q=1", "gzip;q=2", "gzip;q=-1", "gzip;q=nan", "gzip;q", "\"gzip\"", "gzipped"])
  func malformed(_ field: String) {
    #expect(!AcceptEncodingField(field).prefersGzip)
    #expect(AcceptEncodingField(field + ", gzip").prefersGzip)
  }

  @Test("Only the first 64 elements are looked at") func cap() {
    let others = String(repeating: "br,", count: 63)
    #expect(AcceptEncodingField(others + "gzip").prefersGzip)
    #expect(!AcceptEncodingField(others + "br,gzip").prefersGzip)
  }
}
