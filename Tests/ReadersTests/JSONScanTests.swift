// SPDX-License-Identifier: Apache-2.0

import IngestTesting
import Testing
import Validation
import WorkerProtocol

@testable import Readers

@Suite("JSON by vectors")
struct JSONScanTests {
  private static let long = String(repeating: "y", count: 70)

  /// Values that end anywhere in a vector, and some that are none.
  private static let values =
    [
      "0", "-0", "7", "-12", "12345678901234567890", "0.5", "-0.25", "1e5", "-1.5E+10", "123456789.123456789",
      "1234567890123456789012345678901", "0.12345678901234567890123456789012345", "null", "true", "false", "\"\"",
      "\"x\"", "\"says \\\"hi\\\"\"", "\"\\u00e9\\ud83d\\ude00\"", "\"\(long)\"", "\"\(long)\\n\(long)\"",
      "\"é\"", "[]",
      "[1,2.5,\"x]\"]", "{}", "{\"b\":1}", "{\"b\":{\"c\":[null]}}",
    ] + (0..<40).map { "\"\(String(repeating: "z", count: $0))\"" } + (1..<40).map { String(repeating: "3", count: $0) }
  private static let wrong = [
    "01", "-", "-01", "1.", ".5", "1..2", "1.2.3", "1e", "+1", "1-2", "tru", "nul", "\"", "\"\t\"", "\"\\x\"",
    "\"\\ud83d\"", "[1,]", "{1:2}", "}", "--1", "-.5", "00",
  ]
  private static let keys = ["id", "name", "a longer key than that", "\(long)", "k\\u0065y", "id"]

  private static func blank(_ draw: inout SeededGenerator) -> String {
    ["", "", "", "", " ", " \t"].randomElement(using: &draw) ?? ""
  }

  private static func record(_ values: [String], by draw: inout SeededGenerator, isList: Bool) -> String {
    let members = (0..<Int.random(in: 0...6, using: &draw)).map { place in
      let isUsual = Int.random(in: 0..<8, using: &draw) > 0
      let key = isUsual ? keys[place % keys.count] : keys.randomElement(using: &draw) ?? ""
      let head = isList ? "" : "\"\(key)\"\(blank(&draw)):"
      return blank(&draw) + head + blank(&draw) + (values.randomElement(using: &draw) ?? "1") + blank(&draw)
    }
    return isList ? "[\(members.joined(separator: ","))]" : "{\(members.joined(separator: ","))}"
  }

  /// All that a scan says of a text.
  private static func answer(_ text: [UInt8], _ form: JSONForm) -> String {
    let bytes = MappedBytes(text)
    let range = 0..<text.count
    let finder = JSONScan(form)
    let found = finder.scan(bytes, from: 0, limit: text.count, in: range, findsKeys: true)
    let tree = finder.tree
    let scan = JSONScan(form, tree)
    let columns = tree.columns.count { $0 != nil }
    var told = "\(found) \(tree.keys)\n"
    var position = 0
    while position < text.count {
      let answer = scan.scan(bytes, from: position, limit: text.count, in: range)
      told += "\(answer)\n"
      let cells = JSONCells(scan, position..<position + answer.bytes, columns: columns, records: answer.records)
      for record in 0..<answer.records {
        for column in 0..<columns {
          let field = cells.field(record, column, in: bytes)
          told += "\(field.start)+\(field.length)\(field.isQuoted ? "q" : "") "
        }
      }
      guard answer.bytes > 0 else { break }
      position += answer.bytes
    }
    return told
  }

  @Test("Every set of instructions finds the same cells and the same faults", arguments: 0..<600)
  func sets(seed: Int) {
    var draw = SeededGenerator(seed: UInt64(seed))
    let isList = Int.random(in: 0..<4, using: &draw) == 0
    var form = JSONForm(ReadLimits(Limits()), hasArrays: isList, hasLines: true, flatDepth: 1 + seed % 3)
    // Half of the texts are sound.
    let values = seed.isMultiple(of: 2) ? Self.values : Self.values + Self.wrong
    let lines = (0..<8).map { _ in Self.record(values, by: &draw, isList: isList) }
    var text = Array(lines.joined(separator: "\n").utf8)
    // Wherever it is cut, nothing behind it is read.
    if seed.isMultiple(of: 3) { text.removeLast(Int.random(in: 0...text.count / 2, using: &draw)) }
    form.set = .portable
    let expected = Self.answer(text, form)
    for set in ScanSet.allCases where set.isAvailable {
      form.set = set
      #expect(Self.answer(text, form) == expected, "\(set): \(String(decoding: text, as: UTF8.self))")
    }
  }
}
