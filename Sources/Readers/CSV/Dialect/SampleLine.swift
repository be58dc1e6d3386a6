// SPDX-License-Identifier: Apache-2.0

/// The shape of one record of a sample.
struct SampleLine {
  let start: Int
  /// Three numbers of 21 bits, which the bytes of no sample exceed: many lines take little memory.
  private let counts: UInt64

  /// Its cells, those up to the last that is not empty, and those that are not.
  var width: Int { Int(counts & Self.most) }
  var effective: Int { Int(counts >> 21 & Self.most) }
  var filled: Int { Int(counts >> 42) }

  /// Whether it parts blocks: a line without any cell that is not empty.
  var isEmpty: Bool { counts >> 42 == 0 }

  private static var most: UInt64 { 1 << 21 - 1 }

  private init(start: Int, width: Int, effective: Int, filled: Int) {
    self.start = start
    counts =
      min(UInt64(width), Self.most) | min(UInt64(effective), Self.most) << 21 | min(UInt64(filled), Self.most) << 42
  }

  /// A record that was taken apart byte by byte.
  init(_ record: Int, of index: FieldIndex, in bytes: MappedBytes) {
    let fields = index.fields(of: record)
    var (effective, filled) = (0, 0)
    if !index.isBlank(record, in: bytes) {
      for field in fields where index.fields[field].length > 0 {
        filled += 1
        effective = field - fields.lowerBound + 1
      }
    }
    self.init(start: index.recordStarts[record], width: fields.count, effective: effective, filled: filled)
  }

  /// A record that vectors found.
  init(_ record: Int, of index: RecordIndex, in bytes: MappedBytes) {
    var (effective, filled) = index.filledCells(of: record, in: bytes)
    if index.columns == 1, filled == 1 {
      let cell = index.field(record, 0, in: bytes)
      let isBlank = (cell.start..<cell.end).allSatisfy { bytes[$0] == 0x20 || bytes[$0] == 0x09 }
      if isBlank, !cell.isQuoted { (effective, filled) = (0, 0) }
    }
    self.init(start: index.start(of: record), width: index.columns, effective: effective, filled: filled)
  }
}

/// The lines of a sample, and the blocks into which empty ones part them.
struct SampleLines {
  let index: SampleIndex
  let bytes: MappedBytes
  let lines: [SampleLine]
  /// Runs of lines that are not empty, parted where another table starts.
  private(set) var blocks: [Range<Int>]
  let format: CSVFormat

  /// How the records end.
  let lineEnds: CSVScanner.LineEnds
  /// The width of all lines that are not empty, where they have one.
  private let evenWidth: Int?

  /// - Parameters:
  ///   - isCut: whether the text goes on behind the sample.
  ///   - keepsCells: whether the cells of the first lines will be looked at, all of them.
  init(_ bytes: MappedBytes, range: Range<Int>, format: CSVFormat, isCut: Bool, keepsCells: Bool = false) {
    let scan = SampleScan(bytes, range: range, format: format, isCut: isCut, keepsCells: keepsCells)
    self.bytes = bytes
    self.format = format
    (lines, lineEnds) = (scan.lines, scan.lineEnds)
    index = SampleIndex(scan, format: format, end: range.upperBound, in: bytes)
    blocks = Self.blocks(lines)
    evenWidth = Self.evenWidth(lines)
    if keepsCells { blocks = InnerBorders(self).parting(blocks) }
  }

  /// The lines of an index.
  init(_ index: FieldIndex, format: CSVFormat, in bytes: MappedBytes) {
    self.bytes = bytes
    self.format = format
    lines = (0..<index.recordCount).map { SampleLine($0, of: index, in: bytes) }
    lineEnds = []
    self.index = SampleIndex(index, format: format, in: bytes)
    blocks = Self.blocks(lines)
    evenWidth = Self.evenWidth(lines)
  }

  private static func evenWidth(_ lines: [SampleLine]) -> Int? {
    guard let width = lines.first(where: { !$0.isEmpty })?.width else { return nil }
    return lines.allSatisfy { $0.isEmpty || $0.width == width } ? width : nil
  }

