// SPDX-License-Identifier: Apache-2.0

extension MappedBytes {
  /// Whether cells are a rule, such as `----;-----` or `|:---|---:|`.
  ///
  /// Each is a line of signs, but those that are empty at both ends; a frame such as `+----+-----+` is one cell. Up to three
  /// dashes may stand for a value that is missing, but between pipes, where Markdown has three, or where most cells are
  /// longer.
  func areRule(_ cells: some BidirectionalCollection<FieldPlace>, _ format: CSVFormat) -> Bool {
    let least = format.delimiter.first == UInt8(ascii: "|") ? 3 : 4
    let filled = cells.drop { $0.length == 0 }
    let inner = filled.prefix(filled.count - filled.reversed().prefix { $0.length == 0 }.count)
    guard inner.count > 1 else { return cells.count == 1 && inner.first.map(isFrame) ?? false }
    return inner.count { $0.length >= least } * 2 > inner.count && inner.allSatisfy { isRule($0, least: least) }
  }

  private func isRule(_ cell: FieldPlace, least: Int) -> Bool {
    withSpan(cell.start..<cell.end) { text in
      var range = CellParser.trim(text)
      guard range.count >= least else {
        return !range.isEmpty && range.allSatisfy { text[$0] == UInt8(ascii: "-") }
      }
      // Markdown aligns a column by colons.
      if text[range.lowerBound] == UInt8(ascii: ":") { range = range.dropFirst() }
      if text[range.upperBound - 1] == UInt8(ascii: ":") { range = range.dropLast() }
      // A few asterisks stand for a value that is not told.
      return RuleSign.of(text, range).map { $0 != UInt8(ascii: "*") || range.count > 4 } ?? false
    }
  }

  private func isFrame(_ cell: FieldPlace) -> Bool {
    guard cell.length > 4, self[cell.start] == self[cell.end - 1], self[cell.start] == UInt8(ascii: "+") else {
      return false
    }
    return withSpan(cell.start..<cell.end) { text in
      RuleSign.of(text, text.indices) != nil && text[1] == text[2]
    }
  }
}

/// The sign that a line is drawn with: `____`, `----`, `+--+--+`.
enum RuleSign {
  private static let signs = Array("-=_*".utf8)
  private static let crossing = UInt8(ascii: "+")

  /// The one sign that stands in all of a range, but where lines cross; nil where there is another.
  static func of(_ text: Span<UInt8>, _ range: Range<Int>) -> UInt8? {
    guard let sign = range.first(where: { text[$0] != crossing }).map({ text[$0] }), signs.contains(sign),
      range.allSatisfy({ text[$0] == sign || text[$0] == crossing })
    else { return nil }
    return sign
  }
}
