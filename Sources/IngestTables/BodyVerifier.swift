// SPDX-License-Identifier: Apache-2.0

package import FileDescriptors

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

  let file: OwnedDescriptor
  let checks = ByteChecks()
  var values = FileWindow()
  var validity = FileWindow()
  var offsets = FileWindow()
  private var batchChecksum = BatchChecksum()

  /// A verifier of a file that is read with `pread` only.
  package init(reading file: consuming OwnedDescriptor) { self.file = file }

  /// Checks all bodies.
  ///
  /// - Returns: what was counted of each batch, in file order.
  /// - Throws: the first fault.
  package mutating func verify(_ layout: ArrowLayout) throws(BodyFault) -> [VerifiedBody] {
    try Self.checkLength(of: file, layout.bodiesEnd)
    var bodies: [VerifiedBody] = []
    bodies.reserveCapacity(layout.batches.count)
    for batch in layout.batches { bodies.append(try verify(batch)) }
    return bodies
  }

  /// Checks that the file ends where the last body does.
  package static func checkLength(of file: borrowing OwnedDescriptor, _ expected: Int) throws(BodyFault) {
    let size: UInt64
    do { size = try file.size() } catch { throw .unreadable(error) }
    guard size == UInt64(clamping: expected) else { throw .wrongLength(expected: expected, actual: size) }
  }

  /// Checks the body of one batch.
  package mutating func verify(_ batch: ArrowLayout.Batch) throws(BodyFault) -> VerifiedBody {
    var nulls: [NullCount] = []
    var bounds = [ColumnBounds](repeating: .none, count: batch.columns.count)
    nulls.reserveCapacity(batch.columns.count)
    batchChecksum = BatchChecksum()
    for (index, column) in batch.columns.enumerated() {
      nulls.append(try verify(column, rows: batch.rows, &bounds[index]))
      for range in column.ranges { try verifyPadding(after: range) }
    }
    return VerifiedBody(nulls: nulls, bounds: bounds, checksum: batchChecksum.value)
  }

  private mutating func verify(
    _ column: ColumnPlace, rows: Int, _ bounds: inout ColumnBounds
  ) throws(BodyFault) -> NullCount {
    let checks = checks
    switch column.type {
    case .null: return NullCount()
    case .bool: return NullCount(rows: try verifyBits(column, rows, &bounds))
    case .int64, .uint64, .float64, .timestampNanoseconds:
      return NullCount(rows: try verifyFixed(column, rows, width: 8, &bounds) { _, _ throws(BodyFault) in })
    case .date:
      return NullCount(
        rows: try verifyFixed(column, rows, width: 4, &bounds) { window, offset throws(BodyFault) in
          guard !checks.areDays(window, in: CivilDate.days) else { return }
          for at in stride(from: 0, to: window.count, by: 4)
          where !CivilDate.days.contains(window.integer(at: at, as: Int32.self)) {
            throw .dateOutOfRange(offset: offset + at)
          }
        })
    case .timestamp:
      return NullCount(
        rows: try verifyFixed(column, rows, width: 8, &bounds) { window, offset throws(BodyFault) in
          guard !checks.areTimes(window, in: CivilDate.microseconds) else { return }
          for at in stride(from: 0, to: window.count, by: 8)
          where !CivilDate.microseconds.contains(window.integer(at: at, as: Int64.self)) {
            throw .timestampOutOfRange(offset: offset + at)
          }
        })
    case .time:
      return NullCount(
        rows: try verifyFixed(column, rows, width: 8, &bounds) { window, offset throws(BodyFault) in
          for at in stride(from: 0, to: window.count, by: 8)
          where !CivilDate.timesOfDay.contains(window.integer(at: at, as: Int64.self)) {
            throw .timeOutOfRange(offset: offset + at)
          }
        })
    case .decimal(let precision, _):
      let limit = DecimalText.powers[min(max(precision, 0), DecimalText.mostDigits)].magnitude
      return NullCount(
        rows: try verifyFixed(column, rows, width: 16, &bounds) { window, offset throws(BodyFault) in
          for at in stride(from: 0, to: window.count, by: 16)
          where window.integer(at: at, as: Int128.self).magnitude >= limit {
            throw .decimalOutOfRange(offset: offset + at)
          }
        })
    case .utf8:
      return NullCount(
        rows: try verifyText(
          validity: column.validity, offsets: column.values, text: column.text, count: rows, &bounds))
    case .listOfUTF8:
      guard let elements = column.elements else { return NullCount() }
      let nulls = try verifyOffsets(validity: column.validity, offsets: column.values, end: elements.count, count: rows)
      // Lists have no order.
      var ignored = ColumnBounds.none
      return NullCount(
        rows: nulls,
        elements: try verifyText(
          validity: elements.validity, offsets: elements.offsets, text: elements.text, count: elements.count, &ignored))
    }
  }

  // MARK: Reading

  private mutating func verifyPadding(after range: Range<Int>) throws(BodyFault) {
    let padding = range.upperBound..<range.upperBound.roundedUp(to: ArrowLayout.alignment)
    guard !padding.isEmpty else { return }
    try values.read(padding, of: file)
    let bytes = values.storage.span.extracting(first: values.count)
    guard !checks.isZero(bytes) else { return }
    for index in 0..<bytes.count where bytes[index] != 0 { throw .paddingNotZero(offset: padding.lowerBound + index) }
  }

  /// Reads the validity of `rows`, and checks that no bit is set beyond the last of `count` rows.
  ///
  /// - Returns: the rows in the window without a value.
  mutating func readValidity(
    _ place: Range<Int>, rows: Range<Int>, of count: Int
  ) throws(BodyFault) -> Int {
    let start = place.lowerBound + rows.lowerBound / 8
    try validity.read(start..<place.lowerBound + (rows.upperBound + 7) / 8, of: file)
    let bytes = validity.storage.span.extracting(first: validity.count)
    let unused = bytes.count * 8 - rows.count
    if unused > 0, bytes[bytes.count - 1] >> UInt8(8 - unused) != 0 {
      throw .bitsBeyondRows(offset: start + bytes.count - 1)
    }
    return rows.count - checks.countBits(bytes)
  }

  /// Takes the checksum of a buffer into its batch's; every byte of it must have been seen.
  mutating func endBuffer(_ checksum: UInt64?, _ place: Range<Int>) throws(BodyFault) {
    guard let checksum else { throw .truncated(offset: place.upperBound) }
    batchChecksum.add(checksum)
  }

  // MARK: Types

  private mutating func verifyBits(
    _ column: ColumnPlace, _ rows: Int, _ bounds: inout ColumnBounds
  ) throws(BodyFault) -> Int {
    var nulls = 0
    var trues = 0
    defer {
      if nulls < rows { bounds = .bool(least: trues == rows - nulls, greatest: trues > 0) }
    }
    validity.begin(column.validity)
    values.begin(column.values)
    for window in Self.windows(rows) {
      nulls += try readValidity(column.validity, rows: window, of: rows)
      let start = column.values.lowerBound + window.lowerBound / 8
      try values.read(start..<start + validity.count, of: file)
      let bits = values.storage.span.extracting(first: values.count)
      let allowed = validity.storage.span.extracting(first: validity.count)
      trues += checks.countBits(bits)
      // A set bit must have its validity bit; this also covers the bits beyond the last row.
      guard !checks.isSubset(bits, of: allowed) else { continue }
      for index in 0..<bits.count where bits[index] & ~allowed[index] != 0 {
        throw .nullNotZero(offset: start + index)
      }
    }
    try endBuffer(validity.checksum, column.validity)
    try endBuffer(values.checksum, column.values)
    return nulls
  }

  private mutating func verifyFixed(
    _ column: ColumnPlace, _ rows: Int, width: Int, _ bounds: inout ColumnBounds,
    check: (Span<UInt8>, Int) throws(BodyFault) -> Void
  ) throws(BodyFault) -> Int {
    var nulls = 0
    validity.begin(column.validity)
    values.begin(column.values)
    for window in Self.windows(rows) {
      let missing = try readValidity(column.validity, rows: window, of: rows)
      nulls += missing
      let start = column.values.lowerBound + window.lowerBound * width
      try values.read(start..<start + window.count * width, of: file)
      let bytes = values.storage.span.extracting(first: values.count)
      let bits = validity.storage.span.extracting(first: validity.count)
      try check(bytes, start)
      bounds.add(checks.bounds(of: column.type, bytes, validity: bits, rows: window.count))
      if missing == 0 || checks.areNullsZero(bytes, width: width, validity: bits, rows: window.count) { continue }
      for row in 0..<window.count where !bits.bit(row) {
        for at in row * width..<(row + 1) * width where bytes.integer(at: at, as: UInt8.self) != 0 {
          throw .nullNotZero(offset: start + at)
        }
      }
    }
    try endBuffer(validity.checksum, column.validity)
    try endBuffer(values.checksum, column.values)
    return nulls
  }

  /// Checks that the `count + 1` offsets rise from 0 to `end`, and that what is null is empty.
  ///
  /// - Parameter body: gets each number of rows whose offsets and validity are in the windows, and were checked.
  mutating func verifyOffsets(
    validity place: Range<Int>, offsets: Range<Int>, end: Int, count: Int,
    _ body: (inout Self, Int) throws(BodyFault) -> Void = { _, _ throws(BodyFault) in }
  ) throws(BodyFault) -> Int {
    var nulls = 0
    var previous: Int32 = 0
    self.validity.begin(place)
    self.offsets.begin(offsets)
    if count == 0 {
      try self.offsets.read(offsets.lowerBound..<offsets.lowerBound + 4, of: file)
      guard self.offsets.storage.span.integer(at: 0, as: Int32.self) == 0 else {
        throw .offsetsNotFromZero(offset: offsets.lowerBound)
      }
    }
    for window in Self.windows(count) {
      nulls += try readValidity(place, rows: window, of: count)
      let start = offsets.lowerBound + window.lowerBound * 4
      try self.offsets.read(start..<start + (window.count + 1) * 4, of: file)
      guard window.lowerBound > 0 || offset(0) == 0 else { throw .offsetsNotFromZero(offset: start) }
      try verifyOffsets(ofRows: window.count, at: start)
      previous = Int32(truncatingIfNeeded: offset(window.count))
      guard previous <= end else { break }
      try body(&self, window.count)
    }
    guard Int(previous) == end else { throw .offsetsNotToEnd(offset: offsets.upperBound - 4) }
    try endBuffer(validity.checksum, place)
    try endBuffer(self.offsets.checksum, offsets)
    return nulls
  }

  /// Checks that the offsets in the window never fall, and that what is null is empty.
  private func verifyOffsets(ofRows rows: Int, at start: Int) throws(BodyFault) {
    let bits = validity.storage.span.extracting(first: validity.count)
    guard !checks.areOffsets(offsets.storage.span.extracting(first: offsets.count), validity: bits, rows: rows) else {
      return
    }
    for row in 0..<rows {
      let (first, next) = (offset(row), offset(row + 1))
      guard next >= first else { throw .offsetsNotMonotone(offset: start + (row + 1) * 4) }
      if next != first, !bits.bit(row) { throw .nullNotZero(offset: start + (row + 1) * 4) }
    }
  }

  /// Where the text of a row in the window starts.
  func offset(_ row: Int) -> Int { Int(offsets.storage.span.integer(at: row * 4, as: Int32.self)) }

  /// The rows of a column in pieces.
  static func windows(_ count: Int) -> some Sequence<Range<Int>> {
    stride(from: 0, to: count, by: windowRows).lazy.map { $0..<Swift.min($0 + windowRows, count) }
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
