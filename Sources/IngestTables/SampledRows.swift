// SPDX-License-Identifier: Apache-2.0

/// Rows of a table that lie evenly over it: the same ones for the same table, whoever takes them.
package struct SampledRows: Sendable {
  /// The cells of each column, in the order of the rows.
  package let columns: [[Value]]
  /// Whether these are all rows.
  package let isWhole: Bool

  /// At most so many batches are looked at.
  private static let batches = 32
  /// At most so many rows are taken, and so many cells: of wide tables there are fewer rows.
  private static let rows = 1_024
  private static let cells = 1 << 17
  /// Rows that lie beside each other are read at once: so few, unless that would be too many pieces of columns.
  private static let run = 8
  private static let pieces = 2_560
  /// Of a longer text its start is taken.
  private static let longestText = 4 << 10

  /// Reads the rows.
  ///
  /// - Throws: `TableFileError`.
  package init(of file: TableFile) throws(TableFileError) {
    let width = file.schema.fields.count
    let most = max(16, min(Self.rows, Self.cells / max(1, width)))
    let taken = min(file.batchCount, Self.batches)
    var columns = [[Value]](repeating: [], count: width)
    var isWhole = taken == file.batchCount
    for index in 0..<taken {
      let (batch, _) = try file.place(index * file.batchCount / taken)
      let share = min(batch.rows, max(1, most / taken))
      isWhole = isWhole && share == batch.rows
      for run in Self.runs(of: share, in: batch.rows, atMost: Self.pieces / max(1, width * taken)) {
        let slice = try file.slice(of: batch, rows: run, longestText: Self.longestText)
        isWhole = isWhole && slice.isWhole
        for (column, cells) in slice.rows.columns.enumerated() {
          for row in 0..<run.count { columns[column].append(cells[row]) }
        }
      }
    }
    self.columns = columns
    self.isWhole = isWhole
  }

  /// `share` of so many rows, in runs that lie evenly among them.
  private static func runs(of share: Int, in rows: Int, atMost most: Int) -> [Range<Int>] {
    guard share < rows else { return [0..<rows] }
    let count = max(1, min((share + run - 1) / run, most))
    return (0..<count).map { number in
      // The rows between runs are shared out as those in them are, so that no run meets the next one.
      let gaps = number * (rows - share) / count
      return gaps + number * share / count..<gaps + (number + 1) * share / count
    }
  }
}
