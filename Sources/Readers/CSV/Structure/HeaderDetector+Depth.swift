// SPDX-License-Identifier: Apache-2.0

extension HeaderDetector {
  /// How many records name the columns, where any does: one to four.
  ///
  /// More than one do only where each of them is text above every column of values, and either several columns are or
  /// a name above spans some. A row of data with a word in its only column of figures is none of them.
  func depth() -> Int {
    if namesAnswers() { return 2 }
    for depth in [4, 3, 2] where records.count >= depth + 2 && isHeader(depth) { return depth }
    return 1
  }

  /// Whether the second record holds what may be answered to the questions in the first, as exports of surveys do: it is
  /// empty in the first column, where each row has a value, and names what the first record leaves empty: what is chosen
  /// stands again below.
  private func namesAnswers() -> Bool {
    guard records.count > 3 else { return false }
    let (questions, answers) = (index.fields[index.fields(of: records[0])], index.fields[index.fields(of: records[1])])
    guard questions.count == answers.count, answers.first.map(isVoid) ?? false, questions.count(where: isVoid) > 1,
      zip(questions, answers).allSatisfy({ isVoid($0) ? isLabel($1) : isLabel($0) && (isVoid($1) || isLabel($1)) })
    else { return false }
    let body = records.dropFirst(2).prefix(60)
    let isChosen = zip(0..., zip(questions, answers)).contains { column, cells in
      isVoid(cells.0) && stands(cells.1, in: index.cells(column, of: body))
    }
    return isChosen && index.cells(0, of: body).allSatisfy { shape($0).isTyped }
  }

  /// What the cells of the records above some rows are, column by column.
  private struct Labels {
    /// The columns of values, with a name in some record.
    var typed = 0
    /// Of them those in which each record has a name.
    var counts: [Int]
    /// The records that hold something above a column of texts too.
    var texts: [Bool]
  }

  private func isHeader(_ depth: Int) -> Bool {
    let rows = records.prefix(depth).map { Array(index.fields[index.fields(of: $0)]) }
    let body = records.dropFirst(depth).prefix(60)
    guard let last = rows.last, last.count > 1, last.count >= commonCount(body), rows.allSatisfy(holdsSome) else {
      return false
    }
    // A key with its value tells of the table; what names columns stands right above them.
    let used = usedColumns(body)
    guard depth < 4 || rows.dropFirst().allSatisfy({ isVoid($0[0]) }) || repeats(rows[0][...]),
      !rows.dropLast().contains(where: { isKey($0, used) })
    else { return false }
    let spans = rows.dropLast().contains { self.spans($0.prefix(used)) || repeats($0.prefix(used)) }
    guard let labels = labels(rows, above: body, spans: spans) else { return false }
    let isFirstFilled = index.cells(0, of: body).allSatisfy { !isVoid($0) }
    // A name may be missing where it is spread from the left, where nothing has a unit, and where the row that is meant
    // has none either.
    let named = labels.counts.enumerated().allSatisfy { number, count in
      if count == labels.typed || spans && number < depth - 1 { return true }
      if number > 0, count * 2 >= labels.typed, !labels.texts[number] { return true }
      if number > 0, count > 0, isVoid(rows[number][0]), isFirstFilled, !labels.texts[number], spans || number > 1,
        stand(rows[number], below: rows[..<number])
      {
        return true
      }
      return [number - 1, number].contains { upper in
        rows.indices.contains(upper) && upper + 1 < depth && labels.counts[upper] > 0 && labels.counts[upper + 1] > 0
          && complete(rows[upper], rows[upper + 1], used)
      }
    }
    return named && labels.typed >= (spans || holdsUnits(last) ? 1 : 2)
  }

