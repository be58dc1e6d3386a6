// SPDX-License-Identifier: Apache-2.0

/// Rows of a table, column by column, as they lie in its Arrow file.
public struct RecordBatch: Sendable {
  /// The columns' names and types.
  public let schema: Schema
  /// The rows of the batch.
  public let rowCount: Int
  /// The columns, in the schema's order.
  public let columns: [Column]

  package init(schema: Schema, batch: ArrowLayout.Batch, nulls: [NullCount], body: [UInt8]) {
    self.schema = schema
    rowCount = batch.rows
    let base = batch.bodyOffset
    columns = zip(zip(schema.fields, batch.columns), nulls).map { pair, nulls in
      Column(field: pair.0, rowCount: batch.rows, nullCount: nulls.rows, body: body, place: pair.1.rebased(by: -base))
    }
  }
}

extension RecordBatch {
  /// Rows whose columns lie in `body` where `places` says.
  init(schema: Schema, rowCount: Int, _ places: [ColumnPlace], nulls: [Int], _ body: [UInt8]) {
    self.schema = schema
    self.rowCount = rowCount
    columns = zip(zip(schema.fields, places), nulls).map { pair, nulls in
      Column(field: pair.0, rowCount: rowCount, nullCount: nulls, body: body, place: pair.1)
    }
  }
}

/// One column of a record batch.
public struct Column: Sendable {
  /// Its name and type.
  public let field: Field
  /// The rows of the batch.
  public let rowCount: Int
  /// The rows without a value.
  public let nullCount: Int
  /// The whole body of the batch, shared by its columns.
  private let body: [UInt8]
  /// Where the column lies in `body`.
  private let place: ColumnPlace

  init(field: Field, rowCount: Int, nullCount: Int, body: [UInt8], place: ColumnPlace) {
    self.field = field
    self.rowCount = rowCount
    self.nullCount = nullCount
    self.body = body
    self.place = place
  }

  /// The value of `row`, from 0; null for a row that the batch does not have.
  public subscript(row: Int) -> Value {
    guard (0..<rowCount).contains(row), place.type != .null else { return .null }
    let bytes = body.span
    guard bytes.bit(row, at: place.validity.lowerBound) else { return .null }
    switch place.type {
    case .null: return .null
    case .bool: return .bool(bytes.bit(row, at: place.values.lowerBound))
    case .int64: return .int64(bytes.integer(at: place.values.lowerBound + row * 8))
    case .uint64: return .uint64(bytes.integer(at: place.values.lowerBound + row * 8))
    case .float64: return .float64(Double(bitPattern: bytes.integer(at: place.values.lowerBound + row * 8)))
    case .date: return .date(days: bytes.integer(at: place.values.lowerBound + row * 4))
    case .timestamp(let isUTC):
      return .timestamp(microseconds: bytes.integer(at: place.values.lowerBound + row * 8), isUTC: isUTC)
    case .timestampNanoseconds(let isUTC):
      return .timestampNanoseconds(bytes.integer(at: place.values.lowerBound + row * 8), isUTC: isUTC)
    case .time: return .time(microseconds: bytes.integer(at: place.values.lowerBound + row * 8))
    case .decimal(_, let scale):
      return .decimal(unscaled: bytes.integer(at: place.values.lowerBound + row * 16), scale: scale)
    case .utf8: return .text(text(range(row, offsets: place.values), in: place.text))
    case .listOfUTF8: return list(row)
    }
  }

  private func list(_ row: Int) -> Value {
    guard let elements = place.elements else { return .null }
    let bytes = body.span
    let indices = range(row, offsets: place.values)
    guard indices.upperBound <= elements.count else { return .null }
    return .list(
      indices.map { element in
        guard bytes.bit(element, at: elements.validity.lowerBound) else { return nil }
        return text(range(element, offsets: elements.offsets), in: elements.text)
      })
  }

  /// What a pair of offsets cuts out.
  ///
  /// A published file was verified, but a damaged one must not trap either.
  private func range(_ row: Int, offsets: Range<Int>) -> Range<Int> {
    let bytes = body.span
    let start = Int(bytes.integer(at: offsets.lowerBound + row * 4, as: Int32.self))
    let end = Int(bytes.integer(at: offsets.lowerBound + row * 4 + 4, as: Int32.self))
    return start >= 0 && start <= end ? start..<end : 0..<0
  }

  private func text(_ range: Range<Int>, in place: Range<Int>) -> String {
    guard range.upperBound <= place.count else { return "" }
    return String(
      decoding: body[place.lowerBound + range.lowerBound..<place.lowerBound + range.upperBound], as: UTF8.self)
  }

  /// The bytes of a text cell, without making a string of them; nil where it is null or the column is no text.
  package func appendText(of row: Int, to output: inout [UInt8]) -> Bool {
    guard place.type == .utf8, body.span.bit(row, at: place.validity.lowerBound) else { return false }
    let range = range(row, offsets: place.values)
    guard range.upperBound <= place.text.count else { return true }
    output.append(contentsOf: body[place.text.lowerBound + range.lowerBound..<place.text.lowerBound + range.upperBound])
    return true
  }
}

extension ColumnPlace {
  fileprivate func rebased(by delta: Int) -> ColumnPlace {
    func moved(_ range: Range<Int>) -> Range<Int> { range.lowerBound + delta..<range.upperBound + delta }
    return ColumnPlace(
      type: type, validity: moved(validity), values: moved(values), text: moved(text),
      elements: elements.map {
        ElementsPlace(
          count: $0.count, validity: moved($0.validity), offsets: moved($0.offsets), text: moved($0.text))
      })
  }
}
