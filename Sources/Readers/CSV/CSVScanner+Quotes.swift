// SPDX-License-Identifier: Apache-2.0

// Why this takes linear time: a lookup runs over pairs of quotes only. It ends at the first quote that is in no pair,
// where the field closes, or is text, or is confined to the line; and what a confined lookup found out about its line
// is kept (`barren`), so no line is searched for a closing quote twice. Behind a lookup that closes nothing, a quote
// that opens another one is itself part of an even run, which ends that one at once.
extension CSVScanner {
  /// Where a byte stands next: there is none in `from..<seen`, and at `seen` only where it is found.
  struct Sighting {
    private var from = 0
    private var seen = 0
    private var isFound = false

    /// The first `byte` from an offset on, or `limit`.
    ///
    /// What was seen is kept: many quotes share one line end.
    mutating func look(for byte: UInt8, from offset: Int, to limit: Int, in bytes: MappedBytes) -> Int {
      if offset < from || offset > seen {
        (from, seen, isFound) = (offset, offset, false)
      }
      if !isFound, seen < limit {
        let found = bytes.firstIndex(of: byte, in: seen..<limit)
        (seen, isFound) = (found ?? limit, found != nil)
      }
      return min(seen, limit)
    }
  }

  /// The quoted field at the position; nil where its opening quote is text.
  mutating func scanQuoted(_ mark: UInt8) -> (FieldPlace, atLineEnd: Bool)? {
    let open = position
    var flags = Self.flags(mark)
    var from = open + 1
    var searchEnd = reach(from: open + 1)
    var firstLine: Int?
    var late = LateClose()
    while let quote = bytes.firstIndex(of: mark, in: from..<searchEnd) {
      let next = quote + 1
      if format.escape == .backslash, isEscaped(quote, from: from) {
        from = next
        continue
      }
      if next < end, bytes[next] == mark {
        flags.insert(.escaped)
        from = next + 1
        if late.doubled == nil, firstLine == nil, isBoundary(from) { late.doubled = next }
        guard from <= searchEnd else { break }
        continue
      }
      if let (after, atLineEnd) = close(at: next) {
        position = after
        hasQuotes = true
        if format.escape == .backslash, bytes.firstIndex(of: CSVFormat.backslash, in: open + 1..<quote) != nil {
          flags.insert(.backslash)
        }
        return (place(open + 1, quote, flags), atLineEnd)
      }
      if isLoneQuote(open, mark) { return loneQuote(open) }
      let isConfined = firstLine != nil
      let line = firstLine ?? firstLineEnd(from: open + 1)
      firstLine = line
      if line < quote, isFieldStart(quote) { return lateClose(open, late, line) ?? unclosed(open) }
      if late.stray == nil { late.stray = quote }
      if !isConfined, barren.contains(quote) { return lateClose(open, late, line) }
      noteStrayQuote(at: quote)
      // From here on the field may not leave its line.
      if !isConfined { searchEnd = firstLineEnd(from: next) }
      from = next
    }
    if isLoneQuote(open, mark) { return loneQuote(open) }
    if firstLine != nil { barren = open + 1..<searchEnd }
    if let found = lateClose(open, late, firstLine ?? firstLineEnd(from: open + 1)) { return found }
    return firstLine == nil || searchEnd == end ? unclosed(open) : nil
  }

  static func flags(_ mark: UInt8) -> FieldPlace.Flags {
    mark == CSVFormat.apostrophe ? [.quoted, .apostrophe] : .quoted
  }

  /// Where a field that nothing closes could still have ended.
  private struct LateClose {
    /// The second quote of the first pair at a cell's end: one of the two could be too many.
    var doubled: Int?
    /// The first quote that is in no pair.
    var stray: Int?
  }

  /// The field that ends on its first line, though no quote closes it: with a quote too many, as in `"a"",`, or with
  /// text behind the quote, as in `"a, b"c,`; the latter only where the quotes held a delimiter or a pair of quotes.
  private mutating func lateClose(_ open: Int, _ late: LateClose, _ line: Int) -> (FieldPlace, atLineEnd: Bool)? {
    guard format.escape == .doubled else { return nil }
    if let quote = late.doubled, quote < line, let (after, atLineEnd) = close(at: quote + 1) {
      noteStrayQuote(at: quote)
      hasQuotes = true
      position = after
      return (place(open + 1, quote, contentFlags(open + 1..<quote)), atLineEnd)
    }
    guard let quote = late.stray, quote < line, needsQuotes(open + 1..<quote) else { return nil }
    var index = quote + 1
    while index < line, !isDelimiter(at: index) { index += 1 }
    let isInner = index < line
    let after = isInner ? index + format.delimiter.length : index < end ? lineEnd(at: index) ?? end : end
    position = after
    hasQuotes = true
    return (place(open + 1, index, contentFlags(open + 1..<index).union(.tailed)), !isInner)
  }

