// SPDX-License-Identifier: Apache-2.0

/// The shape of one record of a sample.
struct SampleLine {
  /// Its number in the index of the sample.
  let record: Int
  let start: Int
  /// Its cells, those up to the last that is not empty, and those that are not.
  let width: Int
  let effective: Int
  let filled: Int

  /// Whether it parts blocks: a line without any cell that is not empty.
  var isEmpty: Bool { filled == 0 }

  init(_ record: Int, of index: FieldIndex, in bytes: MappedBytes) {
    self.record = record
    start = index.recordStarts[record]
    let fields = index.fields[index.fields(of: record)]
    width = fields.count
    let isBlank = index.isBlank(record, in: bytes)
    filled = isBlank ? 0 : fields.count { $0.length > 0 }
    effective = isBlank ? 0 : (fields.lastIndex { $0.length > 0 }).map { $0 - fields.startIndex + 1 } ?? 0
  }
}

/// The lines of a sample, and the blocks into which empty ones part them.
struct SampleLines {
  let index: FieldIndex
  let bytes: MappedBytes
  let lines: [SampleLine]
  /// Runs of lines that are not empty.
  let blocks: [Range<Int>]
  let format: CSVFormat

  init(_ index: FieldIndex, format: CSVFormat, in bytes: MappedBytes) {
    self.index = index
    self.bytes = bytes
    self.format = format
    lines = (0..<index.recordCount).map { SampleLine($0, of: index, in: bytes) }
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
    self.blocks = blocks
  }

  /// The most common width of some lines, and the share of them that has it.
  func commonWidth(_ range: Range<Int>) -> (width: Int, share: Double) {
    var counts: [Int: Int] = [:]
    for line in lines[range] where !line.isEmpty { counts[line.width, default: 0] += 1 }
    guard let common = counts.max(by: { ($0.value, $0.key) < ($1.value, $1.key) }) else { return (1, 0) }
    return (common.key, Double(common.value) / Double(counts.values.reduce(0, +)))
  }

  func fields(_ line: Int) -> ArraySlice<FieldPlace> { index.fields[index.fields(of: lines[line].record)] }

  func shape(_ field: FieldPlace) -> ValueShape {
    bytes.withSpan(field.start..<min(field.end, field.start + 400)) { ValueShape($0) }
  }

  /// The shape of a line's first cell.
  func firstShape(_ line: Int) -> ValueShape { fields(line).first.map { shape($0) } ?? .empty }

  /// Whether a cell of a line, the first one, ends with a colon, as a key does.
  func endsWithColon(_ line: Int, column: Int = 0) -> Bool {
    guard let field = fields(line).dropFirst(column).first, field.length > 0 else { return false }
    return bytes[field.end - 1] == UInt8(ascii: ":")
  }

  /// Whether a line starts like a note: with a sign, a number in parentheses, or a word such as `Source`.
  func startsLikeNote(_ line: Int) -> Bool {
    let start = lines[line].start
    let text = bytes.withSpan(start..<min(bytes.count, start + 24)) { span in
      String(decoding: span.indices.map { span[$0] }, as: UTF8.self).lowercased()
    }
    let content = text.drop { $0 == "\"" || $0 == "'" }
    return Self.noteStarts.contains { start in
      guard content.hasPrefix(start) else { return false }
      let isWord = start.last?.isLetter ?? false
      return !isWord || content.dropFirst(start.count).first.map { !$0.isLetter } ?? true
    }
  }

  /// What notes start with: signs, and words in the languages in which most public data is written.
  private static let noteStarts = [
    "*", "†", "‡", "(", "[", "#", "1)", "1 )", "¹", "©", "source", "sources", "note", "notes",
    "footnote", "footnotes", "remark", "remarks", "disclaimer", "quelle", "quellen",
    "anmerkung", "anmerkungen", "hinweis", "hinweise", "fuente", "fuentes", "nota", "notas", "fonte", "bron", "opmerking",
    "remarque", "lecture :", "källa", "anm", "kilde", "merknad", "lähde", "źródło", "uwaga", "zdroj", "poznámka", "forrás", "megjegyzés", "источник", "примечание", "πηγή",
    "kaynak", "出典", "注", "来源", "資料",
  ]

  /// Whether every delimiter of a line is followed by a blank, as commas in prose are.
  func readsAsProse(_ line: Int) -> Bool {
    guard format.delimiter.second == nil, format.delimiter.first != 0x20, lines[line].width > 1 else { return false }
    return fields(line).dropFirst().allSatisfy { !$0.isQuoted && $0.length > 1 && bytes[$0.start] == 0x20 }
  }

  /// Whether a block is one or two lines of a single cell.
  func isTitle(_ block: Range<Int>) -> Bool { block.count <= 2 && lines[block].allSatisfy { $0.effective == 1 } }
}
