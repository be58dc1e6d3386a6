// SPDX-License-Identifier: Apache-2.0

/// A table in memory: columns of one length, in record batches.
public struct Table: Sendable {
  /// The columns' names and types.
  public let schema: Schema
  /// The rows, in order.
  public let batches: [RecordBatch]
  /// The rows of the whole table, of which the batches may hold only the first.
  public let rowCount: UInt64

  /// Reads a published table file.
  ///
  /// - Parameter rows: how many rows are wanted; whole batches are read until there are as many.
  /// - Throws: `TableFileError`.
  public init(contentsOf file: TableFile, rows: Int = .max) throws(TableFileError) {
    var batches: [RecordBatch] = []
    var count = 0
    for index in 0..<file.batchCount where count < rows {
      batches.append(try file.batch(index))
      count += batches[batches.count - 1].rowCount
    }
    schema = file.schema
    self.batches = batches
    rowCount = try file.countRows()
  }

  /// The cell in `row` and `column`, both from 0; null where the batches do not reach.
  public subscript(row: Int, column: Int) -> Value {
    guard schema.fields.indices.contains(column), row >= 0 else { return .null }
    var rest = row
    for batch in batches {
      if rest < batch.rowCount { return batch.columns[column][rest] }
      rest -= batch.rowCount
    }
    return .null
  }
}

extension Table: CustomStringConvertible {
  /// The first ten rows as a grid with types.
  public var description: String { grid(rows: 10, width: 120) }

  /// The first `rows` rows as a grid at most `width` characters wide, with names and types above.
  public func grid(rows: Int, width: Int) -> String {
    let loaded = batches.reduce(0) { $0 + $1.rowCount }
    let shown = Swift.max(0, Swift.min(rows, loaded))
    var grid = TextGrid(width: width)
    for (index, field) in schema.fields.enumerated() where grid.hasRoom {
      grid.addColumn(
        name: field.name, type: field.type.name, isNumber: field.type.isNumber,
        cells: (0..<shown).map { self[$0, index] })
    }
    return "\(grid.text)\(footer(shown: shown, columns: grid.columnCount))"
  }

  private func footer(shown: Int, columns: Int) -> String {
    var parts = ["\(rowCount) rows × \(schema.fields.count) columns"]
    if UInt64(shown) < rowCount { parts.append("\(shown) rows shown") }
    if columns < schema.fields.count { parts.append("\(columns) columns shown") }
    return parts.joined(separator: ", ")
  }
}

extension ColumnType {
  fileprivate var isNumber: Bool {
    switch self {
    case .int64, .uint64, .float64, .decimal: true
    default: false
    }
  }
}
