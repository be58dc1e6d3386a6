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

  /// The comment above some rows that names their columns, behind a mark in a cell of its own.
  ///
  /// It says so itself (`#Fields:` in the W3C's extended log format, `#fields` in Zeek's logs), or it alone has as many names
  /// as the rows have numbers, right above them.
  ///
  /// - Parameters:
  ///   - above: the comments above the rows; `inside`: those among them, which may be the same names once more.
  ///   - width: the cells of the rows.
  func markedNames(above: ArraySlice<Int>, inside: ArraySlice<Int>, _ width: Int, rows: [Int]) -> Int? {
    let fitting = above.filter { lines[$0].width == width + 1 }
    let stated = fitting.first { line in
      fields(line).first.map(isFields) ?? false && fields(line).allSatisfy { $0.length > 0 }
    }
    if let stated { return stated }
    guard let last = above.last, fitting.filter(areMarkedNames) == [last],
      inside.allSatisfy({ line in
        // `#N/A` may start a row.
        let isSpaced = fields(line).first.map { $0.length == 1 } ?? true
        return lines[line].width == width + 1
          ? zip(fields(line), fields(last)).allSatisfy(bytes.isEqual) : lines[line].width != width || isSpaced
      }),
      rows.prefix(50).allSatisfy({ line in fields(line).allSatisfy { shape($0) == .number } })
    else { return nil }
    return last
  }

  private func isFields(_ cell: FieldPlace) -> Bool {
    bytes.withSpan(cell.start..<cell.end) { text in
      CellParser.matches(text, text.indices, "#fields:") || CellParser.matches(text, text.indices, "#fields")
    }
  }

  /// Whether a line is `#` or `%` alone in its first cell, and names in the others, not a sentence of as many words.
  private func areMarkedNames(_ line: Int) -> Bool {
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