  /// The names above columns of values; nil where what stands there is none.
  private func labels(_ rows: [[FieldPlace]], above body: ArraySlice<Int>, spans: Bool) -> Labels? {
    let years = rows.map { consecutiveYears($0, above: body) }
    // What stands in the last record then belongs to no row.
    let endsWithTotal =
      body.count > 2 && rows.dropFirst().allSatisfy { isVoid($0[0]) }
      && body.last.map { isVoid(index.fields[index.firstField[$0]]) } ?? false
    var labels = Labels(
      counts: [Int](repeating: 0, count: rows.count), texts: [Bool](repeating: false, count: rows.count))
    for column in rows[rows.count - 1].indices {
      let below = index.cells(column, of: body)
      let cells = rows.map { column < $0.count ? $0[column] : FieldPlace(start: 0, length: 0, flags: []) }
      if below.allSatisfy(isVoid) { continue }
      guard let common = valueShape(below, endsWithTotal) else {
        if cells.contains(where: { stands($0, in: below) }) { return nil }
        for (number, cell) in cells.enumerated() where !isVoid(cell) { labels.texts[number] = true }
        continue
      }
      // The corner above what names the rows may be empty.
      if column == 0, cells.allSatisfy(isVoid) { continue }
      labels.typed += 1
      guard cells.contains(where: { !isVoid($0) }) else { return nil }
      for (number, cell) in cells.enumerated() where !isVoid(cell) {
        let isAboveName = zip(rows, cells).dropFirst(number + 1).contains { isVoid($0[0]) && isLabel($1) }
        guard
          isLabel(cell) || (spans || isAboveName) && isYear(cell) || years[number].contains(column)
            || isAboveName && isSeason(cell)
            || common == .number && isMonth(cell)
        else { return nil }
        labels.counts[number] += 1
      }
    }
    return labels
  }

  /// The shape of a column of values; a total may stand in words below them.
  private func valueShape(_ cells: [FieldPlace], _ endsWithTotal: Bool) -> ValueShape? {
    ShapeTally.typed(above: 0.95, of: cells, shape)
      ?? (endsWithTotal ? ShapeTally.typed(above: 0.95, of: cells.dropLast(), shape) : nil)
  }

  /// Whether a cell is empty or blank.
  private func isVoid(_ cell: FieldPlace) -> Bool { cell.length == 0 || shape(cell) == .empty }

  private func holdsSome(_ row: [FieldPlace]) -> Bool { !row.allSatisfy(isVoid) }

  /// Whether a name stands above each cell of a record that holds one, or spans it from the left, behind the first column.
  private func stand(_ row: [FieldPlace], below records: ArraySlice<[FieldPlace]>) -> Bool {
    guard let first = row.firstIndex(where: { !isVoid($0) }) else { return true }
    return records.contains { names in names.prefix(first + 1).dropFirst().contains { !isVoid($0) } }
  }

  /// Whether two records name all columns up to one together, none of them twice, and the lower one several.
  private func complete(_ upper: [FieldPlace], _ lower: [FieldPlace], _ columns: Int) -> Bool {
    guard upper.count >= columns, lower.count >= columns else { return false }
    return (0..<columns).allSatisfy { isVoid(upper[$0]) != isVoid(lower[$0]) }
      && lower.prefix(columns).count { !isVoid($0) } > 1
  }

  /// Whether a record starts with a key and its values, and does not reach over all columns.
  private func isKey(_ row: [FieldPlace], _ columns: Int) -> Bool {
    let filled = row.prefix { !isVoid($0) }.count
    return filled < columns && row.dropFirst(filled).allSatisfy(isVoid) && row[0].length > 1
      && bytes[row[0].end - 1] == UInt8(ascii: ":")
  }

  /// Whether a cell is a year that starts in one of the calendar and ends in the next, such as `2013-14`.
  private func isSeason(_ cell: FieldPlace) -> Bool {
    guard cell.length == 7 || cell.length == 9 else { return false }
    let mark = bytes[cell.start + 4]
    return (mark == UInt8(ascii: "-") || mark == UInt8(ascii: "/"))
      && (cell.start..<cell.end).allSatisfy { $0 == cell.start + 4 || bytes[$0].isDigit }
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
  private func spans(_ row: ArraySlice<FieldPlace>) -> Bool {
    zip(row, row.dropFirst()).contains { !$0.isAbsent && $1.isAbsent }
  }

  /// Whether a cell is a month of a year, such as `January 2024`.
  private func isMonth(_ cell: FieldPlace) -> Bool {
    guard shape(cell) == .date else { return false }
    return bytes.withSpan(cell.start..<cell.end) { text in
      let digits = text.indices.count { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[$0]) }
      return digits == 4 && text.indices.count { text[$0].isLetter } > 2
    }
  }

  /// Whether a cell reads as a name, not as a value or a word for a missing one.
  func isLabel(_ field: FieldPlace) -> Bool {
    guard !shape(field).isTyped else { return false }
    var text: [UInt8] = []
    field.appendContent(of: bytes, to: &text)
    // Signs of units, and the base of an index such as `2015=100`.
    guard text.contains(where: { $0.isLetter || $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "=") }) else {
      return false
    }
    return !bytes.isMissing(field)
  }
}
