// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The columns of a table that hold values, found where they are first asked for: behind most tables stands nothing that
/// could be another one.
final class TypedColumns: Sendable {
  private let format: CSVFormat
  private let text: Range<Int>
  private let rows: Int
  /// The columns that are looked at.
  private let most: Int
  private let found = Mutex<[Int]?>(nil)

  /// - Parameter rows: lines that are not empty and follow each other.
  init(_ rows: Range<Int>, of lines: SampleLines, most: Int) {
    format = lines.format
    text = (rows.isEmpty ? lines.index.end : lines.lines[rows.lowerBound].start)..<lines.index.end
    self.rows = rows.count
    self.most = most
  }

  /// Their numbers, ascending.
  func columns(in bytes: MappedBytes) -> [Int] {
    found.withLock { found in
      let columns = found ?? find(in: bytes)
      found = columns
      return columns
    }
  }

  private func find(in bytes: MappedBytes) -> [Int] {
    var scanner = CSVScanner(bytes, range: text, format: format, caps: .none)
    var index = FieldIndex()
    while index.recordCount < rows, scanner.nextRecord(into: &index) != nil {}
    return (0..<most).filter { column in
      let cells = index.cells(column, of: 0..<index.recordCount)
      return ShapeTally.typed(above: 0.9, of: cells) { ValueShape(of: $0, in: bytes) } != nil
    }
  }
}
