// SPDX-License-Identifier: Apache-2.0

extension HeaderDetector {
  /// How many records name the columns, where any does: one to three.
  ///
  /// More than one do only where each of them is text above every column of values, and either several columns are or
  /// a name above spans some. A row of data with a word in its only column of figures is none of them.
  func depth() -> Int {
    for depth in [3, 2] where records.count >= depth + 2 && isHeader(depth) { return depth }
    return 1
  }

  private func isHeader(_ depth: Int) -> Bool {
    let rows = records.prefix(depth).map { Array(index.fields[index.fields(of: $0)]) }
    let body = records.dropFirst(depth).prefix(60)
    guard let last = rows.last, last.count > 1, last.count >= commonCount(body) else { return false }
    let used = usedColumns(body)
    let spans = rows.dropLast().contains { Self.spans($0.prefix(used)) || repeats($0.prefix(used)) }
    let years = rows.map { consecutiveYears($0, above: body) }
    var typed = 0
    var labels = [Int](repeating: 0, count: depth)
    // The records that hold something above a column of texts too.
    var texts = [Bool](repeating: false, count: depth)
    for column in last.indices {
      let below = index.cells(column, of: body)
      let cells = rows.map { column < $0.count ? $0[column] : FieldPlace(start: 0, length: 0, flags: []) }
      let common = ShapeTally.typed(above: 0.95, of: below, shape)
      if common == nil {
        if cells.contains(where: { stands($0, in: below) }) { return false }
        for (number, cell) in cells.enumerated() where cell.length > 0 { texts[number] = true }
        continue
      }
      // The corner above what names the rows may be empty.
      if column == 0, cells.allSatisfy({ $0.length == 0 }) { continue }
      typed += 1
      guard cells.contains(where: { $0.length > 0 }) else { return false }
      for (number, cell) in cells.enumerated() where cell.length > 0 {
        guard
          isLabel(cell) || spans && isYear(cell) || years[number].contains(column) || common == .number && isMonth(cell)
        else { return false }
        labels[number] += 1
      }
    }
    // A name may be missing where it is spread from the left, or where nothing has a unit.
    let named = labels.enumerated().allSatisfy { number, count in
      count == typed || spans && number < depth - 1 || number > 0 && count * 2 >= typed && !texts[number]
    }
    return named && typed >= (spans || holdsUnits(last) ? 1 : 2)
  }

  /// The columns of some records up to the last in which anything stands.
  private func usedColumns(_ records: ArraySlice<Int>) -> Int {
    records.reduce(0) { used, record in
      let cells = index.fields[index.fields(of: record)]
      return max(used, cells.lastIndex { !$0.isAbsent }.map { $0 - cells.startIndex + 1 } ?? 0)
    }
  }

  /// The most common number of cells of some records.
  private func commonCount(_ records: ArraySlice<Int>) -> Int {
    var tally = WidthTally()
    for record in records { tally.add(index.fields(of: record).count) }
    return tally.common.width
  }

  /// Whether a name stands again in the next column, behind an empty corner: it names a group of columns.
  private func repeats(_ row: ArraySlice<FieldPlace>) -> Bool {
    row.first.map { $0.length == 0 } ?? false
      && zip(row, row.dropFirst()).contains { first, second in
        first.length > 0 && first.length == second.length
          && bytes.isEqual(first.start, second.start, count: Int(first.length))
      }
  }

  /// Whether all cells that are not empty stand in brackets, as units do.
  private func holdsUnits(_ row: [FieldPlace]) -> Bool {
    row.contains { $0.length > 0 }
      && row.allSatisfy { cell in
        guard cell.length > 2 else { return cell.length == 0 }
        let ends = (bytes[cell.start], bytes[cell.end - 1])
        return ends == (UInt8(ascii: "["), UInt8(ascii: "]")) || ends == (UInt8(ascii: "("), UInt8(ascii: ")"))
      }
  }

  /// Whether an empty cell follows a filled one, so that the name above may stand for both.
  private static func spans(_ row: ArraySlice<FieldPlace>) -> Bool {
    zip(row, row.dropFirst()).contains { !$0.isAbsent && $1.isAbsent }
  }

  /// Whether a cell is a month of a year, such as `January 2024`.
  private func isMonth(_ cell: FieldPlace) -> Bool {
    guard shape(cell) == .date else { return false }
    return bytes.withSpan(cell.start..<cell.end) { text in
      let digits = text.indices.count { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[$0]) }
      return digits == 4 && text.indices.count { Self.isLetter(text[$0]) } > 2
    }
  }

  private static let missing: [StaticString] = [
    "na", "n/a", "#n/a", "nan", "null", "none", "nil", "unknown", "missing", "nd", "n.d.", "inf", "-inf", "?", "-",
    "--", "k.a.", "k. a.",
  ]

  private static func isLetter(_ byte: UInt8) -> Bool {
    (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z") || byte > 0x7F
  }

  /// Whether a cell reads as a name, not as a value or a word for a missing one.
  func isLabel(_ field: FieldPlace) -> Bool {
    guard !shape(field).isTyped else { return false }
    var text: [UInt8] = []
    field.appendContent(of: bytes, to: &text)
    // Signs of units, and the base of an index such as `2015=100`.
    guard text.contains(where: { Self.isLetter($0) || $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "=") }) else {
      return false
    }
    return !isMissing(field)
  }

  /// Whether a cell is a word for a value that is missing.
  func isMissing(_ field: FieldPlace) -> Bool {
    bytes.withSpan(field.start..<field.end) { cell in
      let range = CellParser.trim(cell)
      return Self.missing.contains { CellParser.matches(cell, range, $0) }
    }
  }
}
