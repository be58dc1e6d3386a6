// SPDX-License-Identifier: Apache-2.0

package import IngestTables

/// Reads a table in every way that the service has, and checks what comes out.
package struct TableReading {
  /// Rows that are rendered; the rest is only read.
  private static let renderedRows = 200

  private let file: TableFile

  package init(_ file: TableFile) { self.file = file }

  /// Requires that a published table holds these cells, and reads as text that others can read.
  package func require(_ expected: [[[Value]]]) throws {
    try Fuzzing.require(file.batchCount == expected.count, "batches")
    for (index, columns) in expected.enumerated() {
      let batch = try file.batch(index)
      try Fuzzing.require(batch.columns.count == columns.count, "columns")
      for (column, cells) in zip(batch.columns, columns) {
        try Fuzzing.require(batch.rowCount == cells.count, "rows")
        try Fuzzing.require(column.nullCount == cells.count { $0 == .null }, "nulls of \(column.field)")
        for (row, cell) in cells.enumerated() {
          try Fuzzing.require(
            Self.isSame(column[row], cell), "cell \(row) of \(column.field): \(column[row]), not \(cell)")
        }
      }
    }
    try requireTexts()
  }

  /// Floats are compared by their bits.
  private static func isSame(_ left: Value, _ right: Value) -> Bool {
    if case (.float64(let left), .float64(let right)) = (left, right) { return left.bitPattern == right.bitPattern }
    // Texts by their bytes: equality is canonical.
    return left == right && left.text.utf8.elementsEqual(right.text.utf8)
  }

  /// Requires that what can be read of a table, damaged or not, is well-formed text in every form.
  package func requireTexts() throws {
    var rows: UInt64 = 0
    for index in 0..<file.batchCount {
      let batch = try file.batch(index)
      rows += UInt64(batch.rowCount)
      try requireTexts(batch)
    }
    let counted = try file.countRows()
    try Fuzzing.require(counted == rows, "rows counted twice")
    _ = try Table(contentsOf: file, rows: 10).grid(rows: 10, width: 100)
    _ = try file.read(file.streamRange)
  }

  private func requireTexts(_ batch: RecordBatch) throws {
    let rows = 0..<min(batch.rowCount, Self.renderedRows)
    try Fuzzing.require(JSONGrammar.arrayCount(rendered(batch, rows, as: .json)) == rows.count, "JSON")
    let lines = rendered(batch, rows, as: .ndjson).split(separator: 0x0A)
    try Fuzzing.require(lines.count == rows.count && lines.allSatisfy(JSONGrammar.isObject), "NDJSON")
    let csv = rendered(batch, rows, as: .csv)
    guard let records = CSVGrammar.records(csv) else { return try Fuzzing.require(false, "CSV") }
    try Fuzzing.require(records.count == rows.count + 1, "records of CSV")
    for row in rows {
      let texts = batch.columns.map { Array($0[row].text.utf8) }
      try Fuzzing.require(records[row + 1] == texts, "row \(row) of CSV")
    }
  }

  private func rendered(_ batch: RecordBatch, _ rows: Range<Int>, as form: TextRepresentation) -> [UInt8] {
    var renderer = TableRenderer(file.schema, as: form)
    var output: [UInt8] = []
    renderer.appendStart(to: &output)
    renderer.append(batch, rows: rows, to: &output)
    renderer.appendEnd(to: &output)
    return output
  }
}