  /// The flags of a quoted content.
  func contentFlags(_ content: Range<Int>) -> FieldPlace.Flags {
    guard let mark = format.quote else { return [] }
    var flags = Self.flags(mark)
    var from = content.lowerBound
    while let quote = bytes.firstIndex(of: mark, in: from..<content.upperBound) {
      if quote + 1 < content.upperBound, bytes[quote + 1] == mark {
        flags.insert(.escaped)
        break
      }
      from = quote + 1
    }
    return flags
  }

  /// Whether a content could not stand bare.
  private func needsQuotes(_ content: Range<Int>) -> Bool {
    if contentFlags(content).contains(.escaped) { return true }
    var from = content.lowerBound
    while let found = bytes.firstIndex(of: delimiter, in: from..<content.upperBound) {
      if isDelimiter(at: found) { return true }
      from = found + 1
    }
    return false
  }

  /// Whether the field could be one quote in quotes that was not doubled: `"""` and nothing else.
  private mutating func isLoneQuote(_ open: Int, _ mark: UInt8) -> Bool {
    format.escape == .doubled && open + 2 < end && bytes[open + 1] == mark && bytes[open + 2] == mark
      && close(at: open + 3) != nil
  }

  /// The field `"""`, once its quotes turned out to open nothing longer.
  private mutating func loneQuote(_ open: Int) -> (FieldPlace, atLineEnd: Bool)? {
    guard let (after, atLineEnd) = close(at: open + 3) else { return nil }
    noteStrayQuote(at: open + 1)
    hasQuotes = true
    position = after
    let flags: FieldPlace.Flags = bytes[open] == CSVFormat.apostrophe ? [.quoted, .apostrophe] : .quoted
    return (place(open + 1, open + 2, flags), atLineEnd)
  }

  /// How far a quote that stands before an offset may reach.
  private func reach(from offset: Int) -> Int {
    end - offset > window ? offset + window : max(end, offset)
  }

  /// Whether an odd number of backslashes stands before a quote.
  private func isEscaped(_ quote: Int, from: Int) -> Bool {
    var start = quote
    while start > from, bytes[start - 1] == CSVFormat.backslash { start -= 1 }
    return (quote - start) % 2 == 1
  }

  /// The opening quote is text: it is never closed, or the next quote opens another field.
  private mutating func unclosed(_ open: Int) -> (FieldPlace, atLineEnd: Bool)? {
    faults += 1
    if unclosedQuote == nil { unclosedQuote = open }
    return nil
  }

  /// Whether a field could start at an offset: it stands behind a delimiter or a line end.
  func isFieldStart(_ quote: Int) -> Bool {
    var offset = quote
    if format.padsQuotes {
      while offset > 1, bytes[offset - 1] == 0x20 { offset -= 1 }
    }
    let before = bytes[offset - 1]
    if before == Self.lineFeed || before == Self.carriageReturn { return true }
    guard let second else { return before == delimiter }
    return before == second && offset >= 2 && bytes[offset - 2] == delimiter
  }

  /// The first LF or CR at or after an offset, or how far a quote there reaches.
  mutating func firstLineEnd(from offset: Int) -> Int {
    let lineFeed = nextLineFeed.look(for: Self.lineFeed, from: offset, to: reach(from: offset), in: bytes)
    return nextCarriageReturn.look(for: Self.carriageReturn, from: offset, to: lineFeed, in: bytes)
  }

  /// What stands behind a closing quote: where the next field starts, and whether the record ends.
  ///
  /// Blanks between them belong to neither.
  @inline(__always)
  mutating func close(at next: Int) -> (after: Int, atLineEnd: Bool)? {
    var next = next
    while next < end, bytes[next] == 0x20, !isDelimiter(at: next) { next += 1 }
    guard next < end else { return (end, true) }
    if isDelimiter(at: next) { return (next + format.delimiter.length, false) }
    return lineEnd(at: next).map { ($0, true) }
  }

  /// Whether a quote before an offset could close a cell: `close`, without a trace.
  func isBoundary(_ next: Int) -> Bool {
    var next = next
    while next < end, bytes[next] == 0x20, !isDelimiter(at: next) { next += 1 }
    return next >= end || isDelimiter(at: next) || bytes[next] == Self.lineFeed || bytes[next] == Self.carriageReturn
  }

  mutating func noteStrayQuote(at offset: Int) {
    strayQuotes += 1
    faults += 1
    if firstStrayQuote == nil { firstStrayQuote = offset }
  }
}