  private static func blocks(_ lines: [SampleLine]) -> [Range<Int>] {
    var blocks: [Range<Int>] = []
    var start: Int?
    for (number, line) in lines.enumerated() {
      if line.isEmpty {
        if let from = start { blocks.append(from..<number) }
        start = nil
      } else if start == nil {
        start = number
      }
    }
    if let start { blocks.append(start..<lines.count) }
    return blocks
  }

  /// The most common width of some lines, and the share of them that has it.
  func commonWidth(_ range: Range<Int>) -> (width: Int, share: Double) {
    if let evenWidth, let first = range.first, !lines[first].isEmpty { return (evenWidth, 1) }
    var tally = WidthTally()
    for line in lines[range] where !line.isEmpty { tally.add(line.width) }
    return tally.common
  }

  func fields(_ line: Int) -> ArraySlice<FieldPlace> { index.fields(of: line) }

  func shape(_ field: FieldPlace) -> ValueShape { ValueShape(of: field, in: bytes) }

  /// The shape of a line's first cell.
  func firstShape(_ line: Int) -> ValueShape { fields(line).first.map { shape($0) } ?? .empty }

  /// Whether a cell of a line, the first one, ends with a colon, as a key does.
  func endsWithColon(_ line: Int, column: Int = 0) -> Bool {
    guard let field = fields(line).dropFirst(column).first else { return false }
    let last = (field.start..<field.end).last { bytes[$0] != 0x20 }
    return last.map { bytes[$0] == UInt8(ascii: ":") } ?? false
  }

  /// Whether a line starts like a note: with a sign, a number in parentheses, or a word such as `Source`.
  func startsLikeNote(_ line: Int) -> Bool {
    let start = lines[line].start
    let text = bytes.text(start..<min(bytes.count, start + 24)).lowercased()
    let content = text.drop { $0 == "\"" || $0 == "'" }
    return Self.noteStarts.contains { start in
      guard content.hasPrefix(start) else { return false }
      let isWord = start.last?.isLetter ?? false
      return !isWord || content.dropFirst(start.count).first.map { !$0.isLetter } ?? true
    }
  }

  /// Whether a line says how many rows a database gave, and nothing else: `(3 rows)`, `3 rows in set (0.01 sec)`.
  func countsRows(_ line: Int) -> Bool {
    let start = lines[line].start
    let text = bytes.text(start..<min(bytes.count, start + 60)).lowercased()
    let said = text.prefix { !$0.isNewline }.filter { !"()\".".contains($0) }
    let words = said.drop { $0.isNumber }.split(separator: " ", omittingEmptySubsequences: true)
    guard words.count < said.count, said.first?.isNumber ?? false, ["row", "rows"].contains(words.first) else {
      return false
    }
    let behind = words.dropFirst().filter { !$0.allSatisfy(\.isNumber) && $0 != "sec" }.joined(separator: " ")
    return ["", "selected", "affected", "in set", "returned"].contains(behind)
  }

  /// What notes start with: signs, and words in the languages in which most public data is written.
  private static let noteStarts = [
    "*", "†", "‡", "(", "[", "#", "1)", "1 )", "¹", "©", "source", "sources", "note", "notes", "footnote",
    "footnotes", "remark", "remarks", "disclaimer", "copyright", "last updated", "legend", "quelle", "quellen",
    "anmerkung", "anmerkungen", "hinweis",
    "hinweise", "fuente", "fuentes", "nota", "notas", "fonte", "bron", "opmerking", "remarque", "lecture :",
    "källa", "anm", "kilde", "merknad", "lähde", "źródło", "uwaga", "zdroj", "poznámka", "forrás", "megjegyzés",
    "источник", "примечание", "πηγή", "kaynak", "出典", "注", "来源", "資料",
  ]

  /// Whether every delimiter of a line is followed by a blank, as commas in prose are.
  func readsAsProse(_ line: Int) -> Bool {
    guard format.delimiter.second == nil, format.delimiter.first != 0x20, lines[line].width > 1 else { return false }
    return fields(line).dropFirst().allSatisfy { !$0.isQuoted && $0.length > 1 && bytes[$0.start] == 0x20 }
  }

  /// Whether a block is one or two lines of a single cell.
  func isTitle(_ block: Range<Int>) -> Bool { block.count <= 2 && lines[block].allSatisfy { $0.effective == 1 } }
}
