// SPDX-License-Identifier: Apache-2.0

package import FileDescriptors

/// What is wrong with a body that a worker wrote.
///
/// Any of these means that the worker lied.
package enum BodyFault: Error, Equatable {
  case wrongLength(expected: Int, actual: UInt64)
  case truncated(offset: Int)
  case paddingNotZero(offset: Int)
  case bitsBeyondRows(offset: Int)
  case nullNotZero(offset: Int)
  case dateOutOfRange(offset: Int)
  case timestampOutOfRange(offset: Int)
  case timeOutOfRange(offset: Int)
  case decimalOutOfRange(offset: Int)
  case offsetsNotMonotone(offset: Int)
  case offsetsNotFromZero(offset: Int)
  case offsetsNotToEnd(offset: Int)
  case invalidUTF8(offset: Int)
  case characterCut(offset: Int)
  case nullCountExceedsRows
  case unreadable(SystemCallError)
}

/// Checks the bodies of a file that nobody can write any more, in windows of bounded size, and counts the nulls.
///
/// Every byte of every body is covered: values under a null are zero, unused bits are zero, padding is zero, offsets
/// rise from 0 to the length of their text, text is UTF-8 and no offset cuts a character, dates and timestamps lie in
/// the years 1 to 9999, times within a day, decimals below their precision. Bit patterns of integers, floats and
/// nanoseconds are free.
package struct BodyVerifier: ~Copyable {
  /// Rows checked at a time; a multiple of 8, so that validity windows start at a byte.
  static let windowRows = 1 << 15
  static let windowBytes = 1 << 18

  private let file: OwnedDescriptor
  private var values: [UInt8] = []
  private var validity: [UInt8] = []

  /// A verifier of a file that is read with `pread` only.
  package init(reading file: consuming OwnedDescriptor) { self.file = file }

  /// Checks all bodies.
  ///
  /// - Returns: the nulls of each column in each batch, in file order.
  /// - Throws: the first fault.
  package mutating func verify(_ layout: ArrowLayout) throws(BodyFault) -> [[NullCount]] {
    try checkLength(layout.bodiesEnd)
    var counts: [[NullCount]] = []
    counts.reserveCapacity(layout.batches.count)
    for batch in layout.batches { counts.append(try verify(batch)) }
    return counts
  }

  /// Checks that the file ends where the last body does.
  package func checkLength(_ expected: Int) throws(BodyFault) {
    let size: UInt64
    do { size = try file.size() } catch { throw .unreadable(error) }
    guard size == UInt64(clamping: expected) else { throw .wrongLength(expected: expected, actual: size) }
  }

  /// Gives the file back.
  package consuming func finish() -> OwnedDescriptor { file }

  /// Checks the body of one batch.
  ///
  /// - Returns: the nulls of each column.
  package mutating func verify(_ batch: ArrowLayout.Batch) throws(BodyFault) -> [NullCount] {
    var counts: [NullCount] = []
    counts.reserveCapacity(batch.columns.count)
    for column in batch.columns {
      counts.append(try verify(column, rows: batch.rows))
      for range in column.ranges { try verifyPadding(after: range) }
    }
    return counts
  }

  private mutating func verify(_ column: ColumnPlace, rows: Int) throws(BodyFault) -> NullCount {
    switch column.type {
    case .null: return NullCount()
    case .bool: return NullCount(rows: try verifyBits(column, rows))
    case .int64, .uint64, .float64, .timestampNanoseconds:
      return NullCount(rows: try verifyFixed(column, rows, width: 8) { _, _ throws(BodyFault) in })
    case .date:
      return NullCount(
        rows: try verifyFixed(column, rows, width: 4) { window, offset throws(BodyFault) in
          for at in stride(from: 0, to: window.count, by: 4)
          where !CivilDate.days.contains(window.integer(at: at, as: Int32.self)) {
            throw .dateOutOfRange(offset: offset + at)
          }
        })
    case .timestamp:
      return NullCount(
        rows: try verifyFixed(column, rows, width: 8) { window, offset throws(BodyFault) in
          for at in stride(from: 0, to: window.count, by: 8)
          where !CivilDate.microseconds.contains(window.integer(at: at, as: Int64.self)) {
            throw .timestampOutOfRange(offset: offset + at)
          }
        })
    case .time:
      return NullCount(
        rows: try verifyFixed(column, rows, width: 8) { window, offset throws(BodyFault) in
          for at in stride(from: 0, to: window.count, by: 8)
          where !CivilDate.timesOfDay.contains(window.integer(at: at, as: Int64.self)) {
            throw .timeOutOfRange(offset: offset + at)
          }
        })
    case .decimal(let precision, _):
      let limit = DecimalText.powers[min(max(precision, 0), DecimalText.mostDigits)].magnitude
      return NullCount(
        rows: try verifyFixed(column, rows, width: 16) { window, offset throws(BodyFault) in
          for at in stride(from: 0, to: window.count, by: 16)
          where window.integer(at: at, as: Int128.self).magnitude >= limit {
            throw .decimalOutOfRange(offset: offset + at)
          }
        })
    case .utf8:
      return NullCount(
        rows: try verifyText(validity: column.validity, offsets: column.values, text: column.text, count: rows))
    case .listOfUTF8:
      guard let elements = column.elements else { return NullCount() }
      let nulls = try verifyOffsets(validity: column.validity, offsets: column.values, end: elements.count, count: rows)
      return NullCount(
        rows: nulls,
        elements: try verifyText(
          validity: elements.validity, offsets: elements.offsets, text: elements.text, count: elements.count))
    }
  }

  // MARK: Reading

  /// Fills `buffer` with the bytes of `range`.
  private static func read(
    _ file: borrowing OwnedDescriptor, _ range: Range<Int>, into buffer: inout [UInt8]
  ) throws(BodyFault) {
    if buffer.count != range.count { buffer = [UInt8](repeating: 0, count: range.count) }
    guard !range.isEmpty else { return }
    var span = buffer.mutableSpan
    let count: Int
    do {
      count = try file.pread(into: &span, at: UInt64(range.lowerBound))
    } catch { throw .unreadable(error) }
    guard count == range.count else { throw .truncated(offset: range.lowerBound + count) }
  }

  private mutating func verifyPadding(after range: Range<Int>) throws(BodyFault) {
    let padding = range.upperBound..<range.upperBound.roundedUp(to: ArrowLayout.alignment)
    guard !padding.isEmpty else { return }
    try Self.read(file, padding, into: &values)
    if let index = values.firstIndex(where: { $0 != 0 }) { throw .paddingNotZero(offset: padding.lowerBound + index) }
  }

  /// Reads the validity of `rows`, and checks that no bit is set beyond the last of `count` rows.
  ///
  /// - Returns: the rows in the window without a value.
  private mutating func readValidity(
    _ place: Range<Int>, rows: Range<Int>, of count: Int
  ) throws(BodyFault) -> Int {
    let start = place.lowerBound + rows.lowerBound / 8
    try Self.read(file, start..<place.lowerBound + (rows.upperBound + 7) / 8, into: &validity)
    let valid = validity.reduce(0) { $0 + $1.nonzeroBitCount }
    let unused = validity.count * 8 - rows.count
    if unused > 0, let last = validity.last, last >> UInt8(8 - unused) != 0 {
      throw .bitsBeyondRows(offset: start + validity.count - 1)
    }
    return rows.count - valid
  }

  // MARK: Types

  private mutating func verifyBits(_ column: ColumnPlace, _ rows: Int) throws(BodyFault) -> Int {
    var nulls = 0
    for window in Self.windows(rows) {
      nulls += try readValidity(column.validity, rows: window, of: rows)
      let start = column.values.lowerBound + window.lowerBound / 8
      try Self.read(file, start..<start + validity.count, into: &values)
      // A set bit must have its validity bit; this also covers the bits beyond the last row.
      for index in values.indices where values[index] & ~validity[index] != 0 {
        throw .nullNotZero(offset: start + index)
      }
    }
    return nulls
  }

  private mutating func verifyFixed(
    _ column: ColumnPlace, _ rows: Int, width: Int, check: (Span<UInt8>, Int) throws(BodyFault) -> Void
  ) throws(BodyFault) -> Int {
    var nulls = 0
    let hasFreeBits = column.type.hasFreeBits
    for window in Self.windows(rows) {
      let missing = try readValidity(column.validity, rows: window, of: rows)
      nulls += missing
      // Nothing can be wrong with integers and floats that are all there.
      if missing == 0, hasFreeBits { continue }
      let start = column.values.lowerBound + window.lowerBound * width
      try Self.read(file, start..<start + window.count * width, into: &values)
      let bytes = values.span
      try check(bytes, start)
      guard missing > 0 else { continue }
      let bits = validity.span
      for row in 0..<window.count where !bits.bit(row) {
        for at in row * width..<(row + 1) * width where bytes.integer(at: at, as: UInt8.self) != 0 {
          throw .nullNotZero(offset: start + at)
        }
      }
    }
    return nulls
  }

  /// Checks offsets, and the text that they cut.
  private mutating func verifyText(
    validity: Range<Int>, offsets: Range<Int>, text: Range<Int>, count: Int
  ) throws(BodyFault) -> Int {
    let nulls = try verifyOffsets(validity: validity, offsets: offsets, end: text.count, count: count)
    var utf8 = UTF8Validator()
    for start in stride(from: text.lowerBound, to: text.upperBound, by: Self.windowBytes) {
      try Self.read(file, start..<min(start + Self.windowBytes, text.upperBound), into: &values)
      if let fault = utf8.consume(values.span) { throw .invalidUTF8(offset: start + fault) }
    }
    guard utf8.isAtBoundary else { throw .invalidUTF8(offset: text.upperBound) }
    try verifyBoundaries(offsets: offsets, text: text, count: count)
    return nulls
  }

  /// Checks that no offset points into a character.
  ///
  /// The text is known to be UTF-8, so one byte tells.
  private mutating func verifyBoundaries(
    offsets: Range<Int>, text: Range<Int>, count: Int
  ) throws(BodyFault) {
    var piece: [UInt8] = []
    var pieceRange = 0..<0
    for window in Self.windows(count) {
      let start = offsets.lowerBound + window.lowerBound * 4
      try Self.read(file, start..<start + window.count * 4, into: &values)
      for index in 0..<window.count {
        let offset = Int(values.span.integer(at: index * 4, as: Int32.self))
        guard offset < text.count else { break }
        if !pieceRange.contains(offset) {
          pieceRange = offset..<min(offset + Self.windowBytes, text.count)
          try Self.read(
            file, text.lowerBound + pieceRange.lowerBound..<text.lowerBound + pieceRange.upperBound, into: &piece)
        }
        if piece[offset - pieceRange.lowerBound] & 0xC0 == 0x80 {
          throw .characterCut(offset: text.lowerBound + offset)
        }
      }
    }
  }

  /// Checks that the `count + 1` offsets rise from 0 to `end`, and that what is null is empty.
  private mutating func verifyOffsets(
    validity place: Range<Int>, offsets: Range<Int>, end: Int, count: Int
  ) throws(BodyFault) -> Int {
    var nulls = 0
    var previous: Int32 = 0
    if count == 0 {
      try Self.read(file, offsets.lowerBound..<offsets.lowerBound + 4, into: &values)
      guard values.span.integer(at: 0, as: Int32.self) == 0 else {
        throw .offsetsNotFromZero(offset: offsets.lowerBound)
      }
    }
    for window in Self.windows(count) {
      nulls += try readValidity(place, rows: window, of: count)
      let start = offsets.lowerBound + window.lowerBound * 4
      try Self.read(file, start..<start + (window.count + 1) * 4, into: &values)
      let bytes = values.span
      let bits = validity.span
      let first = bytes.integer(at: 0, as: Int32.self)
      if window.lowerBound == 0, first != 0 { throw .offsetsNotFromZero(offset: start) }
      previous = first
      for row in 0..<window.count {
        let next = bytes.integer(at: (row + 1) * 4, as: Int32.self)
        guard next >= previous else { throw .offsetsNotMonotone(offset: start + (row + 1) * 4) }
        if next != previous, !bits.bit(row) { throw .nullNotZero(offset: start + (row + 1) * 4) }
        previous = next
      }
    }
    guard Int(previous) == end else { throw .offsetsNotToEnd(offset: offsets.upperBound - 4) }
    return nulls
  }

  private static func windows(_ count: Int) -> some Sequence<Range<Int>> {
    stride(from: 0, to: count, by: windowRows).lazy.map { $0..<Swift.min($0 + windowRows, count) }
  }
}

extension ColumnType {
  /// Whether every bit pattern is a value.
  fileprivate var hasFreeBits: Bool {
    switch self {
    case .int64, .uint64, .float64, .timestampNanoseconds: true
    default: false
    }
  }
}

extension ColumnPlace {
  /// All buffers of the column, in file order.
  package var ranges: [Range<Int>] {
    guard type != .null else { return [] }
    let own = [validity, values]
    if type == .utf8 { return own + [text] }
    guard let elements else { return own }
    return own + [elements.validity, elements.offsets, elements.text]
  }
}
