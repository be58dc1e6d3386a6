// SPDX-License-Identifier: Apache-2.0

extension TableFile {
  /// Reads some rows of a batch, and no more of the file than they take once the batch is settled.
  ///
  /// - Parameters:
  ///   - index: the batch, from 0.
  ///   - rows: which of its rows; those that it does not have are left out.
  ///   - longestText: texts of more bytes are cut there.
  /// - Returns: the rows, and whether every text is whole.
  /// - Throws: `TableFileError`, also for an index that the table does not have.
  package func slice(
    ofBatch index: Int, rows: Range<Int>, longestText: Int = .max
  ) throws(TableFileError) -> (rows: RecordBatch, isWhole: Bool) {
    let (batch, _) = try place(index)
    try settle(index)
    return try slice(of: batch, rows: rows, longestText: longestText)
  }

  func slice(
    of batch: ArrowLayout.Batch, rows: Range<Int>, longestText: Int
  ) throws(TableFileError) -> (rows: RecordBatch, isWhole: Bool) {
    let rows = rows.clamped(to: 0..<batch.rows)
    var builder = SliceBuilder(file: self, longestText: longestText)
    var places: [ColumnPlace] = []
    var nulls: [Int] = []
    for column in batch.columns {
      let place = try builder.append(column, rows)
      places.append(place)
      nulls.append(column.type == .null ? rows.count : rows.count - builder.countBits(place.validity))
    }
    return (RecordBatch(schema: schema, rowCount: rows.count, places, nulls: nulls, builder.body), builder.isWhole)
  }
}

/// Copies rows of columns out of a file, so that they lie as a batch of their own would.
///
/// A damaged file gives other values, and never a trap: `Column` believes no offset.
private struct SliceBuilder {
  let file: TableFile
  let longestText: Int
  private(set) var body: [UInt8] = []
  private(set) var isWhole = true

  init(file: TableFile, longestText: Int) {
    self.file = file
    self.longestText = longestText
  }

  mutating func append(_ column: ColumnPlace, _ rows: Range<Int>) throws(TableFileError) -> ColumnPlace {
    guard column.type != .null else { return column }
    let validity = try appendBits(column.validity, rows)
    switch column.type {
    case .bool:
      return ColumnPlace(
        type: column.type, validity: validity, values: try appendBits(column.values, rows), text: 0..<0, elements: nil)
    case .utf8:
      let (offsets, text) = try appendTexts(offsets: column.values, text: column.text, rows)
      return ColumnPlace(type: column.type, validity: validity, values: offsets, text: text, elements: nil)
    case .listOfUTF8:
      guard let elements = column.elements else { return column }
      let (offsets, covered) = try appendOffsets(column.values, rows, end: elements.count)
      let present = try appendBits(elements.validity, covered)
      let (cuts, text) = try appendTexts(offsets: elements.offsets, text: elements.text, covered)
      return ColumnPlace(
        type: column.type, validity: validity, values: offsets, text: 0..<0,
        elements: ElementsPlace(count: covered.count, validity: present, offsets: cuts, text: text))
    case .null, .int64, .uint64, .float64, .date, .timestamp, .timestampNanoseconds, .time, .decimal:
      let width = column.type.valueBytes
      let start = column.values.lowerBound
      let values = try append(start + rows.lowerBound * width..<start + rows.upperBound * width)
      return ColumnPlace(type: column.type, validity: validity, values: values, text: 0..<0, elements: nil)
    }
  }

  func countBits(_ place: Range<Int>) -> Int { body[place].reduce(0) { $0 + $1.nonzeroBitCount } }

  /// Copies bytes as they lie.
  private mutating func append(_ bytes: Range<Int>) throws(TableFileError) -> Range<Int> {
    let start = body.count
    body += try file.readUnsettled(UInt64(bytes.lowerBound)..<UInt64(bytes.upperBound))
    guard body.count - start == bytes.count else { throw .damaged("cut off at byte \(bytes.upperBound)") }
    return start..<body.count
  }

  /// Copies the bits of `rows`, the first one to the lowest bit; those behind the last are zero.
  private mutating func appendBits(_ place: Range<Int>, _ rows: Range<Int>) throws(TableFileError) -> Range<Int> {
    let first = place.lowerBound + rows.lowerBound / 8
    let bits = try file.readUnsettled(UInt64(first)..<UInt64(place.lowerBound + (rows.upperBound + 7) / 8))
    let shift = rows.lowerBound % 8
    let start = body.count
    let count = (rows.count + 7) / 8
    for index in 0..<count {
      let low = index < bits.count ? UInt16(bits[index]) : 0
      let high = index + 1 < bits.count ? UInt16(bits[index + 1]) : 0
      body.append(UInt8(truncatingIfNeeded: (low | high << 8) >> UInt16(shift)))
    }
    if rows.count % 8 != 0 { body[body.count - 1] &= (1 << UInt8(rows.count % 8)) - 1 }
    return start..<start + count
  }

  /// Copies the offsets of `rows`, so that the first is 0.
  ///
  /// - Returns: where they lie, and what they cut out of what is `end` long.
  private mutating func appendOffsets(
    _ place: Range<Int>, _ rows: Range<Int>, end: Int
  ) throws(TableFileError) -> (Range<Int>, Range<Int>) {
    let offsets = try append(
      place.lowerBound + rows.lowerBound * 4..<place.lowerBound + (rows.upperBound + 1) * 4)
    let first = body.span.integer(at: offsets.lowerBound, as: Int32.self)
    let last = body.span.integer(at: offsets.upperBound - 4, as: Int32.self)
    guard first >= 0, first <= last, Int(last) <= end else { throw .damaged("offsets at byte \(place.lowerBound)") }
    for at in stride(from: offsets.lowerBound, to: offsets.upperBound, by: 4) {
      put(body.span.integer(at: at, as: Int32.self) &- first, at: at)
    }
    return (offsets, Int(first)..<Int(last))
  }

  /// Copies the texts of `rows` and their offsets; long ones in part.
  private mutating func appendTexts(
    offsets place: Range<Int>, text: Range<Int>, _ rows: Range<Int>
  ) throws(TableFileError) -> (offsets: Range<Int>, text: Range<Int>) {
    let (offsets, covered) = try appendOffsets(place, rows, end: text.count)
    let start = text.lowerBound + covered.lowerBound
    guard covered.count > longestText else {
      return (offsets, try append(start..<text.lowerBound + covered.upperBound))
    }
    let first = body.count
    var from = 0
    for at in stride(from: offsets.lowerBound + 4, to: offsets.upperBound, by: 4) {
      let end = Int(body.span.integer(at: at, as: Int32.self))
      guard from <= end, end <= covered.count else { throw .damaged("offsets at byte \(place.lowerBound)") }
      let length = min(end - from, longestText)
      isWhole = isWhole && length == end - from
      _ = try append(start + from..<start + from + length)
      put(Int32(clamping: body.count - first), at: at)
      from = end
    }
    return (offsets, first..<body.count)
  }

  private mutating func put(_ value: Int32, at offset: Int) {
    for byte in 0..<4 { body[offset + byte] = UInt8(truncatingIfNeeded: value >> Int32(byte * 8)) }
  }
}
