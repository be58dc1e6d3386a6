// SPDX-License-Identifier: Apache-2.0

import HTTPParsing
import Testing

@Suite("Byte ranges")
struct ByteRangeTests {
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
}
