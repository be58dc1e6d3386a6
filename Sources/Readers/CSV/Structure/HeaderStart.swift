// SPDX-License-Identifier: Apache-2.0

/// What the first cell of a header is.
enum HeaderStart {
  /// The name of the first column.
  case name
  /// That of the second: the first column has none.
  case secondName
  /// A mark of comment before the name of the first column: `# x y`, as numpy writes names above numbers.
  case mark

  /// What names each column, from the cells of a header.
  func aligned(_ names: [[FieldPlace]]) -> [[FieldPlace]] {
    switch self {
    case .name: names
    case .secondName: [[]] + names
    case .mark: Array(names.dropFirst())
    }
  }
}

extension SampleLines {
  /// What stands between the words of a sentence.
  private static let joiningWords: [StaticString] = [
    "of", "by", "the", "from", "for", "and", "with", "is", "are", "not",
  ]

  /// Whether a line is `#` or `%` alone in its first cell, and names in the others, not a sentence of as many words.
  func isMarkedHeader(_ line: Int) -> Bool {
    guard [0x20, 0x09].contains(format.delimiter.first), lines[line].width > 2 else { return false }
    let cells = fields(line)
    guard let mark = cells.first, mark.length == 1, !mark.isQuoted,
      [UInt8(ascii: "#"), UInt8(ascii: "%")].contains(bytes[mark.start])
    else { return false }
    return cells.dropFirst().allSatisfy { bytes.holdsLetter($0) && !shape($0).isTyped && !isOfSentence($0) }
  }

  private func isOfSentence(_ cell: FieldPlace) -> Bool {
    if (cell.start..<cell.end).contains(where: { [UInt8(ascii: ":"), UInt8(ascii: "=")].contains(bytes[$0]) }) {
      return true
    }
    return bytes.withSpan(cell.start..<cell.end) { text in
      Self.joiningWords.contains { CellParser.matches(text, CellParser.trim(text), $0) }
    }
  }
}
