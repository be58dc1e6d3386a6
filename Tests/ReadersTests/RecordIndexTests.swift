// SPDX-License-Identifier: Apache-2.0

import IngestTesting
import Testing
import Validation

@testable import Readers

@Suite("The scan by vectors")
struct RecordIndexTests {
  static let sets = ScanSet.allCases.filter(\.isAvailable)

  /// A text of regular records, with something irregular now and then.
  private static func text(_ generator: inout SeededGenerator, columns: Int) -> [UInt8] {
    let cells = [
      "", "1", "x", "\"\"", "\"a,b\"", "\"say \"\"hi\"\"\"", "\"two\nlines\"", "ünïcödé", "\"\"\"\"",
      String(repeating: "y", count: 70), "\"" + String(repeating: "z,\n", count: 30) + "\"",
    ]
    let odd = ["a\"b", "\"c\"d", "1,2,3,4,5,6,7", "\"open", "\r", "x\ry"]
    let lineEnd = Bool.random(using: &generator) ? "\n" : "\r\n"
    var text = ""
    for _ in 0..<Int.random(in: 0...60, using: &generator) {
      let isOdd = Int.random(in: 0..<40, using: &generator) == 0
      let row = (0..<columns).map { _ in (isOdd ? odd : cells).randomElement(using: &generator) ?? "" }
      text += row.joined(separator: ",") + lineEnd
    }
    if Bool.random(using: &generator) { text += "1,2" }
    return Array(text.utf8)
  }

  @Test("Every set of instructions finds what the portable scan finds, and that is what the scanner finds")
  func same() {
    var generator = SeededGenerator(seed: 512)
    for _ in 0..<400 {
      let columns = Int.random(in: 1...5, using: &generator)
      let bytes = Self.text(&generator, columns: columns)
      let mapped = MappedBytes(bytes)
      let limit = Bool.random(using: &generator) ? bytes.count : Int.random(in: 0...bytes.count, using: &generator)
      for set in Self.sets { check(mapped, columns: columns, limit: limit, set) }
    }
  }

  private func check(_ bytes: MappedBytes, columns: Int, limit: Int, _ set: ScanSet) {
    let comma = UInt8(ascii: ",")
    var index = RecordIndex(
      RecordIndex.Structure(delimiter: comma, quote: UInt8(ascii: "\"")), columns: columns,
      set: set)
    let answer = index.scan(bytes, from: 0, to: bytes.count, limit: limit)
    var scanner = CSVScanner(bytes, range: 0..<bytes.count, format: CSVFormat(delimiter: comma), caps: .none)
    var fields = FieldIndex()
    for record in 0..<answer.records {
      fields.removeAll()
      #expect(scanner.position == index.start(of: record), "\(set)")
      try? scanner.scan(until: scanner.position + 1, into: &fields)
      #expect(fields.fields(of: 0).count == columns, "\(set)")
      for column in 0..<min(columns, fields.fields.count) {
        let (found, expected) = (index.field(record, column, in: bytes), fields.fields[column])
        #expect(
          found.start == expected.start && found.length == expected.length && found.flags == expected.flags, "\(set)")
      }
    }
    #expect(scanner.position == answer.bytes)
    if answer.records > 0 {
      #expect(answer.hasQuotes == scanner.hasQuotes && answer.lineEnds == scanner.lineEnds, "\(set)")
    }
    switch answer.stop {
    case .limit: #expect(answer.bytes >= limit)
    case .incomplete: #expect(answer.bytes < limit || limit == 0)
    case .irregular:
      // The scanner sees why: another width, a stray or unclosed quote, or a lone CR.
      fields.removeAll()
      try? scanner.scan(until: bytes.count, into: &fields)
      let isPlain = (0..<fields.recordCount).allSatisfy { fields.fields(of: $0).count == columns }
      #expect(
        !isPlain || scanner.strayQuotes > 0 || scanner.unclosedQuote != nil
          || scanner.lineEnds.contains(.carriageReturn)
          || fields.fields.contains { !$0.isQuoted && bytes.firstIndex(of: 0x22, in: $0.start..<$0.end) != nil },
        "\(set): \(String(decoding: (0..<bytes.count).map { bytes[$0] }, as: UTF8.self).debugDescription)")
    }
  }

  @Test("At least the portable scan and one by vectors were tested")
  func available() {
    #expect(Self.sets.count >= 2 && Self.sets.contains(.best))
  }
}
