// SPDX-License-Identifier: Apache-2.0

/// Where everything lies in the Arrow IPC file of a table: a pure function of the schema and the batches' shapes.
///
/// The worker writes bodies at these offsets and the service writes all metadata into the gaps, so no metadata of the
/// worker's is ever parsed. Every body buffer starts at a multiple of 64 bytes in the file and is padded with zeros to
/// the next one. Format: "Arrow Columnar Format", sections IPC File Format and Encapsulated message format.
package struct ArrowLayout: Sendable, Equatable {
  /// Buffers are aligned to cache lines, as the format recommends.
  package static let alignment = 64
  /// `ARROW1` and two zero bytes; the stream starts behind it.
  package static let magic: [UInt8] = Array("ARROW1\0\0".utf8)
  /// The most rows of a batch and the most bytes of one text buffer: offsets are 32 bits.
  package static let maximumRows: UInt64 = 1 << 23
  package static let maximumTextBytes: UInt64 = 1 << 30

  /// One record batch in the file.
  package struct Batch: Sendable, Equatable {
    package let rows: Int
    /// The offset of the batch's metadata message in the file.
    package let messageOffset: Int
    /// The length of the message with its prefix and padding.
    package let messageLength: Int
    /// The offset of the body in the file.
    package let bodyOffset: Int
    /// The length of the body, padding included.
    package let bodyLength: Int
    package let columns: [ColumnPlace]

    package var bodyEnd: Int { bodyOffset + bodyLength }
  }

  package let batches: [Batch]
  /// The length of the schema message, prefix and padding included; it lies right behind the magic.
  package let schemaMessageLength: Int
  /// The offset of the end-of-stream marker, behind the last body.
  package let endOfStream: Int
  /// The sum of the batches' rows.
  package let rows: UInt64

  /// The bytes that a worker leaves behind: up to the end of the last body that has any, or none.
  ///
  /// Where no cell has a value, no body has.
  package var bodiesEnd: Int { batches.last { $0.bodyLength > 0 }?.bodyEnd ?? 0 }

  /// The length of the IPC stream, which starts at offset 8: schema, batches and end marker.
  package var streamRange: Range<Int> { Self.magic.count..<endOfStream + ArrowMetadata.endOfStream.count }
}

/// Where one column of one batch lies, in file offsets.
package struct ColumnPlace: Sendable, Equatable {
  package let type: ColumnType
  /// One bit a row: 1 where there is a value.
  ///
  /// Empty for `null`.
  package let validity: Range<Int>
  /// Values of fixed width; bits for `bool`; `Int32` offsets for `utf8` and `list<utf8>`.
  package let values: Range<Int>
  /// The text of `utf8`; empty otherwise.
  package let text: Range<Int>
  /// The elements of `list<utf8>`.
  package let elements: ElementsPlace?
}

/// Where the elements of a `list<utf8>` column lie, in file offsets.
package struct ElementsPlace: Sendable, Equatable {
  package let count: Int
  package let validity: Range<Int>
  package let offsets: Range<Int>
  package let text: Range<Int>
}

/// Why shapes cannot be laid out: a number is out of range, or the sizes do not fit the schema.
package enum ArrowLayoutError: Error, Equatable {
  case wrongNumberOfSizes(batch: Int)
  case tooManyRows(batch: Int)
  case tooMuchText(batch: Int)
  case fileTooLarge
}

extension ArrowLayout {
  /// Lays out a file.
  ///
  /// - Throws: where a shape does not fit the schema or a number is beyond what offsets can hold.
  package init(schema: Schema, shapes: [BatchShape]) throws(ArrowLayoutError) {
    var cursor = LayoutCursor(schema: schema)
    var batches: [Batch] = []
    batches.reserveCapacity(shapes.count)
    for shape in shapes { batches.append(try cursor.place(shape)) }
    self.batches = batches
    self.schemaMessageLength = cursor.schemaMessageLength
    self.endOfStream = cursor.offset
    self.rows = cursor.rows
  }
}

