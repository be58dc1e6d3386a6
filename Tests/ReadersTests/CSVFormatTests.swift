// SPDX-License-Identifier: Apache-2.0

import IngestTesting
import Testing
import Validation

@testable import Readers

/// The cells of a text in a format, as the scanner cuts them; `∅` is an absent one.
private func cells(_ text: String, _ format: CSVFormat, step: Int = .max) throws -> [[String]] {
  let bytes = MappedBytes(Array(text.utf8))
  var scanner = CSVScanner(bytes, range: 0..<bytes.count, format: format, caps: .none)
  var records: [[String]] = []
  while !scanner.isAtEnd {
    var index = FieldIndex()
    try scanner.scan(until: step == .max ? bytes.count : scanner.position + step, into: &index)
    for record in 0..<index.recordCount {
      records.append(
        index.fields[index.fields(of: record)].map { field in
          var text: [UInt8] = []
          field.appendContent(of: bytes, to: &text)
          return field.isAbsent ? "∅" : String(decoding: text, as: UTF8.self)
        })
    }
  }
  return records
}

@Suite("Formats of delimited text")
struct CSVFormatTests {
  private static let comma = CSVFormat.Delimiter(UInt8(ascii: ","))
  private static let commaBlank = CSVFormat(delimiter: CSVFormat.Delimiter(UInt8(ascii: ","), 0x20))
  private static let pipes = CSVFormat(delimiter: CSVFormat.Delimiter(UInt8(ascii: "|"), UInt8(ascii: "|")))
  private static let apostrophe = CSVFormat(delimiter: comma, quote: CSVFormat.apostrophe)
  private static let backslash = CSVFormat(delimiter: comma, escape: .backslash)
  private static let padded = {
    var format = CSVFormat(delimiter: comma)
    format.padsQuotes = true
    return format
  }()
  private static let aligned = {
    var format = CSVFormat(delimiter: CSVFormat.Delimiter(0x20))
    format.mergesBlanks = true
    return format
  }()
  private static let unquoted = CSVFormat(delimiter: comma, quote: nil)
  private static let commented = CSVFormat(delimiter: comma, comment: Array("//".utf8))

  static let cases: [(CSVFormat, String, [[String]])] = [
    // Two bytes
    (commaBlank, "a, b\n1, 2\n", [["a", "b"], ["1", "2"]]), (commaBlank, "a,b, c\n", [["a,b", "c"]]),
    (commaBlank, "\"a, b\", c\n", [["a, b", "c"]]), (commaBlank, "a, ", [["a", "∅"]]), (commaBlank, "a,", [["a,"]]),
    (commaBlank, "x, \"a\nb\", \"c\"\n", [["x", "a\nb", "c"]]),
    (pipes, "a||b||c", [["a", "b", "c"]]), (pipes, "a|b||c", [["a|b", "c"]]), (pipes, "a||||c", [["a", "∅", "c"]]),
    (pipes, "a|||c", [["a", "|c"]]), (pipes, "\"a\"||\"b\"|\n", [["a", "\"b\"|"]]),
    // Apostrophes
    (apostrophe, "'a,b',c\n", [["a,b", "c"]]), (apostrophe, "'it''s',\"x\"\n", [["it's", "\"x\""]]),
    (apostrophe, "it's,5\n", [["it's", "5"]]), (apostrophe, "'','a\nb'\n", [["", "a\nb"]]),
    // Backslashes
    (backslash, "\"a\\\"b\",c\n", [["a\"b", "c"]]), (backslash, "\"a\\\\\",c\n", [["a\\", "c"]]),
    (backslash, "a\\,b,c\n", [["a,b", "c"]]), (backslash, "\"C:\\dir\\new\",c\n", [["C:\\dir\\new", "c"]]),
    (backslash, "\"a\"\"b\",c\n", [["a\"b", "c"]]), (backslash, "a\\\nb\n", [["a\\"], ["b"]]),
    (backslash, "\"a\\\",b\",c\n", [["a\",b", "c"]]), (backslash, "\"\\\"\",\\\\\n", [["\"", "\\"]]),
    (backslash, "a\\", [["a\\"]]), (backslash, "\"a\\", [["\"a\\"]]),
    // Blanks around quotes
    (padded, "a, \"b, c\" ,d\n", [["a", "b, c", "d"]]), (padded, "  \"a\"  \n b \n", [["a"], [" b "]]),
    (padded, "a, \"b\" c,d\n", [["a", " \"b\" c", "d"]]), (padded, "\"a\" ", [["a"]]),
    (padded, " \"a\nb\",1", [["a\nb", "1"]]),
    (padded, " \"a\n \"b\"\n", [[" \"a"], ["b"]]),
    // Any number of blanks
    (aligned, "  a   b c  \n1 2    3\n", [["a", "b", "c"], ["1", "2", "3"]]), (aligned, "   \na\n", [["∅"], ["a"]]),
    (aligned, " \"a  b\"   c \r\n d\r\n", [["a  b", "c"], ["d"]]), (aligned, "a \"b", [["a", "\"b"]]),
    (aligned, "a  ", [["a"]]),
    (aligned, " \"a\nb\"  c", [["a\nb", "c"]]),
    // No quotes
    (unquoted, "\"a,b\",c\n", [["\"a", "b\"", "c"]]), (unquoted, "\"\n", [["\""]]),
    // Comments
    (commented, "// x, y\na,b\n//\n1,2\n", [["a", "b"], ["1", "2"]]), (commented, "a,//b\n", [["a", "//b"]]),
    (commented, "//x\r\na\r//y\rb", [["a"], ["b"]]), (commented, "//", []),
    (commented, "\"\n//\",1\n", [["\n//", "1"]]),
  ]

