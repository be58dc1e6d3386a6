// SPDX-License-Identifier: Apache-2.0

import IngestTesting
import Testing
import Validation

@testable import Readers

/// The cells of a text, as the scanner cuts them.
func scan(
  _ text: String, delimiter: UInt8 = UInt8(ascii: ","), step: Int = .max, width: Int? = nil
) throws -> (cells: [[String]], scanner: CSVScanner) {
  let bytes = MappedBytes(Array(text.utf8))
  let format = CSVFormat(delimiter: delimiter)
  var scanner = CSVScanner(bytes, range: 0..<bytes.count, format: format, caps: .none, width: width)
  var records: [[String]] = []
  while !scanner.isAtEnd {
    var index = FieldIndex()
    try scanner.scan(until: step == .max ? bytes.count : scanner.position + step, into: &index)
    for record in 0..<index.recordCount {
      records.append(
        index.fields[index.fields(of: record)].map { field in
          var text: [UInt8] = []
          field.appendContent(of: bytes, to: &text)
          return (field.isAbsent ? "∅" : "") + String(decoding: text, as: UTF8.self)
        })
    }
  }
  return (records, scanner)
}

@Suite("The CSV scanner")
struct ScannerTests {
  /// Texts and their cells; `∅` is a cell that is absent.
  static let cases: [(String, [[String]])] = [
    ("", []), ("a", [["a"]]), ("a\n", [["a"]]), ("a,b\n", [["a", "b"]]), ("a,b\r\n", [["a", "b"]]),
    ("a,b\r\n1,2", [["a", "b"], ["1", "2"]]),
    (",", [["∅", "∅"]]), ("a,", [["a", "∅"]]), (",a", [["∅", "a"]]), ("\n", [["∅"]]), ("\n\n", [["∅"], ["∅"]]),
    ("\r\n", [["∅"]]),
    ("a\n\nb", [["a"], ["∅"], ["b"]]), ("a\rb", [["a"], ["b"]]), ("a\r", [["a"]]), ("a\r\r\n", [["a"], ["∅"]]),
    ("\r", [["∅"]]),
    // Quotes by RFC 4180
    ("\"a\"", [["a"]]), ("\"\"", [[""]]), ("\"\",", [["", "∅"]]), ("\"a,b\",c", [["a,b", "c"]]),
    ("\"a\nb\"\nc", [["a\nb"], ["c"]]),
    ("\"a\r\nb\"\r\nc", [["a\r\nb"], ["c"]]), ("\"a\"\"b\"", [["a\"b"]]), ("\"\"\"\"", [["\""]]),
    ("\"\"\"a\"\"\"", [["\"a\""]]),
    ("\"\"\"\"\"\"", [["\"\""]]), ("x,\"\"\"\"\n", [["x", "\""]]), ("\"a\"\r", [["a"]]), ("\"a\"\n", [["a"]]),
    ("\"a\"\r\n\"b\"", [["a"], ["b"]]),
    ("\"\r\n\"", [["\r\n"]]), ("\" a \"", [[" a "]]), ("\",\"\",\"", [[",\","]]),
    // Stray quotes are text
    ("a\"b", [["a\"b"]]), ("5\" pipe,x", [["5\" pipe", "x"]]), ("a\"b\",c", [["a\"b\"", "c"]]),
    (" \"a,b\"", [[" \"a", "b\""]]),
    ("\"a\"b,c", [["\"a\"b", "c"]]), ("\"a\"b\",c", [["a\"b", "c"]]), ("\"a\" ,b", [["a", "b"]]),
    ("\"a\"\"b\"c\",d", [["a\"b\"c", "d"]]),
    ("\"a\"x\nb\",c\n", [["\"a\"x"], ["b\"", "c"]]), ("\"a\n\"b\nc\n", [["\"a"], ["\"b"], ["c"]]),
    ("\"a\"\rb", [["a"], ["b"]]), ("\"a\"b\"\nc", [["a\"b"], ["c"]]), ("\"a\"b\rc\"\n", [["\"a\"b"], ["c\""]]),
    // Quotes that are never closed are text
    ("\"", [["\""]]), ("\"a", [["\"a"]]), ("\"a,b\nc,d\n", [["\"a", "b"], ["c", "d"]]),
    ("a,\"b\nc,d", [["a", "\"b"], ["c", "d"]]),
    ("\"\"\"", [["\""]]), ("\"\"\",\"z\"", [["\"", "z"]]), ("\"\"a", [["\"\"a"]]), ("\"a\"\"", [["a\""]]),
    ("\"\n", [["\""]]),
    ("\"\"\"\n\"", [["\"\n"]]),
    // A quote too many at a cell's end, and text behind quotes that hold a delimiter
    ("\"a\"\"\nb", [["a\""], ["b"]]), ("\"a\"\",b\n\"c\"", [["a\"", "b"], ["c"]]),
    ("\"a,b\"c,d\ne", [["a,bc", "d"], ["e"]]), ("\"a,\"\"b\"c\"d\ne", [["a,\"bc\"d"], ["e"]]),
    ("\"a\"b \"c\" d,e\n", [["\"a\"b \"c\" d", "e"]]),
    // Nor can one swallow the records up to the next quoted cell
    ("1,\"a\n2,\"b\"\n3,c", [["1", "\"a"], ["2", "b"], ["3", "c"]]), ("\"a\n\"b\"\n", [["\"a"], ["b"]]),
    ("\"a\r\"b\",c", [["\"a"], ["b", "c"]]), ("x\n\"", [["x"], ["\""]]), ("\",\n", [["\"", "∅"]]),
  ]

