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
    (0..<rowCount).contains(row) ? place.value(of: row, in: body.span) : .null
  }

  /// The bytes of a text cell, without making a string of them; nil where it is null or the column is no text.
  package func appendText(of row: Int, to output: inout [UInt8]) -> Bool {
    let bytes = body.span
    guard place.type == .utf8, bytes.bit(row, at: place.validity.lowerBound) else { return false }
    output.append(contentsOf: body[place.textRange(of: row, in: bytes)])
    return true
  }
}

extension ColumnPlace {
  /// The same place by offsets that start elsewhere.
  func rebased(by delta: Int) -> ColumnPlace {
    func moved(_ range: Range<Int>) -> Range<Int> { range.lowerBound + delta..<range.upperBound + delta }
    return ColumnPlace(
      type: type, validity: moved(validity), values: moved(values), text: moved(text),
      elements: elements.map {
        ElementsPlace(
          count: $0.count, validity: moved($0.validity), offsets: moved($0.offsets), text: moved($0.text))
      })
  }
}
