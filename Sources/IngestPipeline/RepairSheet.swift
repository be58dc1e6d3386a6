// SPDX-License-Identifier: Apache-2.0

package import IngestTables

/// The rejected records of a table as a file that people mend and send again: the table's header, and the records as
/// they stood in theirs.
package struct RepairSheet: Sendable {
  /// How the records are written.
  struct Dialect: Sendable {
    var delimiter: String
    /// Nil where no cell was quoted.
    var quote: String?
    var escapesByBackslash: Bool
    /// Columns at the end that had neither a name nor a cell, and are no columns of the table.
    var emptyColumns: Int

    /// That of the file that a table came from.
    init(_ report: Report.Table) {
      delimiter = report.dialect.delimiter
      quote = report.dialect.quote
      escapesByBackslash = report.dialect.escape == "backslash"
      let dropped = report.notes.first { $0.kind == "empty_trailing_columns" }
      emptyColumns = Int(clamping: dropped?.count ?? 0)
    }
  }

  /// The rejects, whose records are written.
  package let rejects: TableRejects
  private let names: [String]
  private let dialect: Dialect

  init(_ rejects: TableRejects, of schema: Schema, _ dialect: Dialect) {
    self.rejects = rejects
    self.dialect = dialect
    names = schema.fields.filter { $0.type != .listOfUTF8 }.map(\.name)
  }

  /// The line that names the columns.
  package var header: [UInt8] {
    let cells = names.map(cell) + [String](repeating: "", count: dialect.emptyColumns)
    return Array((cells.joined(separator: dialect.delimiter) + "\n").utf8)
  }

  /// Appends the records of a batch of the rejects, each on a line of its own.
  ///
  /// - Returns: how many of them are too long to be kept, and so are missing.
  package func append(_ batch: RecordBatch, to output: inout [UInt8]) -> Int {
    var missing = 0
    let records = batch.columns[RejectsTable.Column.record.rawValue]
    for row in 0..<batch.rowCount {
      guard case .text(let text) = records[row] else {
        missing += 1
        continue
      }
      output += Array(text.utf8)
      output.append(0x0A)
    }
    return missing
  }

  /// A name as a cell of the header: in quotes where there are any, so that whatever is in it means nothing.
  private func cell(_ name: String) -> String {
    let isPlain = !name.contains(dialect.delimiter) && !name.contains { $0 == "\"" || $0.isNewline }
    if dialect.quote == nil, isPlain { return name }
    let quote = dialect.quote ?? "\""
    guard dialect.escapesByBackslash else { return quote + name.replacing(quote, with: quote + quote) + quote }
    return quote + name.replacing("\\", with: "\\\\").replacing(quote, with: "\\" + quote) + quote
  }
}
