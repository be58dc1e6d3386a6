// SPDX-License-Identifier: Apache-2.0

import Fuzzing

/// A well-formed table that a fuzzer chose, as RFC 4180 writes it, but with any of the common delimiters and line ends.
///
/// Its columns hold values of one kind each under a header of names, so that there is one right way to take it apart.
struct WrittenTable {
  let delimiter: String
  private let lineEnd: String
  private(set) var records: [[String]]
  private(set) var bytes: [UInt8] = []

  /// What stands in cells without quotes.
  ///
  /// No value holds a delimiter, and the first ones are never empty.
  private static let kinds: [[String]] = [
    ["1", "22", "-3", "0", "4711", "999999999999"], ["1.5", "-0.25", "3.125", "100.0", ""],
    ["2024-01-02", "1999-12-31", "2000-02-29", ""], ["true", "false", ""], ["north", "south", "east", ""],
    ["Zürich", "Łódź", "東京", ""],
  ]
  /// What stands in quotes only.
  private static let quoted = ["a, b", "x;y", "l\n2", "say \"hi\"", "1|2", "t\tt", "\r\n", "\"", ",", "two  words"]
  private static let names = ["id", "price", "day", "active", "region", "city", "comment"]

  init(choosing input: inout FuzzInput) {
    delimiter = input.element(of: [",", ";", "\t", "|"])
    lineEnd = input.element(of: ["\n", "\r\n", "\n", "\r"])
    let quotesAll = input.choice(8) == 7
    let isUnfinished = input.flag()
    let texts = input.choice(3) == 2
    var kinds = [0] + (0..<1 + input.choice(5)).map { _ in input.choice(Self.kinds.count) }
    if texts { kinds.append(Self.kinds.count) }
    records = [kinds.indices.map { Self.names[kinds[$0]] + ($0 > 0 ? "\($0)" : "") }]
    for _ in 0..<4 + input.choice(40) {
      records.append(kinds.map { input.element(of: $0 < Self.kinds.count ? Self.kinds[$0] : Self.quoted) })
    }
    var lines: [String] = []
    for record in records {
      lines.append(record.map { quotesAll || needsQuotes($0) ? Self.inQuotes($0) : $0 }.joined(separator: delimiter))
    }
    bytes = Array((lines.joined(separator: lineEnd) + (isUnfinished ? "" : lineEnd)).utf8)
  }

  /// All that may look like a delimiter is in quotes.
  private func needsQuotes(_ cell: String) -> Bool {
    cell.unicodeScalars.contains { ",;\t|\"\r\n ".unicodeScalars.contains($0) }
  }

  private static func inQuotes(_ cell: String) -> String {
    "\"" + cell.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
}
