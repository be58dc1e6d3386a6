// SPDX-License-Identifier: Apache-2.0

import IngestTesting
import Testing
import Validation

@testable import Readers

@Suite("The scan by vectors")
struct RecordIndexTests {
  static let sets = ScanSet.allCases.filter(\.isAvailable)

  /// How a text is written, and what its cells may be.
  struct Writing: Sendable {
    let format: CSVFormat
    var lineEnds = ["\n", "\r\n"]
    /// What the scan takes.
    let cells: [String]
    /// Cells that make a record irregular.
    let odd: [String]
    /// Lines that are no records.
    var comments: [String] = []

    var endsWithReturn: Bool { lineEnds == ["\r"] }
  }

  private static let long = String(repeating: "y", count: 70)

  static let writings: [Writing] = [
    Writing(
      format: CSVFormat(delimiter: UInt8(ascii: ",")),
      cells: [
        "", "1", "x", "\"\"", "\"a,b\"", "\"say \"\"hi\"\"\"", "\"two\nlines\"", "ünïcödé", "\"\"\"\"", long,
        "\"" + String(repeating: "z,\n", count: 30) + "\"",
      ], odd: ["a\"b", "\"c\"d", "1,2,3,4,5,6,7", "\"open", "\r", "x\ry"]),
    Writing(
      format: CSVFormat(delimiter: UInt8(ascii: ";")), lineEnds: ["\r"],
      cells: ["", "1", "x", "\"a;b\"", "\"two\rlines\"", "\"of\nboth\r\n\"", "\"\"\"\"", long],
      odd: ["a\"b", "x\ny", "x\r\ny", "1;2;3;4;5;6"]),
    Writing(
      format: CSVFormat(delimiter: .init(UInt8(ascii: "|"), UInt8(ascii: "|"))),
      cells: ["", "1", "x|y", "\"a||b\"", "\"|\"", "\"\"\"|\"", "\"\n||\"", long],
      odd: ["a||b", "x\"y", "\"a\"|", "\"open"]),
    Writing(
      format: CSVFormat(delimiter: .init(UInt8(ascii: ","), 0x20)),
      cells: ["", "1", "x,y", "x y", "\"a, b\"", "\", \"", "\"\n, \"", long], odd: ["a, b", "x\"y", "\"a\"x", "\"open"]),
    Writing(
      format: CSVFormat(delimiter: .init(UInt8(ascii: ",")), escape: .backslash),
      cells: [
        "", "1", "a\\,b", "\\\\", "x\\ny", "\\\\\\,", "\"say \\\"hi\\\"\"", "\"\\\\\"", "\"a,b\"", "\"q\"\"q\\\"\"\"\"",
        "\\\"x",
        "\"" + String(repeating: "\\\\", count: 40) + "\"", long,
      ], odd: ["a\"b", "\"open", "a\\\\,b", "\\\\\"x\""]),
    Writing(
      format: CSVFormat(delimiter: .init(UInt8(ascii: "|"), UInt8(ascii: "|")), escape: .backslash),
      lineEnds: ["\r"], cells: ["", "1", "a\\||b", "\\\\", "\"\\\"||\"", "x\\|", long], odd: ["a||b", "x\\\\||y"]),
    Writing(
      format: CSVFormat(delimiter: .init(UInt8(ascii: ",")), comment: Array("#".utf8)),
      cells: ["", "1", "x#", "\"#,\"", "\"\n#\n\"", long], odd: ["a\"b", "\"open"],
      comments: ["#", "# a, \"b", "#" + long + long]),
    Writing(
      format: CSVFormat(delimiter: .init(0x09), quote: CSVFormat.apostrophe, comment: Array("//".utf8)),
      lineEnds: ["\r"], cells: ["1", "/", "'a\tb'", "'it''s'", "'\r//\r'", long], odd: ["it's", "'open"],
      comments: ["//", "// it's", "//\t\t\t"]),
    Writing(
      format: CSVFormat(delimiter: .init(UInt8(ascii: ",")), quote: nil, comment: Array("--".utf8)),
      cells: ["", "-1", "\"", "a\"b", long], odd: ["1,2"], comments: ["--", "--x,y"]),
  ]

  /// A text of regular records, with something irregular now and then.
  private static func text(_ writing: Writing, columns: Int, isRegular: Bool, _ generator: inout SeededGenerator)
    -> (bytes: [UInt8], records: Int)
  {
    let lineEnd = writing.lineEnds.randomElement(using: &generator) ?? "\n"
    var text = ""
    var records = 0
    for _ in 0..<Int.random(in: 0...60, using: &generator) {
      if Int.random(in: 0..<4, using: &generator) == 0, let comment = writing.comments.randomElement(using: &generator)
      {
        text += comment + lineEnd
      }
      let isOdd = !isRegular && Int.random(in: 0..<40, using: &generator) == 0
      let row = (0..<columns).map { _ in
        (isOdd ? writing.odd : writing.cells).randomElement(using: &generator) ?? ""
      }
      text += row.joined(separator: writing.format.delimiter.text) + lineEnd
      records += 1
    }
    if Bool.random(using: &generator) { text += "1,2" }
    return (Array(text.utf8), records)
  }

