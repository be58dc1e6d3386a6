// SPDX-License-Identifier: Apache-2.0

/// The metadata of an Arrow IPC file: schema message, batch messages and footer (Arrow's `Schema.fbs`, `Message.fbs`
/// and `File.fbs`, metadata version 5).
package enum ArrowMetadata {
  /// What ends a stream: the continuation marker and a length of zero.
  package static let endOfStream: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]

  private static let version5: Int16 = 4
  private enum Header {
    static let schema: UInt8 = 1
    static let recordBatch: UInt8 = 3
  }

  /// The encapsulated schema message.
  ///
  /// It lies at offset 8 and ends at a multiple of 64.
  package static func schemaMessage(_ schema: Schema) -> [UInt8] {
    var builder = FlatBufferBuilder()
    let header = self.schema(schema, &builder)
    return encapsulated(message(header, type: Header.schema, bodyLength: 0, &builder), startingAt: 8)
  }

  /// The length of every batch message of a schema; it does not depend on the batch.
  package static func batchMessageLength(_ schema: Schema) -> Int {
    let empty = ArrowLayout.Batch(
      rows: 0, messageOffset: 0, messageLength: 0, bodyOffset: 0, bodyLength: 0,
      columns: schema.fields.map {
        ColumnPlace(
          type: $0.type, validity: 0..<0, values: 0..<0, text: 0..<0,
          elements: $0.type == .listOfUTF8
            ? ElementsPlace(count: 0, validity: 0..<0, offsets: 0..<0, text: 0..<0) : nil)
      })
    return batchMessage(empty, nulls: schema.fields.map { _ in NullCount() }).count
  }

  /// The encapsulated message of one batch.
  ///
  /// - Parameter nulls: one count a column, as counted by the caller.
  package static func batchMessage(_ batch: ArrowLayout.Batch, nulls: [NullCount]) -> [UInt8] {
    var nodes: [Int64] = []
    var buffers: [Int64] = []
    func add(_ range: Range<Int>) { buffers += [Int64(range.lowerBound - batch.bodyOffset), Int64(range.count)] }
    for (column, count) in zip(batch.columns, nulls) {
      nodes += [Int64(batch.rows), Int64(column.type == .null ? batch.rows : count.rows)]
      guard column.type != .null else { continue }
      add(column.validity)
      add(column.values)
      if column.type == .utf8 { add(column.text) }
      guard let elements = column.elements else { continue }
      nodes += [Int64(elements.count), Int64(count.elements)]
      for range in [elements.validity, elements.offsets, elements.text] { add(range) }
    }
    var builder = FlatBufferBuilder()
    let bufferVector = builder.structVector(buffers, width: 2)
    let nodeVector = builder.structVector(nodes, width: 2)
    let header = builder.table([.int64(Int64(batch.rows)), .reference(nodeVector), .reference(bufferVector)])
    return encapsulated(
      message(header, type: Header.recordBatch, bodyLength: Int64(batch.bodyLength), &builder), startingAt: 0)
  }

  /// The footer with its length and the closing magic; it lies right behind the end of the stream.
  package static func footer(_ schema: Schema, _ layout: ArrowLayout) -> [UInt8] {
    footer(schema, layout.batches.map(Block.init))
  }

  /// The footer of batches that lie in these blocks.
  package static func footer(_ schema: Schema, _ blocks: [Block]) -> [UInt8] {
    var builder = FlatBufferBuilder()
    // A Block is offset, metadata length (32 bits and padding) and body length.
    let numbers = blocks.flatMap { [Int64($0.messageOffset), Int64($0.messageLength), Int64($0.bodyLength)] }
    let blockVector = builder.structVector(numbers, width: 3)
    let dictionaries = builder.structVector([], width: 3)
    let schema = self.schema(schema, &builder)
    let root = builder.table(
      [.int16(version5), .reference(schema), .reference(dictionaries), .reference(blockVector)])
    let bytes = builder.finish(root)
    return bytes + littleEndian(Int32(truncatingIfNeeded: bytes.count)) + ArrowLayout.magic.prefix(6)
  }

  private static func message(
    _ header: FlatBufferBuilder.Reference, type: UInt8, bodyLength: Int64, _ builder: inout FlatBufferBuilder
  ) -> [UInt8] {
    let root = builder.table([.int16(version5), .int8(type), .reference(header), .int64(bodyLength)])
    return builder.finish(root)
  }

  /// Continuation marker, length, metadata, and padding so that the message ends at a multiple of 64 in the file.
  private static func encapsulated(_ metadata: [UInt8], startingAt offset: Int) -> [UInt8] {
    let length = (offset + 8 + metadata.count).roundedUp(to: ArrowLayout.alignment) - offset
    let padding = [UInt8](repeating: 0, count: length - 8 - metadata.count)
    return [0xFF, 0xFF, 0xFF, 0xFF] + littleEndian(Int32(truncatingIfNeeded: length - 8)) + metadata + padding
  }

  private static func littleEndian(_ value: Int32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }
}

/// The nulls of one column in one batch, and those among a list's elements.
package struct NullCount: Sendable, Hashable {
  package var rows = 0
  package var elements = 0

  package init(rows: Int = 0, elements: Int = 0) {
    self.rows = rows
    self.elements = elements
  }
}

extension ArrowMetadata {
  private static func schema(_ schema: Schema, _ builder: inout FlatBufferBuilder) -> FlatBufferBuilder.Reference {
    let fields = schema.fields.map { field($0, &builder) }
    let vector = builder.vector(fields)
    return builder.table([.int16(0), .reference(vector)])
  }

  private static func field(_ field: Field, _ builder: inout FlatBufferBuilder) -> FlatBufferBuilder.Reference {
    let children = field.type == .listOfUTF8 ? [self.field(Field(name: "item", type: .utf8), &builder)] : []
    let childVector = builder.vector(children)
    let name = builder.string(field.name)
    let (code, type) = self.type(field.type, &builder)
    return builder.table(
      [.reference(name), .int8(1), .int8(code), .reference(type), nil, .reference(childVector)])
  }

  /// The member of the `Type` union and its table.
  private static func type(
    _ type: ColumnType, _ builder: inout FlatBufferBuilder
  ) -> (UInt8, FlatBufferBuilder.Reference) {
    switch type {
    case .null: return (1, builder.table([]))
    case .int64: return (2, builder.table([.int32(64), .int8(1)]))
    case .uint64: return (2, builder.table([.int32(64), .int8(0)]))
    case .float64: return (3, builder.table([.int16(2)]))
    case .utf8: return (5, builder.table([]))
    case .bool: return (6, builder.table([]))
    case .date: return (8, builder.table([.int16(0)]))
    case .timestamp(let isUTC):
      let zone = isUTC ? builder.string("UTC") : nil
      return (10, builder.table([.int16(2), zone.map { .reference($0) }]))
    case .timestampNanoseconds(let isUTC):
      let zone = isUTC ? builder.string("UTC") : nil
      return (10, builder.table([.int16(3), zone.map { .reference($0) }]))
    case .time: return (9, builder.table([.int16(2), .int32(64)]))
    case .decimal(let precision, let scale):
      return (
        7,
        builder.table(
          [.int32(Int32(truncatingIfNeeded: precision)), .int32(Int32(truncatingIfNeeded: scale)), .int32(128)])
      )
    case .listOfUTF8: return (12, builder.table([]))
    }
  }
}
