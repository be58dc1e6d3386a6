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
    let most = min(Self.mostRecords, max(6, Self.mostCells / width))
    (index, self.records) = sample.finding(Array(records.prefix(most)))
  }

  /// Counts the columns that speak for a header and against one.
  ///
  /// For it: a first cell that is not of the type or shape of all cells below, or consecutive years or numbers above
  /// other ones. Against it: a first cell of the same type or shape, or a text that stands again below.
  func finding() -> Dialect.HeaderFinding {
    guard let first = records.first else { return .assumed }
    let fields = index.fields[index.fields(of: first)]
    guard records.count > 1 else { return isRow(fields) ? .absent : .assumed }
    if countsColumns(fields) || namesAndNumbers(fields) || areQuotedNames(fields) { return .present }
    let years = yearColumns(fields, above: records.dropFirst())
    // Names that stand again, all of them, were printed on each page.
    let below = records.dropFirst().filter { !isEqual(first, $0) }
    var votes = 0
    let hasValues = fields.contains { shape($0).isTyped }
    let onlyYear = years.isEmpty ? onlyYear(fields, above: below) : nil
    for (column, field) in fields.enumerated() {
      if column == onlyYear { continue }
      votes += vote(field, column, below: below, isYear: years.contains(column), hasValues: hasValues)
      // The columns that are left cannot turn it any more.
      if abs(votes) >= fields.count - column { break }
    }
    return votes > 0 ? .present : votes < 0 ? .absent : .assumed
  }

  /// Whether all cells of the first record are quoted, of which the first is empty, and below it texts are and values are
  /// not, as R writes a frame: so numbers are names.
  private func areQuotedNames(_ fields: ArraySlice<FieldPlace>) -> Bool {
    guard fields.count > 2, fields.first?.length == 0, fields.allSatisfy(\.isQuoted) else { return false }
    let rows = records.dropFirst().prefix(60)
    let columns = (0..<fields.count).map { index.cells($0, of: rows).filter { !$0.isAbsent } }.filter { !$0.isEmpty }
    return columns.contains { $0.allSatisfy(\.isQuoted) }
      && columns.contains { $0.allSatisfy { !$0.isQuoted && shape($0).isTyped } }
      && columns.allSatisfy { $0.allSatisfy(\.isQuoted) || $0.allSatisfy { !$0.isQuoted } }
  }

  /// Whether the only record is a row: values alone name nothing, and only years start names.
  private func isRow(_ fields: ArraySlice<FieldPlace>) -> Bool {
    let values = fields.count { shape($0).isTyped }
    if values == fields.count { return true }
    guard let first = fields.first, shape(first).isTyped, !yearColumns(fields, above: [Int]()).contains(0) else {
      return false
    }
    return values * 2 >= fields.count
  }

  /// Whether two records hold the same cells.
  private func isEqual(_ record: Int, _ other: Int) -> Bool {
    let (first, second) = (index.fields[index.fields(of: record)], index.fields[index.fields(of: other)])
    return first.count > 1 && first.count == second.count
      && zip(first, second).allSatisfy(bytes.isEqual)
  }

  /// Whether the first record holds a usual name, which decides where nothing else does.
  var holdsUsualName: Bool {
    records.first.map { index.fields[index.fields(of: $0)].contains(where: bytes.isUsualName) } ?? false
  }

  private func vote(
    _ first: FieldPlace, _ column: Int, below: [Int], isYear: Bool, hasValues: Bool
  ) -> Int {
    let (inference, isText) = infer(column, of: below)
    let type = isText ? .utf8 : inference.plainType
    if type == .null { return 0 }
    if isYear, !index.cells(column, of: below).contains(where: { self.isYear($0) }) { return 1 }
    if type == .utf8 { return vote(first, belowTexts: index.cells(column, of: below)) }
    if isYear { return 1 }
    if first.isAbsent { return 0 }
    // What is missing is a row's, where that holds values too; else `Missing` may name a column.
    if bytes.isMissing(first) { return hasValues ? -1 : 0 }
    var withFirst = inference
    withFirst.add(classify(first), at: first)
    return withFirst.plainType == .utf8 ? 1 : -1
  }

  /// What the cells of a column are, up to the first that can be nothing but text, which makes texts of them all.
  private func infer(_ column: Int, of records: [Int]) -> (inference: ColumnInference, isText: Bool) {
    var inference = ColumnInference()
    for record in records {
      guard let field = index.cell(column, of: record), !field.isAbsent else { continue }
      let kind = classify(field)
      if kind == .text { return (inference, true) }
      inference.add(kind, at: field)
    }
    return (inference, false)
  }

  /// The vote of a column of texts: by their shape, else by whether the first one stands again.
  private func vote(_ first: FieldPlace, belowTexts below: [FieldPlace]) -> Int {
    if first.isAbsent { return 0 }
    if stands(first, in: below) { return -1 }
    if let common = ShapeTally.typed(above: 0.9, of: below, shape) { return shape(first) == common ? -1 : 1 }
    guard below.count > 2, let pattern = pattern(below[0]), below.allSatisfy({ has(pattern, $0) }) else {
      return 0
    }
    return has(pattern, first) ? -1 : 1
  }

  func shape(_ field: FieldPlace) -> ValueShape { ValueShape(of: field, in: bytes) }

  /// The kinds of characters of a code such as `AB-123`: letters, digits and others in their places.
  private func pattern(_ field: FieldPlace) -> [UInt8]? {
    guard (2...24).contains(field.length) else { return nil }
    let pattern = (field.start..<field.end).map { Self.kind(bytes[$0]) }
    return pattern.contains(0) || pattern.allSatisfy { $0 == 1 } ? pattern : nil
  }

  /// Whether a cell is a code of a pattern.
  private func has(_ pattern: [UInt8], _ field: FieldPlace) -> Bool {
    field.length == pattern.count
      && pattern.indices.allSatisfy { Self.kind(bytes[field.start + $0]) == pattern[$0] }
  }

  private static func kind(_ byte: UInt8) -> UInt8 {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): 0
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): 1
    case UInt8(ascii: "a")...UInt8(ascii: "z"): 2
    default: byte
    }
  }

  /// Whether the first cell's text stands again among the next cells of its column.
  func stands(_ first: FieldPlace, in below: [FieldPlace]) -> Bool {
    guard first.length > 0 else { return false }
    return below.contains { bytes.isEqual(first, $0) }
  }

  private func classify(_ field: FieldPlace) -> CellClass {
    bytes.withSpan(field.start..<field.end) { CellParser.classify($0, isQuoted: field.isQuoted) }
  }
}

extension MappedBytes {
  /// Whether two cells hold the same bytes.
  func isEqual(_ cell: FieldPlace, _ other: FieldPlace) -> Bool {
    cell.length == other.length && isEqual(cell.start, other.start, count: Int(cell.length))
  }

  /// Whether the `count` bytes at two offsets are the same.
  func isEqual(_ first: Int, _ second: Int, count: Int) -> Bool {
    for index in 0..<count where self[first + index] != self[second + index] { return false }
    return true
  }
}