  @Test("Cells are cut by RFC 4180, and what it does not know is text", arguments: cases)
  func cells(text: String, expected: [[String]]) throws {
    #expect(try scan(text).cells == expected)
    #expect(try scan(text, step: 1).cells == expected, "record by record")
  }

  @Test(
    "A lone CR ends a line too",
    arguments: [
      ("a\rb", [["a"], ["b"]]), ("a,b\r1,2\r", [["a", "b"], ["1", "2"]]), ("\"a\rb\"\rc", [["a\rb"], ["c"]]),
      ("a\nb\rc", [["a"], ["b"], ["c"]]), ("\"a\rb\nc\"\r", [["a\rb\nc"]]),
      ("\"a\"\r\"b\"", [["a"], ["b"]]), ("\"a\rb", [["\"a"], ["b"]]),
    ])
  func carriageReturns(text: String, expected: [[String]]) throws {
    #expect(try scan(text).cells == expected)
  }

  @Test("Each delimiter cuts, and the others are text", arguments: [",", ";", "\t", "|"])
  func delimiters(delimiter: String) throws {
    let others = [",", ";", "\t", "|"].filter { $0 != delimiter }.joined()
    let text = "a\(others)\(delimiter)\"b\(delimiter)\"\(delimiter)\n"
    #expect(try scan(text, delimiter: delimiter.utf8.first ?? 0).cells == [["a\(others)", "b\(delimiter)", "∅"]])
  }

  @Test("C25 The first quote that is never closed, and the first stray one, are named by their offset")
  func offsets() throws {
    #expect(try scan("a\n1,\"b\n2,c\n").scanner.unclosedQuote == 4)
    #expect(try scan("a,\"b\"\n").scanner.unclosedQuote == nil)
    let stray = try scan("a\n\"x\"y\",1\n").scanner
    #expect(stray.firstStrayQuote == 4)
    #expect(stray.strayQuotes == 1)
    #expect(stray.hasQuotes)
    #expect(try !scan("a,5\"\n").scanner.hasQuotes)
  }

  /// Texts with one quote too many or too few, the usual number of cells, and what is read.
  static let repairs: [(String, Int, [[String]])] = [
    // Too many: at the end of a quoted cell, at the start of a bare one
    ("\"a\"\",\"b\",\"c\"\n", 3, [["a\"", "b", "c"]]), ("\"\"a\",\"b\",\"c\"\n", 3, [["\"a", "b", "c"]]),
    ("\"1,x,\"a, b\",2\n", 4, [["\"1", "x", "a, b", "2"]]), ("1,\"x,\"a, b\"\n", 3, [["1", "\"x", "a, b"]]),
    // Too few
    ("\"a,\"b\",\"c\"\n", 3, [["\"a", "b", "c"]]), ("\"a\",\"b,\"c\"\n", 3, [["a", "\"b", "c"]]),
    ("\"a\",b\",\"c\"\n", 3, [["a", "b\"", "c"]]), ("\"a\", b\",\"c\"\n", 2, [["a\", b", "c"]]),
    // Between lines
    ("1,\"a,2\n3,b,4\n5,6,b\"\n", 3, [["1", "\"a", "2"], ["3", "b", "4"], ["5", "6", "b\""]]),
    // A cell of several lines stays whole, in a row of any length, and a short row stays short
    ("1,\"a\n2,3\",4\n", 3, [["1", "a\n2,3", "4"]]), ("1,\"a\n2,3\"\n", 3, [["1", "a\n2,3"]]),
    ("a,\"b,c\"\n", 3, [["a", "b,c"]]), ("a,\"b,c\nd\"\n", 3, [["a", "b,c\nd"]]),
    ("\"a\"\"b\",c\n", 3, [["a\"b", "c"]]), ("\"a\"b,c\n", 3, [["\"a\"b", "c"]]),
  ]

