// SPDX-License-Identifier: Apache-2.0

// A quote too many, or one that is missing, makes two cells of one or one of many. Where the record then has not as many
// cells as the others, its first line is read again in ways that forgive one such quote, and the first way that gives
// as many is taken. Each line is read a fixed number of times, and `nextClose` keeps what a look for a quote found, so
// this stays linear. A record whose quotes are in order and stay on one line is never read again.
extension CSVScanner {
  /// A way to read the quotes of one line.
  private enum Leniency: CaseIterable {
    /// A quoted cell ends at the first quote before a delimiter or the line's end, though that quote is one of a pair.
    case firstClose
    /// The same, and a quote is text where another cell starts with a quote before it is closed.
    case unclosed
    /// A quote within a quoted cell stands before a delimiter that belongs to the cell: `"a", b"`.
    case lastClose
    /// Every quote is text.
    case text
  }

  /// The fields of the first line of the record that was just read, in a way that gives the common number of them.
  ///
  /// Where the record has several lines, the second and the last must have as many in the same way: then a quote made
  /// one record of several.
  ///
  /// - Parameter isFaulty: whether a quoted field of the record is not in order.
  /// - Returns: nil where the record stays as it is; else the position is behind the line.
  mutating func repaired(_ start: Int, _ found: ArraySlice<FieldPlace>, isFaulty: Bool) -> [FieldPlace]? {
    guard let mark = format.quote, !found.contains(where: \.isTailed) else { return nil }
    let line = start..<min(firstLineEnd(from: start), position)
    let isSplit = isSeveralLines(line.upperBound)
    let isOpened = found.contains { !$0.isQuoted && $0.length > 1 && bytes[$0.end - 1] == mark }
    guard isFaulty || isSplit || isOpened, let first = bytes.firstIndex(of: mark, in: line) else { return nil }
    // Where all quotes that open something close it, they are no text.
    let ways = isFaulty ? Leniency.allCases : isSplit ? [.firstClose, .unclosed, .lastClose] : [.lastClose]
    for way in ways {
      guard let fields = read(line, way) else { continue }
      if isSplit, !otherLines(behind: line.upperBound).allSatisfy({ read($0, way) != nil }) { continue }
      if !isFaulty { noteStrayQuote(at: first) }
      position = line.upperBound < end ? lineEnd(at: line.upperBound) ?? end : end
      return fields
    }
    return nil
  }

  /// Whether the record that ends at the position goes on behind a line end.
  private func isSeveralLines(_ lineEnd: Int) -> Bool {
    guard lineEnd < position else { return false }
    let isBoth = bytes[lineEnd] == Self.carriageReturn && lineEnd + 1 < position && bytes[lineEnd + 1] == Self.lineFeed
    return lineEnd + (isBoth ? 2 : 1) < position
  }

  /// The second and the last line of the record that ends at the position.
  private mutating func otherLines(behind lineEnd: Int) -> [Range<Int>] {
    let isBoth = bytes[lineEnd] == Self.carriageReturn && lineEnd + 1 < position && bytes[lineEnd + 1] == Self.lineFeed
    let second = lineEnd + (isBoth ? 2 : 1)
    let secondEnd = min(firstLineEnd(from: second), position)
    var last = position
    while last > second, isLineEnd(bytes[last - 1]) { last -= 1 }
    let lastEnd = last
    while last > second, !isLineEnd(bytes[last - 1]) { last -= 1 }
    return last > second ? [second..<secondEnd, last..<lastEnd] : [second..<secondEnd]
  }

  private func isLineEnd(_ byte: UInt8) -> Bool { byte == Self.lineFeed || byte == Self.carriageReturn }

  /// The fields of one line; nil where they are not as many as usual, or one is too long.
  private mutating func read(_ line: Range<Int>, _ way: Leniency) -> [FieldPlace]? {
    guard let width else { return nil }
    var fields: [FieldPlace] = []
    var start = line.lowerBound
    while true {
      let (field, next) = field(start, line.upperBound, way)
      guard fields.count < width, field.length <= caps.cellBytes else { return nil }
      fields.append(field)
      guard let next else { break }
      start = next
    }
    if fields.contains(where: \.isQuoted) { hasQuotes = true }
    return fields.count == width ? fields : nil
  }

  /// The field at an offset, and where the next one starts.
  private mutating func field(_ start: Int, _ lineEnd: Int, _ way: Leniency) -> (FieldPlace, next: Int?) {
    if way != .text, let quote = format.quote, let (content, closed) = quoted(start, lineEnd, quote, way) {
      var next = closed
      while next < lineEnd, !isDelimiter(at: next) { next += 1 }
      let field = place(content.lowerBound, content.upperBound, contentFlags(content))
      return (field, next < lineEnd ? next + format.delimiter.length : nil)
    }
    var index = start
    while index < lineEnd, !isDelimiter(at: index) { index += 1 }
    return (place(start, index, []), index < lineEnd ? index + format.delimiter.length : nil)
  }

  /// What stands in the quotes of a field, and where it is closed.
  private mutating func quoted(
    _ start: Int, _ lineEnd: Int, _ mark: UInt8, _ way: Leniency
  ) -> (content: Range<Int>, closed: Int)? {
    var open = start
    while format.padsQuotes, open < lineEnd, bytes[open] == 0x20 { open += 1 }
    guard open < lineEnd, bytes[open] == mark, let close = firstClose(from: open + 1, to: lineEnd, mark) else {
      return nil
    }
    if way == .unclosed, opensAnother(open + 1..<close, mark) { return nil }
    let last = way == .lastClose ? closeOfNext(close, lineEnd, mark) ?? close : close
    return (open + 1..<last, last + 1)
  }

  /// The quote at the end of the next field, where that field starts with none.
  private func closeOfNext(_ close: Int, _ lineEnd: Int, _ mark: UInt8) -> Int? {
    var start = close + 1
    while start < lineEnd, !isDelimiter(at: start) { start += 1 }
    guard start < lineEnd else { return nil }
    start += format.delimiter.length
    var index = start
    while index < lineEnd, !isDelimiter(at: index) { index += 1 }
    while index > start, bytes[index - 1] == 0x20 { index -= 1 }
    guard index - start > 1, bytes[start] != mark, bytes[index - 1] == mark else { return nil }
    return index - 1
  }

  /// The first quote of a line that a cell could end with.
  private mutating func firstClose(from offset: Int, to lineEnd: Int, _ mark: UInt8) -> Int? {
    if nextClose.range.contains(offset), nextClose.range.upperBound == lineEnd, offset <= nextClose.quote ?? lineEnd {
      return nextClose.quote
    }
    var from = offset
    var found: Int?
    while found == nil, let quote = bytes.firstIndex(of: mark, in: from..<lineEnd) {
      if isBoundary(quote + 1) { found = quote }
      from = quote + 1
    }
    nextClose = (offset..<lineEnd, found)
    return found
  }

  /// Whether another quoted field starts within what would be the content of one.
  private func opensAnother(_ content: Range<Int>, _ mark: UInt8) -> Bool {
    var from = content.lowerBound
    while let quote = bytes.firstIndex(of: mark, in: from..<content.upperBound) {
      let isPair = quote + 1 < content.upperBound && bytes[quote + 1] == mark
      if !isPair, isFieldStart(quote) { return true }
      from = quote + (isPair ? 2 : 1)
    }
    return false
  }
}
