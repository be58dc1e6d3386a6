// SPDX-License-Identifier: Apache-2.0

/// Tells whether the first column holds names of rows, for which the header has no name.
///
/// That is how R's `write.table` writes a frame. Where a header is one name short, a delimiter may be missing in it as well,
/// so more must speak for it.
struct RowNames {
  let sample: SampleIndex
  let bytes: MappedBytes

  /// The cells that are looked at.
  private static let mostCells = 4_000

  /// - Parameters:
  ///   - header: the record with the names.
  ///   - rows: records below it.
  func areUnnamed(by header: Int, rows: ArraySlice<Int>, delimiter: UInt8) -> Bool {
    let names = Array(sample.fields(of: header))
    let (index, rows) = sample.finding(Array(rows.prefix(max(6, Self.mostCells / max(1, names.count)))))
    guard rows.count > 1, !names.contains(where: \.isAbsent) else { return false }
    let cells = rows.map { Array(index.fields[index.fields(of: $0)]) }
    guard cells.allSatisfy({ $0.count == names.count + 1 && !$0[0].isAbsent }),
      !cells.allSatisfy({ $0[names.count].isAbsent })
    else { return false }
    let texts = cells.map { row in
      var text: [UInt8] = []
      row[0].appendContent(of: bytes, to: &text)
      return text
    }
    guard Set(texts).count == texts.count else { return false }
    if names.allSatisfy(isQuoted), cells.allSatisfy({ isQuoted($0[0]) }) {
      return areNumbered(texts) || (1...names.count).contains { column in cells.allSatisfy { !$0[column].isQuoted } }
    }
    // Figures of samples, a row for each thing that was measured.
    guard delimiter == 0x09 || delimiter == 0x20, names.count > 2 else { return false }
    return cells.allSatisfy { row in
      !shape(row[0]).isTyped && row.dropFirst().allSatisfy { shape($0) == .number }
    }
  }

  private func shape(_ cell: FieldPlace) -> ValueShape { ValueShape(of: cell, in: bytes) }

  /// Whether quotes stand around all of a cell; where a delimiter is missing between two, some stand inside as well.
  private func isQuoted(_ cell: FieldPlace) -> Bool {
    cell.isQuoted && !(cell.start..<cell.end).contains { bytes[$0] == CSVFormat.doubleQuote }
  }

  private func areNumbered(_ texts: [[UInt8]]) -> Bool {
    texts.enumerated().allSatisfy { number, text in text == Array(String(number + 1).utf8) }
  }
}
