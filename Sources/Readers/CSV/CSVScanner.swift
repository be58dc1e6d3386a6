// SPDX-License-Identifier: Apache-2.0

package import Validation

/// Finds the fields of delimited text (RFC 4180, forgiving): a state machine over bytes without any I/O.
///
/// A quote opens a quoted field only at its start, and closes it only before a delimiter, a line end or the end. Any
/// other quote is text. A quoted field that holds such a stray quote ends with its line at the latest, a quote that is
/// never closed within twice the cap on a record is text too, and so is one behind which, on a later line, another
/// quote stands where one would open; so none of them can swallow the file. Outside of quotes LF, CRLF and CR all end a
/// record.
///
/// What is found depends on the record's first byte and what follows, never on where the scan began, and the time is
/// linear in the input whatever the quotes (`CSVScanner+Quotes.swift`).
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

    package static let none = Caps(columns: .max, recordBytes: .max, cellBytes: Int(UInt32.max))

    /// How far the quote that closes a field is looked for.
    var quoteWindow: Int { 2 * min(recordBytes, 16 << 20) }
  }

  static let lineFeed: UInt8 = 0x0A
  static let carriageReturn: UInt8 = 0x0D

  let bytes: MappedBytes
  let end: Int
  package let format: CSVFormat
  let delimiter: UInt8
  let second: UInt8?
  let caps: Caps
  let window: Int
  private let hasBackslash: Bool
  private let isSimple: Bool
  /// The cells of most records, where that is known: what decides where quotes do not (`CSVScanner+Repair.swift`).
  let width: Int?

  /// The start of the next record.
  package internal(set) var position: Int
  /// Quotes inside of quoted cells, kept as text, and the offset of the first.
  package internal(set) var strayQuotes = 0
  package internal(set) var firstStrayQuote: Int?
  /// The offset of the first quote that is never closed.
  package internal(set) var unclosedQuote: Int?
  package internal(set) var hasQuotes = false
  /// Quoted fields that are not what their record's quotes say at first sight.
  var faults = 0
  /// The lines of comment that were passed over, and the offset of the first.
  package private(set) var comments: UInt64 = 0
  package private(set) var firstComment: Int?
  /// How records ended.
  ///
  /// Line ends within quotes are text and do not count.
  package private(set) var lineEnds: LineEnds = []
  /// The last LF and the last CR that were looked for.
  var nextLineFeed = Sighting()
  var nextCarriageReturn = Sighting()
  /// A stretch to a line's end in which no quote closes a field that holds a stray one.
  var barren = 0..<0

  /// The ways in which records ended.
  package struct LineEnds: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    package static let lineFeed = LineEnds(rawValue: 1)
    package static let carriageReturn = LineEnds(rawValue: 2)
    package static let both = LineEnds(rawValue: 4)
  }

  /// A stretch of one line, and the first quote in it that a cell could end with.
  var nextClose: (range: Range<Int>, quote: Int?) = (0..<0, nil)

  /// A scanner of `range`, which starts with a record.
  package init(_ bytes: MappedBytes, range: Range<Int>, format: CSVFormat, caps: Caps, width: Int? = nil) {
    self.bytes = bytes
    self.format = format
    self.caps = caps
    end = range.upperBound
    position = range.lowerBound
    delimiter = format.delimiter.first
    second = format.delimiter.second
    window = caps.quoteWindow
    hasBackslash = format.escape == .backslash
    isSimple = second == nil && !hasBackslash
    let decides = format.escape == .doubled && width ?? 0 > 1 && !format.mergesBlanks
    self.width = decides ? width : nil
  }

  package var isAtEnd: Bool { position >= end }

  /// Appends every record that starts before `limit` to the index.
  ///
  /// - Throws: the cap that a record broke.
  package mutating func scan(until limit: Int, into index: inout FieldIndex) throws(Rejection) {
    while position < limit, position < end {
      if let comment = format.comment, skipComment(comment) { continue }
      let start = position
      try scanRecord(into: &index)
      index.recordStarts.append(start)
      index.firstField.append(index.fields.count)
    }
  }

  private mutating func skipComment(_ prefix: [UInt8]) -> Bool {
    guard bytes.starts(with: prefix, at: position, end: end) else { return false }
    comments += 1
    if firstComment == nil { firstComment = position }
    let lineFeed = nextLineFeed.look(for: Self.lineFeed, from: position, to: end, in: bytes)
    let close = nextCarriageReturn.look(for: Self.carriageReturn, from: position, to: lineFeed, in: bytes)
    position = close < end ? lineEnd(at: close) ?? end : end
    return true
  }

  private mutating func scanRecord(into index: inout FieldIndex) throws(Rejection) {
    let start = position
    let firstField = index.fields.count
    let faults = faults
    var atLineEnd = false
    if format.mergesBlanks { skipBlanks() }
    while !atLineEnd {
      let fieldStart = position
      var field: FieldPlace
      (field, atLineEnd) = scanField()
      if format.mergesBlanks, !atLineEnd { atLineEnd = endsInBlanks() }
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
    if let width, index.fields.count - firstField != width,
      let fields = repaired(start, index.fields[firstField...], isFaulty: faults < self.faults)
    {
      index.fields.replaceSubrange(firstField..., with: fields)
    }
    guard position - start <= caps.recordBytes else {
      throw Rejection(
        .recordTooLarge, byteOffset: UInt64(start), limit: UInt64(caps.recordBytes), actual: UInt64(position - start))
    }
  }

  private mutating func skipBlanks() {
    while position < end, bytes[position] == 0x20 { position += 1 }
  }

  /// Passes the blanks that go on behind a delimiter, and the line end where nothing else follows them.
  private mutating func endsInBlanks() -> Bool {
    skipBlanks()
    guard position < end else { return true }
    guard let after = lineEnd(at: position) else { return false }
    position = after
    return true
  }

  /// The next field; moves the position behind the delimiter or line end that closes it.
  @inline(__always)
  private mutating func scanField() -> (FieldPlace, atLineEnd: Bool) {
    if let quote = format.quote, position < end {
      if bytes[position] == quote {
        if let found = scanQuoted(quote) { return found }
      } else if format.padsQuotes, bytes[position] == 0x20, let found = scanPadded(quote) {
        return found
      }
    }
    return isSimple ? scanUnquoted() : scanEscaped()
  }

  /// A quoted field behind blanks.
  private mutating func scanPadded(_ quote: UInt8) -> (FieldPlace, atLineEnd: Bool)? {
    let start = position
    while position < end, bytes[position] == 0x20 { position += 1 }
    if position < end, bytes[position] == quote, let found = scanQuoted(quote) { return found }
    position = start
    return nil
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

  /// An unquoted field where the delimiter has two bytes or a backslash may escape it.
  private mutating func scanEscaped() -> (FieldPlace, atLineEnd: Bool) {
    let start = position
    var index = start
    var flags: FieldPlace.Flags = []
    while index < end {
      if isDelimiter(at: index) {
        position = index + format.delimiter.length
        return (place(start, index, flags), false)
      }
      if let after = lineEnd(at: index) {
        position = after
        return (place(start, index, flags), true)
      }
      if hasBackslash, bytes[index] == CSVFormat.backslash, index + 1 < end, CSVFormat.isEscapable(bytes[index + 1]) {
        flags.insert(.backslash)
        index += 1
      }
      index += 1
    }
    position = end
    return (place(start, end, flags), true)
  }

  /// Whether a delimiter stands at an offset before the end.
  @inline(__always)
  func isDelimiter(at index: Int) -> Bool {
    guard bytes[index] == delimiter else { return false }
    guard let second else { return true }
    return index + 1 < end && bytes[index + 1] == second
  }

  /// The offset behind the line end at `index`; nil where there is none.
  @inline(__always)
  mutating func lineEnd(at index: Int) -> Int? {
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

  @inline(__always)
  func place(_ start: Int, _ end: Int, _ flags: FieldPlace.Flags) -> FieldPlace {
    FieldPlace(start: start, length: UInt32(clamping: end - start), flags: flags)
  }
}

extension MappedBytes {
  /// Whether `prefix` stands at an offset, before `end`.
  func starts(with prefix: [UInt8], at offset: Int, end: Int) -> Bool {
    guard prefix.count <= end - offset else { return false }
    for index in prefix.indices where self[offset + index] != prefix[index] { return false }
    return true
  }
}
