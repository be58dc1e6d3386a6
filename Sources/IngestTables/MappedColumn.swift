// SPDX-License-Identifier: Apache-2.0

/// Why a column of a batch does not give what was asked for.
public enum ColumnAccessError: Error, Hashable, Sendable {
  /// The column holds another type; ask for what `FixedWidthValue` says of it.
  case wrongType(column: String, type: ColumnType)
  /// The text of this row, from 0, is not UTF-8: the file was damaged since it was published.
  case damagedText(column: String, row: Int)
}

/// One column of a batch as it lies in the file.
///
/// Spans borrow from the column, which keeps the memory behind them; nothing is copied unless it says so.
public struct MappedColumn: Sendable {
  /// Its name and type.
  public let field: Field
  /// The rows of the batch.
  public let rowCount: Int
  /// The rows without a value.
  public let nullCount: Int
  /// The body of the batch, shared by its columns.
  private let region: MappedRegion
  /// Where the column lies in `region`.
  private let place: ColumnPlace

  init(field: Field, rowCount: Int, nullCount: Int, region: MappedRegion, place: ColumnPlace) {
    self.field = field
    self.rowCount = rowCount
    self.nullCount = nullCount
    self.region = region
    self.place = place
  }

  /// One bit a row, 1 where there is a value, from the least significant bit of the first byte.
  ///
  /// Empty for a column of type `null`.
  public var validity: Span<UInt8> {
    @_lifetime(borrow self)
    get {
      let span = Span<UInt8>(viewing: region.bytes.extracting(place.validity))
      // SAFETY: the region lives as long as this column.
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// The values of a column of fixed width, one a row; what stands under a null is 0.
  ///
  /// - Throws: `ColumnAccessError.wrongType` where the column holds no such values.
  @_lifetime(borrow self)
  public func values<Value: FixedWidthValue>(
    as type: Value.Type = Value.self
  ) throws(ColumnAccessError) -> Span<Value> {
    guard Value.isStored(in: field.type), MemoryLayout<Value>.stride * rowCount == place.values.count else {
      throw .wrongType(column: field.name, type: field.type)
    }
    // Any bits are a value of the types that conform, and buffers start at multiples of 64 bytes in the file.
    let span = Span<Value>(_bytes: region.bytes.extracting(place.values))
    // SAFETY: the region lives as long as this column.
    return unsafe _overrideLifetime(span, borrowing: self)
  }

  /// The bytes of a text cell; none where it is null.
  ///
  /// They were UTF-8 when the table was published, which is not checked again; `text(at:)` does.
  ///
  /// - Parameter row: from 0, less than `rowCount`.
  /// - Throws: `ColumnAccessError.wrongType` where the column is no `utf8`.
  @_lifetime(borrow self)
  public func textBytes(at row: Int) throws(ColumnAccessError) -> Span<UInt8> {
    guard place.type == .utf8 else { throw .wrongType(column: field.name, type: field.type) }
    precondition((0..<rowCount).contains(row), "row \(row) of \(rowCount)")
    let bytes = Span<UInt8>(viewing: region.bytes)
    let span = bytes.extracting(place.textRange(of: row, in: bytes))
    // SAFETY: the region lives as long as this column.
    return unsafe _overrideLifetime(span, borrowing: self)
  }

  /// The text of a cell, checked but not copied; empty where it is null.
  ///
  /// - Parameter row: from 0, less than `rowCount`.
  /// - Throws: `ColumnAccessError`.
  @_lifetime(borrow self)
  public func text(at row: Int) throws(ColumnAccessError) -> UTF8Span {
    let bytes = try textBytes(at: row)
    do {
      let text = try UTF8Span(validating: bytes)
      // SAFETY: the region lives as long as this column.
      return unsafe _overrideLifetime(text, borrowing: self)
    } catch { throw .damagedText(column: field.name, row: row) }
  }

  /// Whether a row has no value.
  ///
  /// - Parameter row: from 0, less than `rowCount`.
  public func isNull(at row: Int) -> Bool {
    precondition((0..<rowCount).contains(row), "row \(row) of \(rowCount)")
    return place.type == .null || !validity.bit(row)
  }

  /// The cell of a row, copied; null for a row that the batch does not have.
  public subscript(row: Int) -> Value {
    (0..<rowCount).contains(row) ? place.value(of: row, in: Span(viewing: region.bytes)) : .null
  }
}