  @Test("Each format is taken apart exactly", arguments: cases)
  func format(format: CSVFormat, text: String, expected: [[String]]) throws {
    #expect(try cells(text, format) == expected)
    #expect(try cells(text, format, step: 1) == expected, "record by record")
  }

  @Test("Lines of comment are counted, and the first is named by its offset")
  func comments() throws {
    let bytes = MappedBytes(Array("a\n//x\nb\n//y".utf8))
    var scanner = CSVScanner(bytes, range: 0..<bytes.count, format: Self.commented, caps: .none)
    var index = FieldIndex()
    try scanner.scan(until: bytes.count, into: &index)
    #expect(scanner.comments == 2)
    #expect(scanner.firstComment == 2)
    #expect(scanner.lineEnds == .lineFeed)
  }

  @Test("Every format is scanned but those whose delimiter holds a quote or a backslash, or is any number of blanks")
  func scannable() {
    let formats = [Self.commaBlank, Self.backslash, Self.commented, Self.padded, Self.apostrophe, Self.unquoted]
    #expect(formats.allSatisfy { RecordIndex.Structure($0).isScannable })
    #expect(!RecordIndex.Structure(Self.aligned).isScannable)
    for second in [UInt8(ascii: "\""), UInt8(ascii: "\\")] {
      let delimiter = CSVFormat.Delimiter(UInt8(ascii: ";"), second)
      #expect(!RecordIndex.Structure(CSVFormat(delimiter: delimiter)).isScannable)
    }
  }

  @Test("A closing quote is looked for within twice the cap on a record")
  func window() throws {
    let caps = CSVScanner.Caps(columns: 10, recordBytes: 20, cellBytes: 20)
    for (length, isQuoted) in [(10, true), (39, true), (40, false)] {
      let text = "\"" + String(repeating: "\n", count: length) + "\""
      let bytes = MappedBytes(Array(text.utf8))
      var scanner = CSVScanner(bytes, range: 0..<bytes.count, format: CSVFormat(delimiter: 0x2C), caps: caps)
      var index = FieldIndex()
      do throws(Rejection) { try scanner.scan(until: 1, into: &index) } catch { #expect(error.code == .cellTooLarge) }
      #expect((scanner.unclosedQuote == nil) == isQuoted, "\(length)")
    }
  }

  @Test("A scan that starts at any record finds what the scan before it found")
  func independent() throws {
    let pieces = ["a", ",", "\"", "\"\"", "\n", ",\"", "\",", "\r\n"]
    var generator = SeededGenerator(seed: 31)
    for _ in 0..<2_000 {
      let text = (0..<16).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
      let bytes = MappedBytes(Array(text.utf8))
      var scanner = CSVScanner(bytes, range: 0..<bytes.count, format: CSVFormat(delimiter: 0x2C), caps: .none)
      var whole = FieldIndex()
      try scanner.scan(until: bytes.count, into: &whole)
      for start in whole.recordStarts {
        var other = CSVScanner(bytes, range: start..<bytes.count, format: CSVFormat(delimiter: 0x2C), caps: .none)
        var rest = FieldIndex()
        try other.scan(until: bytes.count, into: &rest)
        #expect(rest.recordStarts == whole.recordStarts.filter { $0 >= start }, "\(text.debugDescription)")
        #expect(rest.fields.map(\.length) == whole.fields.suffix(rest.fields.count).map(\.length))
      }
    }
  }
}
