// SPDX-License-Identifier: Apache-2.0

import IngestTables
import WorkerProtocol

/// Decides whether the first records name the columns, and how many do.
struct HeaderDetector {
  /// The records and cells that are looked at.
  static let mostRecords = 400
  private static let mostCells = 4_000

  let index: FieldIndex
  let bytes: MappedBytes
  /// Those that are not blank, from the first that may be a header on.
  let records: [Int]

  init(_ sample: SampleIndex, records: [Int], in bytes: MappedBytes) {
    self.bytes = bytes
    let width = max(1, records.first.map { sample.fields(of: $0).count } ?? 1)
    index = sample.taking(records.prefix(min(Self.mostRecords, max(6, Self.mostCells / width))))
    self.records = Array(0..<index.recordCount)
  }

  /// Counts the columns that speak for a header and against one.
  ///
  /// For it: a first cell that is not of the type or shape of all cells below, or consecutive years or numbers above
  /// other ones. Against it: a first cell of the same type or shape, or a text that stands again below.
  func finding() -> Dialect.HeaderFinding {
    guard let first = records.first else { return .assumed }
    let fields = index.fields[index.fields(of: first)]
    // Values alone name nothing.
    guard records.count > 1 else { return fields.allSatisfy { shape($0).isTyped } ? .absent : .assumed }
    if countsColumns(fields) { return .present }
    let years = yearColumns(fields)
    // Names that stand again, all of them, were printed on each page.
    let below = records.dropFirst().filter { !isEqual(first, $0) }[...]
    var votes = 0
    for (column, field) in fields.enumerated() {
      votes += vote(field, below: index.cells(column, of: below), isYear: years.contains(column))
    }
    return votes > 0 ? .present : votes < 0 ? .absent : .assumed
  }

  /// Whether two records hold the same cells.
  private func isEqual(_ record: Int, _ other: Int) -> Bool {
    let (first, second) = (index.fields[index.fields(of: record)], index.fields[index.fields(of: other)])
    return first.count > 1 && first.count == second.count
      && zip(first, second).allSatisfy {
        $0.length == $1.length && bytes.isEqual($0.start, $1.start, count: Int($0.length))
      }
  }

  private func vote(_ first: FieldPlace, below: [FieldPlace], isYear: Bool) -> Int {
    var inference = ColumnInference()
    for field in below where !field.isAbsent { inference.add(classify(field), at: field) }
    let type = inference.plainType
    if type == .null { return 0 }
    if isYear, !below.contains(where: { self.isYear($0) }) { return 1 }
    if type == .utf8 { return vote(first, belowTexts: below) }
    if isYear { return 1 }
    if first.isAbsent { return 0 }
    var withFirst = inference
    withFirst.add(classify(first), at: first)
    return withFirst.plainType == .utf8 ? 1 : -1
  }

  /// The vote of a column of texts: by their shape, else by whether the first one stands again.
  private func vote(_ first: FieldPlace, belowTexts below: [FieldPlace]) -> Int {
    if first.isAbsent { return 0 }
    if stands(first, in: below) { return -1 }
    let shapes = ShapeTally(below.map { shape($0) })
    if let common = shapes.typed(above: 0.9) { return shape(first) == common ? -1 : 1 }
    guard below.count > 2, let pattern = pattern(below[0]), below.allSatisfy({ self.pattern($0) == pattern }) else {
      return 0
    }
    return self.pattern(first) == pattern ? -1 : 1
  }

  func shape(_ field: FieldPlace) -> ValueShape {
    bytes.withSpan(field.start..<min(field.end, field.start + 400)) { ValueShape($0) }
  }

  /// The kinds of characters of a code such as `AB-123`: letters, digits and others in their places.
  private func pattern(_ field: FieldPlace) -> [UInt8]? {
    guard (2...24).contains(field.length) else { return nil }
    var pattern: [UInt8] = []
    for offset in field.start..<field.end {
      let byte = bytes[offset]
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): pattern.append(0)
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): pattern.append(1)
      case UInt8(ascii: "a")...UInt8(ascii: "z"): pattern.append(2)
      default: pattern.append(byte)
      }
    }
    return pattern.contains(0) || pattern.allSatisfy { $0 == 1 } ? pattern : nil
  }

  /// Whether the first cell's text stands again among the next cells of its column.
  func stands(_ first: FieldPlace, in below: [FieldPlace]) -> Bool {
    guard first.length > 0 else { return false }
    return below.contains {
      $0.length == first.length && bytes.isEqual(first.start, $0.start, count: Int(first.length))
    }
  }

  /// Columns whose first cells are consecutive years: names of columns of figures, such as `2019,2020,2021`.
  func yearColumns(_ fields: ArraySlice<FieldPlace>) -> Set<Int> {
    var years: Set<Int> = []
    var previous: (column: Int, year: Int64)?
    for (column, field) in fields.enumerated() {
      guard let year = integer(field), (1500...2199).contains(year) else {
        previous = nil
        continue
      }
      if let previous, previous.year + 1 == year { years.formUnion([previous.column, column]) }
      previous = (column, year)
    }
    return years
  }

  /// Whether the first record numbers the columns from 0 or 1, maybe without the first, and the second does not.
  private func countsColumns(_ fields: ArraySlice<FieldPlace>) -> Bool {
    let isApart = fields.first.map { integer($0) == nil } ?? false
    let numbered = isApart ? fields.dropFirst() : fields
    guard numbered.count > 2, let start = numbered.first.flatMap(integer),
      start == 0 || start == 1 && numbered.count > 4
    else { return false }
    func counts(_ fields: ArraySlice<FieldPlace>) -> Bool {
      zip(fields, start...).allSatisfy { integer($0) == $1 }
    }
    let second = index.fields[index.fields(of: records[1])]
    return counts(numbered) && !counts(isApart ? second.dropFirst() : second)
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

  private func classify(_ field: FieldPlace) -> CellClass {
    bytes.withSpan(field.start..<field.end) { CellParser.classify($0, isQuoted: field.isQuoted) }
  }
}

/// How often each shape was seen in a column.
struct ShapeTally {
  private var counts = [Int](repeating: 0, count: Int(ValueShape.text.rawValue) + 1)

  init(_ shapes: [ValueShape]) {
    for shape in shapes { counts[Int(shape.rawValue)] += 1 }
  }

  /// The typed shape that at least this share of the cells has that are not empty.
  func typed(above share: Double) -> ValueShape? {
    let present = counts.reduce(0, +) - counts[Int(ValueShape.empty.rawValue)]
    return [ValueShape.number, .date, .time, .bool, .address].first { shape in
      present > 0 && Double(counts[Int(shape.rawValue)]) >= share * Double(present)
    }
  }
}

extension MappedBytes {
  /// Whether the `count` bytes at two offsets are the same.
  func isEqual(_ first: Int, _ second: Int, count: Int) -> Bool {
    for index in 0..<count where self[first + index] != self[second + index] { return false }
    return true
  }
}
