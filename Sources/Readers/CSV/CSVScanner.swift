// SPDX-License-Identifier: Apache-2.0

package import Validation

/// Finds the fields of delimited text (RFC 4180, forgiving): a state machine over bytes without any I/O.
///
/// A quote opens a quoted field only at its start, and closes it only before a delimiter, a line end or the end. Any
/// other quote is text. A quoted field that holds such a stray quote ends with its line at the latest, and a quote that
/// is never closed is text too, so neither can swallow the file. The work spent on looking again is bounded, so the
/// time is linear in the input whatever the quotes.
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
  private let lineEnd: UInt8
  private let caps: Caps

  /// The start of the next record.
  package private(set) var position: Int
  /// Quotes inside of cells, kept as text, and the offset of the first.
  package private(set) var strayQuotes = 0
  package private(set) var firstStrayQuote: Int?
  /// The offset of the first quote that is never closed.
  package private(set) var unclosedQuote: Int?
  package private(set) var hasQuotes = false
  /// Whether a record ended with LF alone (or a lone CR), and whether one ended with CRLF. Line ends within quotes are
  /// text and do not count.
  package private(set) var hasPlainLineEnds = false
  package private(set) var hasCRLF = false
  /// The bytes that may still be looked at twice; once used up, quotes are text.
  private var patience: Int

  /// A scanner of `range`.
  ///
  /// - Parameter endsLinesWithCR: whether lines end with a lone CR; else they end with LF, and a CR before it goes too.
  package init(_ bytes: MappedBytes, range: Range<Int>, delimiter: UInt8, endsLinesWithCR: Bool, caps: Caps) {
    self.bytes = bytes
    end = range.upperBound
    position = range.lowerBound
    self.delimiter = delimiter
    lineEnd = endsLinesWithCR ? Self.carriageReturn : Self.lineFeed
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
      if byte == lineEnd {
        position = index + 1
        let contentEnd = withoutCarriageReturn(from: start, to: index)
        noteLineEnd(isCRLF: contentEnd < index)
        return (place(start, contentEnd, []), true)
      }
      index &+= 1
    }
    position = end
    return (place(start, withoutCarriageReturn(from: start, to: end), []), true)
  }

  /// The CR of a CRLF is part of the line end, and so is one at the very end.
  @inline(__always)
  private func withoutCarriageReturn(from start: Int, to index: Int) -> Int {
    lineEnd == Self.lineFeed && index > start && bytes[index - 1] == Self.carriageReturn ? index - 1 : index
  }

  /// The quoted field at the position; nil where its opening quote is text.
  private mutating func scanQuoted() -> (FieldPlace, atLineEnd: Bool)? {
    let open = position
    var flags: FieldPlace.Flags = .quoted
    var from = open + 1
    var searchEnd = end
    var isConfined = false
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
      noteStrayQuote(at: quote)
      // From here on the field may not leave its line, whose end is looked for once.
      if !isConfined { searchEnd = bytes.firstIndex(of: lineEnd, in: next..<searchEnd) ?? searchEnd }
      isConfined = true
      from = next
    }
    if searchEnd == end, unclosedQuote == nil { unclosedQuote = open }
    patience -= searchEnd - open
    return nil
  }

  /// What stands behind a closing quote: where the next field starts, and whether the record ends.
  @inline(__always)
  private mutating func close(at next: Int) -> (after: Int, atLineEnd: Bool)? {
    guard next < end else { return (end, true) }
    let byte = bytes[next]
    if byte == delimiter { return (next + 1, false) }
    if byte == lineEnd {
      noteLineEnd(isCRLF: false)
      return (next + 1, true)
    }
    guard byte == Self.carriageReturn, lineEnd == Self.lineFeed else { return nil }
    if next + 1 == end { return (end, true) }
    guard bytes[next + 1] == Self.lineFeed else { return nil }
    noteLineEnd(isCRLF: true)
    return (next + 2, true)
  }

  @inline(__always)
  private mutating func noteLineEnd(isCRLF: Bool) {
    if isCRLF { hasCRLF = true } else { hasPlainLineEnds = true }
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
