// SPDX-License-Identifier: Apache-2.0

import IngestTables
package import WorkerProtocol

/// Decides whether the first record names the columns.
package enum HeaderDetector {
  /// Counts the columns that speak for a header and against one.
  ///
  /// For it: a first cell that is not of the type of all cells below, or consecutive years above numbers. Against it: a
  /// first cell of the same type, a text that stands again below, or an empty one above typed cells.
  package static func detect(_ index: FieldIndex, in bytes: MappedBytes) -> Dialect.HeaderFinding {
    let records = (0..<index.recordCount).filter { !index.isBlank($0, in: bytes) }
    guard let first = records.first, records.count > 1 else { return .assumed }
    let firstFields = index.fields(of: first)
    let years = yearColumns(index, firstFields, in: bytes)
    var votes = 0
    for column in 0..<firstFields.count {
      let below = records.dropFirst().compactMap { record -> FieldPlace? in
        let range = index.fields(of: record)
        return column < range.count ? index.fields[range.lowerBound + column] : nil
      }
      votes += vote(index.fields[firstFields.lowerBound + column], below, in: bytes, isYear: years.contains(column))
    }
    return votes > 0 ? .present : votes < 0 ? .absent : .assumed
  }

  private static func vote(_ first: FieldPlace, _ below: [FieldPlace], in bytes: MappedBytes, isYear: Bool) -> Int {
    var inference = ColumnInference()
    for field in below where !field.isAbsent { inference.add(classify(field, in: bytes), at: field) }
    let type = inference.decide().type
    if type == .null { return 0 }
    if type == .utf8 { return stands(first, in: below, bytes) ? -1 : 0 }
    if isYear { return 1 }
    if first.isAbsent { return 0 }
    var withFirst = inference
    withFirst.add(classify(first, in: bytes), at: first)
    return withFirst.decide().type == .utf8 ? 1 : -1
  }

  /// Whether the first cell's text stands again among the next cells of its column.
  private static func stands(_ first: FieldPlace, in below: [FieldPlace], _ bytes: MappedBytes) -> Bool {
    guard first.length > 0 else { return false }
    return below.contains {
      $0.length == first.length && bytes.isEqual(first.start, $0.start, count: Int(first.length))
    }
  }

  /// Columns whose first cells are consecutive years: names of columns of figures, such as `2019,2020,2021`.
  private static func yearColumns(_ index: FieldIndex, _ fields: Range<Int>, in bytes: MappedBytes) -> Set<Int> {
    var years: Set<Int> = []
    var previous: (column: Int, year: Int64)?
    for (column, field) in index.fields[fields].enumerated() {
      guard let year = year(field, in: bytes) else {
        previous = nil
        continue
      }
      if let previous, previous.year + 1 == year { years.formUnion([previous.column, column]) }
      previous = (column, year)
    }
    return years
  }

  private static func year(_ field: FieldPlace, in bytes: MappedBytes) -> Int64? {
    guard field.length == 4 else { return nil }
    return bytes.withSpan(field.start..<field.end) { cell in
      guard CellParser.classify(cell, isQuoted: false).contains(.int64) else { return nil }
      let value = CellParser.int64(cell, 0..<4)
      return (1500...2199).contains(value) ? value : nil
    }
  }

  private static func classify(_ field: FieldPlace, in bytes: MappedBytes) -> CellClass {
    bytes.withSpan(field.start..<field.end) { CellParser.classify($0, isQuoted: field.isQuoted) }
  }
}

extension MappedBytes {
  /// Whether the `count` bytes at two offsets are the same.
  func isEqual(_ first: Int, _ second: Int, count: Int) -> Bool {
    for index in 0..<count where self[first + index] != self[second + index] { return false }
    return true
  }
}
