// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What the rows of a table have in common, found where it is first asked for: behind most tables stands nothing that
/// could be anything else than a row.
final class RowTraits: Sendable {
  private let format: CSVFormat
  private let text: Range<Int>
  private let rows: Int
  /// The columns that are looked at.
  private let most: Int
  private let found = Mutex<Traits?>(nil)

  struct Traits {
    /// The rows that were looked at.
    var rows = 0
    /// The columns in which nearly all cells are values, ascending, and those in which half of them are.
    var typed: [Int] = []
    var mostlyTyped: [Int] = []
    /// Those of them in which no cell holds a letter.
    var withoutLetters: Set<Int> = []
    /// The columns in which no cell is a value.
    var texts: Set<Int> = []
    /// The cells of the row that holds the fewest.
    var leastFilled = 0
  }

  /// - Parameter rows: lines that are not empty and follow each other.
  init(_ rows: Range<Int>, of lines: SampleLines, most: Int) {
    format = lines.format
    text = (rows.isEmpty ? lines.index.end : lines.lines[rows.lowerBound].start)..<lines.index.end
    self.rows = rows.count
    self.most = most
  }

  func traits(in bytes: MappedBytes) -> Traits {
    found.withLock { found in
      let traits = found ?? find(in: bytes)
      found = traits
      return traits
    }
  }

  private func find(in bytes: MappedBytes) -> Traits {
    var scanner = CSVScanner(bytes, range: text, format: format, caps: .none)
    var index = FieldIndex()
    while index.recordCount < rows, scanner.nextRecord(into: &index) != nil {}
    let records = 0..<index.recordCount
    var traits = Traits(rows: records.count)
    traits.leastFilled = records.map { index.fields[index.fields(of: $0)].count { $0.length > 0 } }.min() ?? 0
    for column in 0..<most {
      let cells = index.cells(column, of: records)
      let shape = { ValueShape(of: $0, in: bytes) }
      // Signs alone stand for what is missing.
      if ShapeTally.typed(above: 0.5, of: cells.filter(bytes.holdsLetterOrDigit), shape) != nil {
        traits.mostlyTyped.append(column)
      }
      guard ShapeTally.typed(above: 0.9, of: cells, shape) != nil else {
        if !cells.contains(where: { shape($0).isTyped }) { traits.texts.insert(column) }
        continue
      }
      traits.typed.append(column)
      if cells.allSatisfy({ bytes.asciiLetters($0) == 0 }) { traits.withoutLetters.insert(column) }
    }
    return traits
  }

  // MARK: Other lines

  /// Whether cells are text where most rows have values, and no value there.
  func areText(_ cells: ArraySlice<FieldPlace>, in bytes: MappedBytes) -> Bool {
    let below = traits(in: bytes).mostlyTyped.prefix { $0 < cells.count }.map { cells[cells.startIndex + $0] }
    return !below.isEmpty && below.allSatisfy { !ValueShape(of: $0, in: bytes).isTyped }
  }

  /// Whether cells sum up the rows: they are few, and two do not fit what stands above them.
  ///
  /// `Closing balance,12.50` below days and texts does not. A total fits its columns, but for the word in the first, and a row
  /// with words for what is not known yet holds more cells.
  ///
  /// - Parameter isTitled: whether a title stands above them, so that one is enough, and they need hold no value.
  func areSummary(_ cells: ArraySlice<FieldPlace>, isTitled: Bool, in bytes: MappedBytes) -> Bool {
    let traits = traits(in: bytes)
    let filled = cells.count { $0.length > 0 }
    guard traits.rows > 3, filled < traits.leastFilled, filled * 2 <= most else { return false }
    var holdsValue = false
    let misfits = zip(0..., cells).count { column, cell in
      let shape = ValueShape(of: cell, in: bytes)
      if shape.isTyped { holdsValue = true }
      if traits.texts.contains(column) { return shape.isTyped }
      guard traits.typed.contains(column) else { return false }
      // An amount with its currency, where there is none above.
      let isAmount = shape == .number && traits.withoutLetters.contains(column) && bytes.asciiLetters(cell) > 1
      return isAmount || !shape.isTyped && bytes.asciiLetters(cell) > 0 && !bytes.isMissing(cell)
    }
    return isTitled ? misfits > 0 : misfits > 1 && holdsValue
  }
}
