// SPDX-License-Identifier: Apache-2.0

import FileDescriptors

/// Rows of a table as they lie in its file, which are not copied.
///
/// The batch owns its part of the file's mapping and shares it with its columns, so it stays readable when the
/// `TableFile` is gone, and takes no memory of its own.
public struct MappedBatch: Sendable {
  /// The columns' names and types.
  public let schema: Schema
  /// The rows of the batch.
  public let rowCount: Int
  /// The columns, in the schema's order.
  public let columns: [MappedColumn]

  /// The first column of this name; nil where there is none.
  public func column(named name: String) -> MappedColumn? { columns.first { $0.field.name == name } }
}

/// The batches of a table, one after the other.
///
/// A batch's memory is given back with its last reference, so as much is mapped at a time as the caller keeps.
public struct MappedBatches: Sendable {
  private let file: TableFile
  private var index = 0

  init(_ file: TableFile) { self.file = file }

  /// The next batch; nil behind the last one.
  ///
  /// - Throws: `TableFileError`.
  public mutating func next() throws(TableFileError) -> MappedBatch? {
    guard index < file.batchCount else { return nil }
    defer { index += 1 }
    return try file.mappedBatch(index)
  }
}

extension TableFile {
  /// The batches from the first one on, not copied.
  ///
  /// ```swift
  /// var batches = file.mappedBatches
  /// while let batch = try batches.next() { … }
  /// ```
  public var mappedBatches: MappedBatches { MappedBatches(self) }

  /// Maps batch `index`, from 0, and checks that its metadata is that of its body, and the first time that it is what was
  /// published.
  ///
  /// The file must not be cut off as long as the batch is in use, or reading it ends the process (SIGBUS). Published
  /// files never are; `batch(_:)` copies, and fails with an error instead.
  ///
  /// - Throws: `TableFileError`, also for an index that the table does not have.
  public func mappedBatch(_ index: Int) throws(TableFileError) -> MappedBatch {
    let (batch, nulls) = try place(index)
    let region: MappedRegion
    do { region = try MappedRegion(file, batch.bodyOffset..<batch.bodyEnd) } catch {
      throw .unreadable(error.description)
    }
    let bytes = Span<UInt8>(viewing: region.bytes)
    for (place, nulls) in zip(batch.columns, nulls) {
      guard place.agrees(with: bytes, from: batch.bodyOffset, rows: batch.rows, nulls) else {
        throw .damaged("batch \(index)")
      }
    }
    if try !seals.isSettled(index) { try seals.verify(batch.checksum(of: bytes), ofBatch: index) }
    var columns: [MappedColumn] = []
    for (column, field) in schema.fields.enumerated() {
      columns.append(
        MappedColumn(
          field: field, rowCount: batch.rows,
          nullCount: field.type == .null ? batch.rows : nulls[column].rows, region: region,
          place: batch.columns[column].rebased(by: -batch.bodyOffset)))
    }
    return MappedBatch(schema: schema, rowCount: batch.rows, columns: columns)
  }
}

extension Span<UInt8> {
  /// The same memory as bytes.
  @_lifetime(copy bytes)
  init(viewing bytes: RawSpan) {
    self = Span(_bytes: bytes)
  }
}