  @Test(
    "Every set of instructions finds what the portable scan finds, and that is what the scanner finds",
    arguments: writings)
  func same(writing: Writing) {
    var generator = SeededGenerator(seed: 512)
    for _ in 0..<400 {
      let columns = Int.random(in: 1...5, using: &generator)
      let bytes = Self.text(writing, columns: columns, isRegular: false, &generator).bytes
      let mapped = MappedBytes(bytes)
      let limit = Bool.random(using: &generator) ? bytes.count : Int.random(in: 0...bytes.count, using: &generator)
      for set in Self.sets { check(mapped, writing, columns: columns, limit: limit, set) }
    }
  }

  @Test("Records that are regular are all taken", arguments: writings)
  func all(writing: Writing) {
    var generator = SeededGenerator(seed: 77)
    for _ in 0..<200 {
      let columns = Int.random(in: 2...5, using: &generator)
      let (bytes, records) = Self.text(writing, columns: columns, isRegular: true, &generator)
      // Of CR at the end nobody knows yet whether it is alone.
      let last = writing.endsWithReturn && bytes.last == 0x0D ? 1 : 0
      for set in Self.sets {
        var index = RecordIndex(
          RecordIndex.Structure(writing.format, endsWithReturn: writing.endsWithReturn), columns: columns, set: set)
        let answer = index.scan(MappedBytes(bytes), from: 0, to: bytes.count, limit: .max)
        #expect(answer.stop == .incomplete, "\(set)")
        #expect(
          answer.records == max(0, records - last), "\(set): \(String(decoding: bytes, as: UTF8.self).debugDescription)"
        )
      }
    }
  }

  private func check(_ bytes: MappedBytes, _ writing: Writing, columns: Int, limit: Int, _ set: ScanSet) {
    var index = RecordIndex(
      RecordIndex.Structure(writing.format, endsWithReturn: writing.endsWithReturn), columns: columns, set: set)
    let answer = index.scan(bytes, from: 0, to: bytes.count, limit: limit)
    var scanner = CSVScanner(bytes, range: 0..<bytes.count, format: writing.format, caps: .none)
    var fields = FieldIndex()
    for record in 0..<answer.records {
      fields.removeAll()
      guard scanner.nextRecord(into: &fields) != nil else { break }
      #expect(fields.recordStarts[0] == index.start(of: record), "\(set)")
      #expect(fields.fields(of: 0).count == columns, "\(set)")
      for column in 0..<min(columns, fields.fields.count) {
        let (found, expected) = (index.field(record, column, in: bytes), fields.fields[column])
        #expect(
          found.start == expected.start && found.length == expected.length && found.flags == expected.flags, "\(set)")
      }
    }
    // Comments that were passed over behind the last record.
    fields.removeAll()
    try? scanner.scan(until: answer.bytes, into: &fields)
    #expect(scanner.position == answer.bytes && fields.recordCount == 0)
    #expect(Int(scanner.comments) == answer.comments && scanner.firstComment == answer.firstComment)
    if answer.records > 0 {
      #expect(answer.hasQuotes == scanner.hasQuotes && answer.lineEnds == scanner.lineEnds, "\(set)")
    }
    switch answer.stop {
    case .limit: #expect(answer.bytes >= limit)
    case .incomplete: #expect(answer.bytes < limit || limit == 0)
    case .irregular:
      // The scanner sees why: another width, a stray or unclosed quote, or another line end.
      fields.removeAll()
      try? scanner.scan(until: bytes.count, into: &fields)
      let quote = writing.format.quote ?? 0
      let isPlain = (0..<fields.recordCount).allSatisfy { fields.fields(of: $0).count == columns }
      #expect(
        !isPlain || scanner.strayQuotes > 0 || scanner.unclosedQuote != nil
          || (writing.endsWithReturn ? scanner.lineEnds != .carriageReturn : scanner.lineEnds.contains(.carriageReturn))
          || fields.fields.contains { !$0.isQuoted && bytes.firstIndex(of: quote, in: $0.start..<$0.end) != nil },
        "\(set): \(String(decoding: (0..<bytes.count).map { bytes[$0] }, as: UTF8.self).debugDescription)")
    }
  }

  @Test("At least the portable scan and one by vectors were tested")
  func available() {
    #expect(Self.sets.count >= 2 && Self.sets.contains(.best))
  }
}
