// SPDX-License-Identifier: Apache-2.0

extension MappedBytes {
  /// Whether cells are a rule, such as `----;-----` or `|:---|---:|`: each of several is a line of signs, but those that are
  /// empty at both ends.
  func areRule(_ cells: some BidirectionalCollection<FieldPlace>) -> Bool {
    let filled = cells.drop { $0.length == 0 }
    let inner = filled.prefix(filled.count - filled.reversed().prefix { $0.length == 0 }.count)
    return inner.count > 1 && inner.allSatisfy(isRule)
  }

  private func isRule(_ cell: FieldPlace) -> Bool {
    withSpan(cell.start..<cell.end) { text in
      var range = CellParser.trim(text)
      guard range.count > 2 else { return false }
      // Markdown aligns a column by colons.
      if text[range.lowerBound] == UInt8(ascii: ":") { range = range.dropFirst() }
      if text[range.upperBound - 1] == UInt8(ascii: ":") { range = range.dropLast() }
      guard let sign = range.first.map({ text[$0] }), "-=*_+~#".utf8.contains(sign) else { return false }
      return range.allSatisfy { text[$0] == sign }
    }
  }
}