/// Places batches one after the other, so that a writer can lay out a file whose later batches are not known yet.
package struct LayoutCursor: Sendable {
  package let schema: Schema
  package let schemaMessageLength: Int
  /// The file offset behind what has been placed.
  package private(set) var offset: Int
  package private(set) var rows: UInt64 = 0
  private let batchMessageLength: Int
  private var count = 0

  /// A cursor behind the schema message, where the first batch lies, or at the offset of a later batch.
  package init(schema: Schema, from offset: Int? = nil) {
    self.schema = schema
    schemaMessageLength = ArrowMetadata.schemaMessage(schema).count
    batchMessageLength = ArrowMetadata.batchMessageLength(schema)
    self.offset = offset ?? ArrowLayout.magic.count + schemaMessageLength
  }

  /// Places the next batch behind the last one.
  package mutating func place(_ shape: BatchShape) throws(ArrowLayoutError) -> ArrowLayout.Batch {
    guard shape.sizes.count == schema.variableSizes else { throw .wrongNumberOfSizes(batch: count) }
    guard shape.rows <= ArrowLayout.maximumRows else { throw .tooManyRows(batch: count) }
    guard shape.sizes.allSatisfy({ $0 <= ArrowLayout.maximumTextBytes }) else { throw .tooMuchText(batch: count) }
    let bodyOffset = offset + batchMessageLength
    var body = BufferCursor(offset: bodyOffset, rows: Int(shape.rows), sizes: shape.sizes[...])
    let columns = schema.fields.map { body.place($0.type) }
    // With each number below 2^30, 2^14 columns stay far below 2^63; a file beyond 2^60 is nonsense all the same.
    guard body.offset < 1 << 60 else { throw .fileTooLarge }
    defer {
      offset = body.offset
      rows += shape.rows
      count += 1
    }
    return ArrowLayout.Batch(
      rows: Int(shape.rows), messageOffset: offset, messageLength: batchMessageLength, bodyOffset: bodyOffset,
      bodyLength: body.offset - bodyOffset, columns: columns)
  }
}

/// Hands out the padded ranges of one batch's body.
private struct BufferCursor {
  var offset: Int
  let rows: Int
  var sizes: ArraySlice<UInt64>

  mutating func place(_ type: ColumnType) -> ColumnPlace {
    switch type {
    case .null: return column(type, validity: take(0), values: take(0))
    case .bool: return column(type, validity: take(bits: rows), values: take(bits: rows))
    case .date, .int64, .uint64, .float64, .timestamp, .timestampNanoseconds, .time, .decimal:
      return column(type, validity: take(bits: rows), values: take(rows * type.valueBytes))
    case .utf8:
      let validity = take(bits: rows)
      let offsets = take((rows + 1) * 4)
      return ColumnPlace(type: type, validity: validity, values: offsets, text: take(nextSize()), elements: nil)
    case .listOfUTF8:
      let validity = take(bits: rows)
      let offsets = take((rows + 1) * 4)
      let count = nextSize()
      let elements = ElementsPlace(
        count: count, validity: take(bits: count), offsets: take((count + 1) * 4), text: take(nextSize()))
      return ColumnPlace(
        type: type, validity: validity, values: offsets, text: offsets.upperBound..<offsets.upperBound,
        elements: elements)
    }
  }

  private func column(_ type: ColumnType, validity: Range<Int>, values: Range<Int>) -> ColumnPlace {
    ColumnPlace(
      type: type, validity: validity, values: values, text: values.upperBound..<values.upperBound, elements: nil)
  }

  private mutating func nextSize() -> Int { sizes.popFirst().map { Int(clamping: $0) } ?? 0 }

  private mutating func take(bits: Int) -> Range<Int> { take((bits + 7) / 8) }

  private mutating func take(_ length: Int) -> Range<Int> {
    let range = offset..<offset + length
    offset = (offset + length).roundedUp(to: ArrowLayout.alignment)
    return range
  }
}

extension Int {
  /// The next multiple of `unit`, a power of two, at or above this number.
  package func roundedUp(to unit: Int) -> Int { (self + unit - 1) & ~(unit - 1) }
}

extension ColumnType {
  /// What a value of fixed width takes of `ColumnPlace.values`; 0 for all other types.
  var valueBytes: Int {
    switch self {
    case .null, .bool, .utf8, .listOfUTF8: 0
    case .date: 4
    case .int64, .uint64, .float64, .timestamp, .timestampNanoseconds, .time: 8
    case .decimal: 16
    }
  }
}
