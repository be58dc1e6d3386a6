// SPDX-License-Identifier: Apache-2.0

import HTTPParsing
import Testing

@Suite("Framing of requests")
struct RequestFramingTests {
  private static func fault(
    _ fields: [String: [String]], version: RequestFraming.Version? = .http1_1, target: String = "/"
  ) -> RequestFraming.Fault? {
    let fields = ["host": ["localhost"]].merging(fields) { $1 }
    return RequestFraming(version: version, target: target, values: { fields[$0] ?? [] }).fault
  }

  private static func isMalformed(_ fault: RequestFraming.Fault?) -> Bool {
    if case .malformed = fault { true } else { false }
  }

  @Test(
    "C11 what has one meaning passes",
    arguments: [
      [:], ["content-length": ["0"]], ["content-length": ["18446744073709551615"]],
      ["transfer-encoding": ["Chunked"]], ["expect": ["100-Continue"]], ["content-encoding": ["Identity"]],
    ] as [[String: [String]]])
  func passes(_ fields: [String: [String]]) {
    #expect(Self.fault(fields) == nil)
  }

  @Test(
    "C11 ambiguous headers are malformed",
    arguments: [
      ["content-length": ["3"], "transfer-encoding": ["chunked"]], ["content-length": ["3", "3"]],
      ["content-length": ["3, 3"]], ["content-length": ["+3"]], ["content-length": ["-3"]], ["content-length": ["0x3"]],
      ["content-length": [""]], ["content-length": ["18446744073709551616"]], ["content-length": ["\u{0663}"]],
      ["transfer-encoding": ["gzip, chunked"]], ["transfer-encoding": ["chunked", "chunked"]],
      ["transfer-encoding": ["\u{0b}chunked"]], ["transfer-encoding": ["chun\u{212A}ed"]], ["transfer-encoding": [""]],
      ["host": []], ["host": ["a", "b"]],
    ] as [[String: [String]]])
  func malformed(_ fields: [String: [String]]) {
    #expect(Self.isMalformed(Self.fault(fields)))
  }

  @Test("C11 other versions and targets are malformed") func line() {
    #expect(Self.isMalformed(Self.fault([:], version: nil)))
    #expect(Self.isMalformed(Self.fault(["transfer-encoding": ["chunked"]], version: .http1_0)))
    #expect(Self.fault(["host": []], version: .http1_0) == nil)
    for target in ["", "*", "http://localhost/", "localhost:1"] {
      #expect(Self.isMalformed(Self.fault([:], target: target)), "\(target)")
    }
  }

  @Test("C15 encoded bodies and other expectations are refused") func refusals() {
    #expect(Self.fault(["content-encoding": ["gzip"]]) == .encoding)
    #expect(Self.fault(["content-encoding": ["identity", "br"]]) == .encoding)
    #expect(Self.fault(["expect": ["200-ok"]]) == .expectation)
  }
}