  @Test("A quote too many or too few is told from the number of cells in a record", arguments: repairs)
  func repaired(text: String, width: Int, expected: [[String]]) throws {
    #expect(try scan(text, width: width).cells == expected)
    #expect(try scan(text, step: 1, width: width).cells == expected, "record by record")
  }

  @Test("A record does not depend on where pieces end", arguments: [nil, 2, 3])
  func pieces(width: Int?) throws {
    var generator = SeededGenerator(seed: 4180)
    let alphabet = ["a", ",", "\"", "\"", "\n", "\r\n", "\"\"", ",\"", "\",", "é", "\r"]
    for _ in 0..<1_500 {
      let text = (0..<Int.random(in: 0...14, using: &generator)).map { _ in
        alphabet.randomElement(using: &generator) ?? ""
      }.joined()
      let whole = try scan(text, width: width).cells
      for step in [1, 2, 3, 7] {
        #expect(try scan(text, step: step, width: width).cells == whole, "\(text.debugDescription)")
      }
    }
  }

  @Test("Every byte of a text is in a cell, a quote around one, a delimiter or a line end", arguments: [nil, 2, 3])
  func nothingIsLost(width: Int?) throws {
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<3_000 {
      let text = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
        ["x", "y", ",", "\"", "\n"].randomElement(using: &generator) ?? ""
      }.joined()
      let cells = try scan(text, width: width).cells.joined().joined().filter { "xy".contains($0) }
      #expect(cells == text.filter { "xy".contains($0) }, "\(text.debugDescription)")
    }
  }

  @Test("A text that quotes its cells by RFC 4180 is read back exactly")
  func quoted() throws {
    var generator = SeededGenerator(seed: 180)
    for _ in 0..<500 {
      let records = (0..<Int.random(in: 1...4, using: &generator)).map { _ in
        (0..<3).map { _ in
          (0..<Int.random(in: 0...5, using: &generator)).map { _ in
            ["a", ",", "\"", "\n", "\r", " "].randomElement(using: &generator) ?? ""
          }.joined()
        }
      }
      let text = records.map { record in
        record.map { "\"\($0.replacing("\"", with: "\"\""))\"" }.joined(separator: ",") + "\r\n"
      }.joined()
      #expect(try scan(text).cells == records)
    }
  }

  // MARK: Caps

  @Test(
    "C27 A cell, a record, or a number of columns past its cap is named",
    arguments: [
      ("aaaa\n", Rejection.Code?.none, nil), ("aaaaa\n", .cellTooLarge, 0), ("a,aaaaa\n", .cellTooLarge, 2),
      ("\"aaaaa\"", .cellTooLarge, 0),
      ("a,b,c\n", nil, nil), ("a,b,c,d\n", .tooManyColumns, 0), ("x\na,b,c,d", .tooManyColumns, 2),
      ("aaaa,aaaa,\n", nil, nil),
      ("x\naaaa,aaaa,a\n", .recordTooLarge, 2), ("aaaa,aaaa,a", nil, nil), ("aaaa,aaaa,aa", .recordTooLarge, 0),
    ] as [(String, Rejection.Code?, UInt64?)])
  func caps(text: String, code: Rejection.Code?, offset: UInt64?) throws {
    let bytes = MappedBytes(Array(text.utf8))
    let caps = CSVScanner.Caps(columns: 3, recordBytes: 11, cellBytes: 4)
    var scanner = CSVScanner(bytes, range: 0..<bytes.count, format: CSVFormat(delimiter: 0x2C), caps: caps)
    var index = FieldIndex()
    do throws(Rejection) {
      try scanner.scan(until: bytes.count, into: &index)
      #expect(code == nil)
    } catch {
      #expect(error.code == code)
      #expect(error.byteOffset == offset)
    }
  }
}
