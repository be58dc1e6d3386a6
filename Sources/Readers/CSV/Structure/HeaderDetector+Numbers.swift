// SPDX-License-Identifier: Apache-2.0

import IngestTables

// Numbers that name columns: years, classes of age, sizes, wavelengths, places on a plate.
extension HeaderDetector {
  /// Columns whose first cells are consecutive years, such as `2019,2020,2021`.
  private func consecutiveYears(_ fields: [FieldPlace]) -> Set<Int> {
    let years = years(fields)
    return Set(
      years.indices.filter { column in
        guard let year = years[column] else { return false }
        return column > 0 && years[column - 1] == year - 1
          || column + 1 < years.count && years[column + 1] == year + 1
      })
  }

  /// Those of them above what are no years.
  func consecutiveYears(_ fields: [FieldPlace], above rows: some Sequence<Int>) -> Set<Int> {
    consecutiveYears(fields).filter { !holdsYears($0, rows) }
  }

  /// Columns whose first cells are several years, in any order, above figures.
  ///
  /// All columns of numbers have one then: a start and an end would be years below as well.
  func yearColumns(_ fields: ArraySlice<FieldPlace>, above rows: some Sequence<Int>) -> Set<Int> {
    let fields = Array(fields)
    let consecutive = consecutiveYears(fields)
    let years = years(fields)
    let named = years.indices.filter { years[$0] != nil }
    let isText = fields.indices.contains { years[$0] == nil && !shape(fields[$0]).isTyped }
    guard named.count > (isText ? 1 : 2), fields.indices.allSatisfy({ years[$0] != nil || !shape(fields[$0]).isTyped }),
      named.allSatisfy({ holdsFigures($0, rows) })
    else { return consecutive }
    return consecutive.union(named)
  }

  /// The column whose first cell is the only value among texts, and a year above figures that are none: it may be a name.
  func onlyYear(_ fields: ArraySlice<FieldPlace>, above rows: some Sequence<Int>) -> Int? {
    let values = fields.indices.filter { shape(fields[$0]).isTyped }
    // A round number is rather an amount.
    guard fields.count > 1, values.count == 1, let year = integer(fields[values[0]]), (1990...2035).contains(year),
      year != 2000
    else { return nil }
    let column = values[0] - fields.startIndex
    return holdsFigures(column, rows) ? column : nil
  }

  private func years(_ fields: [FieldPlace]) -> [Int64?] {
    fields.map { field in integer(field).flatMap { (1500...2199).contains($0) ? $0 : nil } }
  }

  /// Whether a column holds numbers, of which hardly any could be a year.
  private func holdsFigures(_ column: Int, _ rows: some Sequence<Int>) -> Bool {
    let cells = index.cells(column, of: rows.prefix(100)).filter { !$0.isAbsent }
    return cells.count > 1 && cells.count { shape($0) == .number } * 2 > cells.count
      && cells.count(where: isYear) * 10 <= cells.count
  }

  /// Whether most cells of a column are years.
  private func holdsYears(_ column: Int, _ rows: some Sequence<Int>) -> Bool {
    let cells = index.cells(column, of: rows.prefix(100)).filter { !$0.isAbsent }
    return !cells.isEmpty && cells.count(where: isYear) * 2 > cells.count
  }

  /// Whether the first record numbers the columns from 0 or 1, or rises in even steps, maybe without the first, and the
  /// second does not.
  func countsColumns(_ fields: ArraySlice<FieldPlace>) -> Bool {
    let isApart = fields.first.map { number($0) == nil } ?? false
    let filled = fields.prefix { number($0) != nil || $0.start == fields.first?.start }
    guard fields.dropFirst(filled.count).allSatisfy({ $0.length == 0 }) else { return false }
    let numbered = (isApart ? filled.dropFirst() : filled).map(number)
    guard numbered.count > 2, let start = numbered[0], let next = numbered[1], next > start else { return false }
    let step = next - start
    func isEven(_ numbers: [Double?]) -> Bool {
      zip(numbers, numbers.dropFirst()).allSatisfy { first, second in
        guard let first, let second else { return false }
        // Decimals that were rounded rise in nearly even steps.
        return abs(second - first - step) <= step / 50
      }
    }
    let second = index.fields[index.fields(of: records[1])].prefix(filled.count)
    guard isEven(numbered), !isEven((isApart ? second.dropFirst() : second).map(number)) else { return false }
    if step == 1 {
      let isCounted = start == 0 || start == 1 && (numbered.count > 4 || fields.first?.isAbsent ?? false)
      if isCounted || isApart && numbered.count > 4 { return true }
    }
    return numbered.count > (isApart ? 2 : 5)
      && standApart(
        numbered.compactMap(\.self), from: isApart ? 1 : 0,
        areWhole: filled.allSatisfy { number($0) == nil || integer($0) != nil })
  }

  /// Whether the first record holds rising numbers and names, of which one stands above a column of values.
  func namesAndNumbers(_ fields: ArraySlice<FieldPlace>) -> Bool {
    let numbers = fields.map(number)
    let rising = numbers.compactMap(\.self)
    guard rising.count > 1, rising.count < fields.count, zip(rising, rising.dropFirst()).allSatisfy(<) else {
      return false
    }
    let labels = zip(fields.indices, numbers).filter { $1 == nil }.map(\.0)
    guard labels.allSatisfy({ fields[$0].length == 0 || isLabel(fields[$0]) }) else { return false }
    let rows = records.dropFirst().prefix(100)
    guard fields.allSatisfy({ number($0) == nil || integer($0) != nil }) else { return false }
    return labels.contains { label in
      let below = index.cells(label - fields.startIndex, of: rows)
      return fields[label].length > 0 && ShapeTally.typed(above: 0.95, of: below, shape).map(\.isTyped) ?? false
    }
  }

  /// Whether numbers of the first record, from a column on, lie outside of what most of the columns hold below.
  private func standApart(_ numbers: [Double], from first: Int, areWhole: Bool) -> Bool {
    let rows = records.dropFirst().prefix(100)
    let columns = numbers.indices.map { place in index.cells(first + place, of: rows).filter { !$0.isAbsent } }
    guard areWhole else {
      // Decimals may be measured as well, unless they are far larger than all that is.
      let values = columns.joined().compactMap(number)
      return columns.joined().allSatisfy { shape($0) == .number } && !values.isEmpty
        && numbers[0] > 10 * (values.max() ?? 0)
    }
    let apart = zip(numbers, columns).count { number, below in
      let values = below.compactMap(integer)
      guard values.count * 2 > below.count, let least = values.min(), let greatest = values.max() else {
        return !below.isEmpty && below.allSatisfy { shape($0) == .number }
      }
      return number < Double(least) || number > Double(greatest)
    }
    return apart * 5 >= numbers.count * 4
  }

  /// A number of a few digits, maybe with decimals behind a point.
  private func number(_ field: FieldPlace) -> Double? {
    guard (1...12).contains(field.length), shape(field) == .number else { return nil }
    return bytes.withSpan(field.start..<field.end) { cell in
      let text = CellParser.trim(cell).map { cell[$0] }
      return Double(String(decoding: text, as: UTF8.self))
    }
  }

  private func integer(_ field: FieldPlace) -> Int64? { bytes.integer(field) }

  func isYear(_ field: FieldPlace) -> Bool { bytes.isYear(field) }
}
