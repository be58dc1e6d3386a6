// SPDX-License-Identifier: Apache-2.0

import Testing
import Validation

@testable import Readers

@Suite("Quote soup")
struct QuoteSoupTests {
  /// What is repeated to make a text, and what stands in front of it.
  static let soups: [(front: String, pattern: String)] = [
    ("", "\""), ("", "\"\""), ("", "\"a"), ("", "\"a\"b"), ("", "a\""), ("", "\"\n"), ("", "\"a\n"), ("", "\",\""),
    ("", "\"a,"),
    ("\"", "a\"b"), ("\"", "a\"b,"), ("\"", "\"\"a\""), ("\"", "x"), ("\"", "x\n"), ("\"", "x,y\n"), ("\"", "a\"b\n"),
    ("", "\"\"\""),
    ("", "\"x\",\"y\"z\n"), ("", "\"\r\n"), ("", ",\"a\"b"), ("", "\"a\"\r"), ("\"", "a\" "),
    ("", "\"abc,\"def,\"ghi,x\n"), ("\n\"", "\"\"\n"),
    ("", "\"a\"b,\"a\"b\n"), ("\"xxxxxxxx\n", "a\"b"), ("", "\"a\"b,\"a\"b\r"), ("", "\"a\n,\"b"),
    // What is read again by the number of cells
    ("", "1,\"x\"\"\n"), ("", "\"a\", b\","), ("", "\"a,b\"c,d\n"), ("\"", "x\"\"y,"), ("", "\"a,\"b\n"),
  ]

  private func time(_ front: String, _ pattern: String, bytes count: Int) throws -> Duration {
    let text = front + String(repeating: pattern, count: count / pattern.utf8.count)
    let bytes = MappedBytes(Array(text.utf8))
    return try ContinuousClock().measure {
      var scanner = CSVScanner(bytes, range: 0..<bytes.count, format: CSVFormat(delimiter: 0x2C), caps: .none, width: 7)
      while !scanner.isAtEnd {
        var index = FieldIndex()
        try scanner.scan(until: scanner.position + 65_536, into: &index)
      }
    }
  }

  @Test("C25 Thirty-two times the quotes take about as many times as long", arguments: soups)
  func linear(soup: (front: String, pattern: String)) throws {
    let small = try (0..<3).map { _ in try time(soup.front, soup.pattern, bytes: 8 << 10) }.min() ?? .zero
    let large = try time(soup.front, soup.pattern, bytes: 256 << 10)
    // Quadratic work would take 1,024 times as long; the machine may be busy with other tests.
    #expect(large < max(small, .milliseconds(4)) * 250, "\(small) and \(large)")
  }

  @Test("C25 A mebibyte of stray quotes in one line is read in a moment")
  func mebibyte() throws {
    // Each quote used to look for the end of its line: minutes.
    #expect(try time("\"", "a\"b", bytes: 1 << 20) < .seconds(10))
  }

  @Test("C25 A whole table of quote soup is refused or read, in bounded time", arguments: soups)
  func wholeTable(soup: (front: String, pattern: String)) throws {
    let text = "a,b\n" + soup.front + String(repeating: soup.pattern, count: 20_000 / soup.pattern.utf8.count)
    _ = try rejection(of: text)
  }
}
