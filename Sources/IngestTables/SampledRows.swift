// SPDX-License-Identifier: Apache-2.0

/// Rows of a table that lie evenly over it: the same ones for the same table, whoever takes them.
package struct SampledRows: Sendable {
  /// The cells of each column, in the order of the rows.
  package private(set) var columns: [[Value]]
  /// Whether these are all rows.
  package let isWhole: Bool

  /// At most so many batches are read, since each is read whole.
  private static let batches = 32
  /// At most so many rows are taken, and so many cells: of wide tables there are fewer rows.
  private static let rows = 1_024
  private static let cells = 1 << 17

  /// Reads the rows.
  ///
  /// - Throws: `TableFileError`.
  package init(of file: TableFile) throws(TableFileError) {
    let width = file.schema.fields.count
    let most = max(16, min(Self.rows, Self.cells / max(1, width)))
    let taken = min(file.batchCount, Self.batches)
    columns = [[Value]](repeating: [], count: width)
    var isWhole = taken == file.batchCount
    for index in 0..<taken {
      let batch = try file.batch(index * file.batchCount / taken)
      let share = min(batch.rowCount, max(1, most / taken))
      isWhole = isWhole && share == batch.rowCount
      for (column, cells) in batch.columns.enumerated() {
        for row in 0..<share { columns[column].append(cells[row * batch.rowCount / share]) }
      }
    }
    self.isWhole = isWhole
  }
}
