// SPDX-License-Identifier: Apache-2.0

import IngestTables

// Numbers that name columns: years, classes of age, sizes, wavelengths, places on a plate.
extension HeaderDetector {
  /// Columns whose first cells are years that name figures.
  ///
  /// Consecutive ones do, such as `2019,2020,2021`; others where no years stand below them, as they do below the start of
  /// something and its end.
  func yearColumns(_ fields: ArraySlice<FieldPlace>, above rows: ArraySlice<Int>) -> Set<Int> {
    let years = fields.map { field in integer(field).flatMap { (1500...2199).contains($0) ? $0 : nil } }
    var named: Set<Int> = []
    for (column, year) in years.enumerated() {
      guard let year else { continue }
      let before = column > 0 ? years[column - 1] : nil
      let after = column + 1 < years.count ? years[column + 1] : nil
      if before == year - 1 || after == year + 1 {
        named.insert(column)
      } else if before != nil || after != nil || (1950...2050).contains(year), holdsFigures(column, rows) {
        named.insert(column)
      }
    }
    return named
  }

  /// Whether a column holds numbers, of which hardly any could be a year.
  private func holdsFigures(_ column: Int, _ rows: ArraySlice<Int>) -> Bool {
    let cells = index.cells(column, of: rows.prefix(100)).filter { !$0.isAbsent }
    return cells.count > 1 && cells.allSatisfy { shape($0) == .number }
      && cells.count(where: isYear) * 10 <= cells.count
  }

  /// Whether the first record numbers the columns from 0 or 1, or in even steps, maybe without the first, and the second
  /// does not.
  func countsColumns(_ fields: ArraySlice<FieldPlace>) -> Bool {
    let isApart = fields.first.map { integer($0) == nil } ?? false
    let numbered = (isApart ? fields.dropFirst() : fields).map(integer)
    guard numbered.count > 2, let start = numbered[0], let next = numbered[1], next != start else { return false }
    let isCounted = start == 0 || start == 1 && (numbered.count > 4 || fields.first?.isAbsent ?? false)
    guard next - start == 1 && isCounted || numbered.count > (isApart ? 3 : 4) else { return false }
    func isEven(_ numbers: [Int64?]) -> Bool {
      zip(numbers, numbers.dropFirst()).allSatisfy { first, second in
        guard let first, let second else { return false }
        return second - first == next - start
      }
    }
    let second = index.fields[index.fields(of: records[1])]
    return isEven(numbered) && !isEven((isApart ? second.dropFirst() : second).map(integer))
  }

  /// The number of at most four digits that a cell holds.
  func integer(_ field: FieldPlace) -> Int64? {
    guard (1...8).contains(field.length) else { return nil }
    return bytes.withSpan(field.start..<field.end) { cell in
      let range = CellParser.trim(cell)
      guard range.count <= 4, CellParser.classify(cell, isQuoted: false).contains(.int64) else { return nil }
      return CellParser.int64(cell, range)
    }
  }

  func isYear(_ field: FieldPlace) -> Bool { integer(field).map { (1500...2199).contains($0) } ?? false }
}
