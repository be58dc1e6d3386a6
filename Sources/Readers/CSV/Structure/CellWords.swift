// SPDX-License-Identifier: Apache-2.0

extension MappedBytes {
  private static let missing: [StaticString] = [
    "na", "n/a", "#n/a", "nan", "null", "none", "nil", "unknown", "missing", "nd", "n.d.", "inf", "-inf", "?", "-",
    "--", "k.a.", "k. a.", "\\n",
  ]

  /// Whether a cell is a word for a value that is missing.
  func isMissing(_ cell: FieldPlace) -> Bool {
    withSpan(cell.start..<cell.end) { text in
      let range = CellParser.trim(text)
      return Self.missing.contains { CellParser.matches(text, range, $0) }
    }
  }

  /// The number of at most four digits that a cell holds.
  func integer(_ cell: FieldPlace) -> Int64? {
    guard (1...8).contains(cell.length) else { return nil }
    return withSpan(cell.start..<cell.end) { text in
      let range = CellParser.trim(text)
      guard range.count <= 4, CellParser.classify(text, isQuoted: false).contains(.int64) else { return nil }
      return CellParser.int64(text, range)
    }
  }

  func isYear(_ cell: FieldPlace) -> Bool { integer(cell).map { (1500...2199).contains($0) } ?? false }

  /// Whether a cell holds a letter of any script.
  func holdsLetter(_ cell: FieldPlace) -> Bool { (cell.start..<cell.end).contains { self[$0].isLetter } }

  /// Whether a cell holds more than signs.
  func holdsLetterOrDigit(_ cell: FieldPlace) -> Bool {
    (cell.start..<cell.end).contains { self[$0].isLetter || self[$0].isDigit }
  }

  /// The ASCII letters in a cell.
  func asciiLetters(_ cell: FieldPlace) -> Int {
    (cell.start..<cell.end).count { self[$0] < 0x80 && self[$0].isLetter }
  }
}

extension UInt8 {
  /// Whether it is an ASCII letter, or a part of a character beyond ASCII.
  var isLetter: Bool { (self | 0x20) >= UInt8(ascii: "a") && (self | 0x20) <= UInt8(ascii: "z") || self > 0x7F }
}
