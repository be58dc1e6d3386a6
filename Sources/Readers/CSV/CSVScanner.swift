// SPDX-License-Identifier: Apache-2.0

package import Validation

/// Finds the fields of delimited text (RFC 4180, forgiving): a state machine over bytes without any I/O.
///
/// A quote opens a quoted field only at its start, and closes it only before a delimiter, a line end or the end. Any
/// other quote is text. A quoted field that holds such a stray quote ends with its line at the latest, a quote that is
/// never closed is text too, and so is one behind which, on a later line, another quote stands where one would open; so
/// none of them can swallow the file. Outside of quotes LF, CRLF and CR all end a record. The work spent on looking
/// again is bounded, so the time is linear in the input whatever the quotes.
package struct CSVScanner {
  /// What bounds a scan.
  package struct Caps: Sendable {
    package var columns: Int
    package var recordBytes: Int
    package var cellBytes: Int

    package init(columns: Int, recordBytes: Int, cellBytes: Int) {
      self.columns = columns
      self.recordBytes = recordBytes
      self.cellBytes = cellBytes
    }

    static let none = Caps(columns: .max, recordBytes: .max, cellBytes: Int(UInt32.max))
  }

  private static let quote = UInt8(ascii: "\"")
  private static let lineFeed: UInt8 = 0x0A
  private static let carriageReturn: UInt8 = 0x0D

  private let bytes: MappedBytes
  private let end: Int
  private let delimiter: UInt8
  private let caps: Caps

  /// The start of the next record.
  package private(set) var position: Int
  /// Quotes inside of cells, kept as text, and the offset of the first.
  package private(set) var strayQuotes = 0
  package private(set) var firstStrayQuote: Int?
  /// The offset of the first quote that is never closed.
  package private(set) var unclosedQuote: Int?
  package private(set) var hasQuotes = false
  /// How records ended.
  ///
  /// Line ends within quotes are text and do not count.
  package private(set) var lineEnds: LineEnds = []
  /// The last LF and the last CR that were looked for.
  private var nextLineFeed = Sighting()
  private var nextCarriageReturn = Sighting()
  /// The bytes that may still be looked at twice; once used up, quotes are text.
  private var patience: Int

  /// Where a byte stands next: there is none in `from..<found`.
  private struct Sighting {
    var from = 0
    var found = -1
  }

  /// The ways in which records ended.
  package struct LineEnds: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    package static let lineFeed = LineEnds(rawValue: 1)
    package static let carriageReturn = LineEnds(rawValue: 2)
    package static let both = LineEnds(rawValue: 4)
  }

  /// A scanner of `range`.
  package init(_ bytes: MappedBytes, range: Range<Int>, delimiter: UInt8, caps: Caps) {
    self.bytes = bytes
    end = range.upperBound
    position = range.lowerBound
    self.delimiter = delimiter
    self.caps = caps
    patience = 4 * range.count + 4096
  }

  package var isAtEnd: Bool { position >= end }

  /// Appends every record that starts before `limit` to the index.
  ///
  /// - Throws: the cap that a record broke.
  package mutating func scan(until limit: Int, into index: inout FieldIndex) throws(Rejection) {
    while position < limit, position < end {
      let start = position
      try scanRecord(into: &index)
      index.recordStarts.append(start)
      index.firstField.append(index.fields.count)
    }
  }

  private mutating func scanRecord(into index: inout FieldIndex) throws(Rejection) {
    let start = position
    let firstField = index.fields.count
    var atLineEnd = false
    while !atLineEnd {
      let fieldStart = position
      var field: FieldPlace
      (field, atLineEnd) = scanField()
      if field.end - field.start > caps.cellBytes || Int(field.length) > caps.cellBytes {
        throw Rejection(
          .cellTooLarge, column: UInt64(index.fields.count - firstField + 1), byteOffset: UInt64(fieldStart),
          limit: UInt64(caps.cellBytes), actual: UInt64(field.length))
      }
      guard index.fields.count - firstField < caps.columns else {
        throw Rejection(.tooManyColumns, byteOffset: UInt64(start), limit: UInt64(caps.columns))
      }
      index.fields.append(field)
    }
    guard position - start <= caps.recordBytes else {
      throw Rejection(
        .recordTooLarge, byteOffset: UInt64(start), limit: UInt64(caps.recordBytes), actual: UInt64(position - start))
    }
  }

  /// The next field; moves the position behind the delimiter or line end that closes it.
  @inline(__always)
  private mutating func scanField() -> (FieldPlace, atLineEnd: Bool) {
    if position < end, bytes[position] == Self.quote, patience > 0, let found = scanQuoted() { return found }
    return scanUnquoted()
  }

  private mutating func scanUnquoted() -> (FieldPlace, atLineEnd: Bool) {
    let start = position
    var index = start
    while index < end {
      let byte = bytes[index]
      if byte == delimiter {
        position = index + 1
        return (place(start, index, []), false)
      }
      // Both line ends are below every delimiter but TAB, so one comparison passes most bytes by.
      if byte <= Self.carriageReturn, let after = lineEnd(at: index) {
        position = after
        return (place(start, index, []), true)
      }
      index &+= 1
    }
    position = end
    return (place(start, end, []), true)
  }

  /// The offset behind the line end at `index`; nil where there is none.
  @inline(__always)
  private mutating func lineEnd(at index: Int) -> Int? {
    switch bytes[index] {
    case Self.lineFeed:
      lineEnds.insert(.lineFeed)
      return index + 1
    case Self.carriageReturn:
      let isBoth = index + 1 < end && bytes[index + 1] == Self.lineFeed
      lineEnds.insert(isBoth ? .both : .carriageReturn)
      return index + (isBoth ? 2 : 1)
    default: return nil
    }
  }

  /// The quoted field at the position; nil where its opening quote is text.
  private mutating func scanQuoted() -> (FieldPlace, atLineEnd: Bool)? {
    let open = position
    var flags: FieldPlace.Flags = .quoted
    var from = open + 1
    var searchEnd = end
    var firstLine: Int?
    while let quote = bytes.firstIndex(of: Self.quote, in: from..<searchEnd) {
      let next = quote + 1
      if next < end, bytes[next] == Self.quote {
        flags.insert(.escaped)
        from = next + 1
        guard from <= searchEnd else { break }
        continue
      }
      if let (after, atLineEnd) = close(at: next) {
        position = after
        hasQuotes = true
        return (place(open + 1, quote, flags), atLineEnd)
      }
      let isConfined = firstLine != nil
      let line = firstLine ?? firstLineEnd(from: open + 1)
      firstLine = line
      if line < quote, isFieldStart(quote) { return unclosed(open, upTo: quote) }
      noteStrayQuote(at: quote)
      // From here on the field may not leave its line. Both line ends are looked for once, or many quotes in one line
      // would take quadratic time.
      if !isConfined { searchEnd = firstLineEnd(from: next) }
      from = next
    }
    if searchEnd == end { return unclosed(open, upTo: end) }
    patience -= searchEnd - open
    return nil
  }

  /// The opening quote is text: it is never closed, or the next quote opens another field.
  private mutating func unclosed(_ open: Int, upTo limit: Int) -> (FieldPlace, atLineEnd: Bool)? {
    if unclosedQuote == nil { unclosedQuote = open }
    patience -= limit - open
    return nil
  }

  /// Whether a field could start at an offset: it stands behind a delimiter or a line end.
  private func isFieldStart(_ offset: Int) -> Bool {
    let before = bytes[offset - 1]
    return before == delimiter || before == Self.lineFeed || before == Self.carriageReturn
  }

  /// The first LF or CR at or after an offset, or the end.
  ///
  /// What was found is kept: many quotes share one line end.
  private mutating func firstLineEnd(from offset: Int) -> Int {
    nextLineFeed = look(for: Self.lineFeed, from: offset, last: nextLineFeed)
    nextCarriageReturn = look(for: Self.carriageReturn, from: offset, last: nextCarriageReturn)
    return min(nextLineFeed.found, nextCarriageReturn.found)
  }

  private func look(for byte: UInt8, from offset: Int, last: Sighting) -> Sighting {
    if offset >= last.from, offset <= last.found { return last }
    return Sighting(from: offset, found: bytes.firstIndex(of: byte, in: offset..<end) ?? end)
  }

  /// What stands behind a closing quote: where the next field starts, and whether the record ends.
  @inline(__always)
  private mutating func close(at next: Int) -> (after: Int, atLineEnd: Bool)? {
    guard next < end else { return (end, true) }
    if bytes[next] == delimiter { return (next + 1, false) }
    return lineEnd(at: next).map { ($0, true) }
  }

  private mutating func noteStrayQuote(at offset: Int) {
    strayQuotes += 1
    if firstStrayQuote == nil { firstStrayQuote = offset }
  }

  @inline(__always)
  private func place(_ start: Int, _ end: Int, _ flags: FieldPlace.Flags) -> FieldPlace {
    FieldPlace(start: start, length: UInt32(clamping: end - start), flags: flags)
  }
}
