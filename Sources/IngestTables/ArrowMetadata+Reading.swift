// SPDX-License-Identifier: Apache-2.0

extension ArrowMetadata {
  /// Where the footer says that a batch lies.
  package struct Block: Equatable, Sendable {
    let messageOffset: Int
    let messageLength: Int
    let bodyLength: Int

    /// Where the next batch lies, or the end of the stream.
    var end: Int { messageOffset + messageLength + bodyLength }
  }

  /// Reads a footer, without the length and magic that follow it.
  static func readFooter(_ bytes: [UInt8]) throws(FlatBufferTable.Malformed) -> (schema: Schema, blocks: [Block]) {
    let footer = try FlatBufferTable.root(of: bytes)
    guard let schema = try footer.table(1) else { throw FlatBufferTable.Malformed() }
    let numbers = try footer.integers(3, width: 3)
    var blocks: [Block] = []
    for index in stride(from: 0, to: numbers.count, by: 3) {
      let block = numbers[index..<index + 3].compactMap { Int(exactly: $0) }
      guard block.count == 3, block.allSatisfy({ (0..<1 << 60).contains($0) }) else {
        throw FlatBufferTable.Malformed()
      }
      blocks.append(Block(messageOffset: block[0], messageLength: block[1], bodyLength: block[2]))
    }
    return (try readSchema(schema, of: bytes.count), blocks)
  }

  /// Reads a batch message's metadata, without its prefix.
  static func readBatch(
    _ bytes: [UInt8], schema: Schema
  ) throws(FlatBufferTable.Malformed) -> (shape: BatchShape, nulls: [NullCount]) {
    guard let batch = try FlatBufferTable.root(of: bytes).table(2) else { throw FlatBufferTable.Malformed() }
    let rows: Int64 = try batch.integer(0, default: 0)
    var nodes = try batch.integers(1, width: 2)[...]
    var buffers = try batch.integers(2, width: 2)[...]
    guard rows >= 0 else { throw FlatBufferTable.Malformed() }
    var shape = BatchShape(rows: UInt64(rows), sizes: [])
    var nulls: [NullCount] = []
    for field in schema.fields {
      guard let node = nodes.popPair(), (0...rows).contains(node.1) else { throw FlatBufferTable.Malformed() }
      nulls.append(NullCount(rows: Int(node.1)))
      guard field.type != .null else { continue }
      guard buffers.popPair() != nil, buffers.popPair() != nil else { throw FlatBufferTable.Malformed() }
      if field.type == .listOfUTF8 {
        guard let elements = nodes.popPair(), buffers.popPair() != nil, buffers.popPair() != nil, elements.0 >= 0,
          (0...elements.0).contains(elements.1)
        else { throw FlatBufferTable.Malformed() }
        nulls[nulls.count - 1].elements = Int(elements.1)
        shape.sizes.append(UInt64(clamping: elements.0))
      }
      if field.type.variableSizes > 0 {
        guard let text = buffers.popPair() else { throw FlatBufferTable.Malformed() }
        shape.sizes.append(UInt64(clamping: text.1))
      }
    }
    return (shape, nulls)
  }

  /// Reads a schema from a buffer of `length` bytes, which its names cannot exceed: damaged fields may share one name.
  private static func readSchema(
    _ table: FlatBufferTable, of length: Int
  ) throws(FlatBufferTable.Malformed) -> Schema {
    var fields: [Field] = []
    var nameBytes = 0
    for field in try table.tables(1) {
      guard let name = try field.string(0) else { throw FlatBufferTable.Malformed() }
      nameBytes += name.utf8.count
      guard nameBytes <= length else { throw FlatBufferTable.Malformed() }
      fields.append(Field(name: name, type: try readType(field)))
    }
    return Schema(fields: fields)
  }

  private static func readType(_ field: FlatBufferTable) throws(FlatBufferTable.Malformed) -> ColumnType {
    let type = try field.table(3)
    switch try field.integer(2, default: UInt8(0)) {
    case 1: return .null
    case 2: return try type?.integer(1, default: UInt8(0)) == 1 ? .int64 : .uint64
    case 3: return .float64
    case 5: return .utf8
    case 6: return .bool
    case 7: return try readDecimal(type)
    case 8: return .date
    case 9: return .time
    case 10:
      let isUTC = try type?.string(1) != nil
      let unit: Int16 = try type?.integer(0, default: 0) ?? 0
      return unit == 3 ? .timestampNanoseconds(isUTC: isUTC) : .timestamp(isUTC: isUTC)
    case 12: return .listOfUTF8
    default: throw FlatBufferTable.Malformed()
    }
  }
}

extension ArrowMetadata {
  private static func readDecimal(_ type: FlatBufferTable?) throws(FlatBufferTable.Malformed) -> ColumnType {
    let precision = Int(try type?.integer(0, default: Int32(0)) ?? 0)
    let scale = Int(try type?.integer(1, default: Int32(0)) ?? 0)
    guard DecimalText.isValid(precision: precision, scale: scale) else { throw FlatBufferTable.Malformed() }
    return .decimal(precision: precision, scale: scale)
  }
}

extension ArrowMetadata.Block {
  /// The place of a batch.
  package init(_ batch: ArrowLayout.Batch) {
    self.init(
      messageOffset: batch.messageOffset, messageLength: batch.messageLength, bodyLength: batch.bodyLength)
  }
}

extension ArraySlice<Int64> {
  fileprivate mutating func popPair() -> (Int64, Int64)? {
    guard let first = popFirst(), let second = popFirst() else { return nil }
    return (first, second)
  }
}
