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
  /// Rows that lie beside each other are read at once.
  private static let run = 8
  /// Of a longer text its start is taken.
  private static let longestText = 4 << 10
  /// A piece of a file costs about as much to read as so many bytes that lie behind each other.
  private static let bytesPerRead = 16 << 10

  /// Reads the rows.
  ///
  /// - Throws: `TableFileError`.
  package init(of file: TableFile) throws(TableFileError) {
    let width = file.schema.fields.count
    let most = max(16, min(Self.rows, Self.cells / max(1, width)))
    let taken = min(file.batchCount, Self.batches)
    var columns = [[Value]](repeating: [], count: width)
    var isWhole = taken == file.batchCount
    func append(_ slice: (rows: RecordBatch, isWhole: Bool), _ rows: Range<Int>) {
      isWhole = isWhole && slice.isWhole
      for (column, cells) in slice.rows.columns.enumerated() {
        for row in rows { columns[column].append(cells[row]) }
      }
    }
    for index in 0..<taken {
      let (batch, _) = try file.place(index * file.batchCount / taken)
      let share = min(batch.rows, max(1, most / taken))
      isWhole = isWhole && share == batch.rows
      let runs = Self.runs(of: share, in: batch.rows)
      if batch.bodyLength <= runs.count * width * Self.bytesPerRead {
        let whole = try file.slice(of: batch, rows: 0..<batch.rows, longestText: Self.longestText)
        for run in runs { append(whole, run) }
      } else {
        for run in runs {
          append(try file.slice(of: batch, rows: run, longestText: Self.longestText), 0..<run.count)
        }
      }
    }
    self.columns = columns
    self.isWhole = isWhole
  }

  /// `share` of so many rows, in runs that lie evenly among them.
  private static func runs(of share: Int, in rows: Int) -> [Range<Int>] {
    guard share < rows else { return [0..<rows] }
    let count = (share + run - 1) / run
    return (0..<count).map { number in
      // The rows between runs are shared out as those in them are, so that no run meets the next one.
      let gaps = number * (rows - share) / count
      return gaps + number * share / count..<gaps + (number + 1) * share / count
    }
  }
}
