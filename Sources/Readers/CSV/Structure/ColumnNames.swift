// SPDX-License-Identifier: Apache-2.0

@_spi(_Unicode) import Swift
import Validation
import WorkerProtocol

/// The names of a table's columns: trimmed, in normalization form C, never empty, never twice.
struct ColumnNames {
  let names: [String]
  /// The names that were empty or stood twice.
  let renamed: UInt64
  private let given: [String]

  /// The cells that name each column, from the records of the header, top down.
  ///
  /// A cell above the last record spans the empty cells that follow it in its record, up to where a cell above it ends,
  /// and where something stands below them.
  static func joined(_ records: [[FieldPlace]]) -> [[FieldPlace]] {
    let width = records.reduce(0) { max($0, $1.count) }
    var columns = [[FieldPlace]](repeating: [], count: width)
    func holds(_ record: Int, _ column: Int) -> Bool {
      column < records[record].count && !records[record][column].isAbsent
    }
    for (number, cells) in records.enumerated() {
      var spanning: FieldPlace?
      for (column, cell) in cells.enumerated() {
        if (0..<number).contains(where: { holds($0, column) }) { spanning = nil }
        if !cell.isAbsent {
          spanning = cell
          columns[column].append(cell)
        } else if let spanning, (number + 1..<records.count).contains(where: { holds($0, column) }) {
          columns[column].append(spanning)
        }
      }
    }
    return columns
  }

  /// Takes the names from each column's cells, joined with a blank; columns beyond them are `column_N`.
  ///
  /// - Throws: `header_name_too_long`, with the column.
  init(_ columns: [[FieldPlace]], count: Int, in bytes: MappedBytes, limits: ReadLimits) throws(Rejection) {
    let texts = columns.prefix(count).map { Self.text($0, bytes) }
    try self.init(texts, offsets: columns.map { $0.first?.start }, count: count, limits: limits)
  }

  /// Takes the names from texts; columns beyond them are `column_N`.
  ///
  /// - Parameter offsets: where each text stands, where that is known.
  /// - Throws: `header_name_too_long`, with the column.
  init(_ texts: [[UInt8]], offsets: [Int?] = [], count: Int, limits: ReadLimits) throws(Rejection) {
    var given: [String] = []
    for (column, text) in texts.prefix(count).enumerated() {
      func check(_ length: Int) throws(Rejection) {
        guard length > Int(clamping: limits.headerNameBytes) else { return }
        throw Rejection(
          .headerNameTooLong, column: UInt64(column + 1),
          byteOffset: (offsets.indices.contains(column) ? offsets[column] : nil).map { UInt64($0) },
          limit: limits.headerNameBytes, actual: UInt64(length))
      }
      // First by bytes: what follows takes more than linear time on long runs of marks.
      let trimmed = text[CellParser.trim(text.span)]
      try check(trimmed.count)
      let name = String(decoding: trimmed, as: UTF8.self).trimmedOfBlanks.normalized
      // Normalization can lengthen a name: some composed letters have no place in form C.
      try check(name.utf8.count)
      given.append(name)
    }
    given += [String](repeating: "", count: count - given.count)
    self.given = given
    (names, renamed) = Self.unique(given)
  }

  /// The texts of a column's cells, trimmed and joined with a blank.
  private static func text(_ cells: [FieldPlace], _ bytes: MappedBytes) -> [UInt8] {
    var parts: [[UInt8]] = []
    for cell in cells {
      var part: [UInt8] = []
      cell.appendContent(of: bytes, to: &part)
      if cells.count > 1 { part = Array(part[CellParser.trim(part.span)]) }
      if parts.isEmpty || !part.isEmpty { parts.append(part) }
    }
    return Array(parts.joined(separator: [0x20]))
  }

  /// Whether the header left a column without a name.
  func isEmpty(_ column: Int) -> Bool { !given.indices.contains(column) || given[column].isEmpty }

  /// Each name as given where it is the first of its kind, else with the lowest number that collides with none.
  private static func unique(_ given: [String]) -> ([String], UInt64) {
    var taken = Set(given)
    var seen: Set<String> = []
    var renamed: UInt64 = 0
    var next: [String: Int] = [:]
    let names = given.enumerated().map { column, name in
      if !name.isEmpty, seen.insert(name).inserted { return name }
      renamed += 1
      if name.isEmpty, !taken.contains("column_\(column + 1)") {
        taken.insert("column_\(column + 1)")
        return "column_\(column + 1)"
      }
      let base = name.isEmpty ? "column_\(column + 1)" : name
      // Numbers go on where they ended, so that many equal names take linear time.
      var number = next[base] ?? 2
      while taken.contains("\(base)_\(number)") { number += 1 }
      next[base] = number + 1
      taken.insert("\(base)_\(number)")
      return "\(base)_\(number)"
    }
    return (names, renamed)
  }

  /// A name that is not among others.
  static func unused(_ name: String, _ names: [String]) -> String {
    let taken = Set(names)
    guard taken.contains(name) else { return name }
    return (2...).lazy.map { "\(name)_\($0)" }.first { !taken.contains($0) } ?? name
  }
}

extension String {
  fileprivate var normalized: String { String(String.UnicodeScalarView(_nfc)) }

  fileprivate var trimmedOfBlanks: String {
    func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" || character == "\u{A0}" }
    return String(drop(while: isBlank).reversed().drop(while: isBlank).reversed())
  }
}
