// SPDX-License-Identifier: Apache-2.0

import WorkerProtocol

/// What stands below a table in a sample: notes, and further tables.
struct TableBottom {
  /// The line behind the last one of the table.
  private(set) var end: Int
  /// The lines on which further tables start, each with its title.
  private(set) var furtherTables: [Int] = []
  private let lines: SampleLines
  private let top: TableTop
  private let share: Double
  private let traits: RowTraits

  /// The columns and the rows that are looked at.
  private static let looked = (columns: 256, rows: 100)

  /// - Parameter isWhole: whether the sample ends where the text does; else nothing is known of its last lines.
  init(_ lines: SampleLines, _ top: TableTop, _ search: TableStructure.Search, isWhole: Bool) {
    self.lines = lines
    self.top = top
    end = lines.lines.count
    let table = top.first..<lines.blocks[top.block].upperBound
    share = lines.commonWidth(table).share
    // Notes right below the rows are none of them.
    let width = top.width
    let notes = table.dropFirst().reversed().prefix { lines.lines[$0].width != width }.count
    let rows = table.dropFirst().dropLast(notes).suffix(Self.looked.rows)
    traits = RowTraits(rows, of: lines, most: min(width, Self.looked.columns))
    var blocks = Array(lines.blocks.dropFirst(top.block))
    // Only a block behind a blank line may be another table.
    if blocks.count > 1, search.furtherTables > 0 { findTables(&blocks, most: search.furtherTables) }
    if let first = furtherTables.first { end = first }
    if isWhole || !furtherTables.isEmpty {
      findNotes(blocks)
      passPadding(search.keepsPadding)
    }
  }

  /// Leaves the lines of delimiters alone at the end, as spreadsheets write them below their last row.
  ///
  /// A lone one at the end of a text may be a row of which nothing is known.
  private mutating func passPadding(_ isKept: Bool) {
    var first = end
    while first - 1 > top.first, lines.lines[first - 1].filled == 0, isUnquoted(first - 1) { first -= 1 }
    let padding = lines.lines[first..<end].count { $0.width > 1 }
    if end < lines.lines.count {
      if padding > 0 { end = first }
      return
    }
    if isKept { return }
    // Where such lines stand among the rows, or hardly any row holds anything, they are rows.
    let isRow = lines.lines[top.first..<first].contains { $0.isEmpty && $0.width > 1 }
    if padding > 1, top.width > 2, first - top.first > 2, !isRow { end = first }
  }

  private func isUnquoted(_ line: Int) -> Bool { lines.fields(line).allSatisfy(\.isAbsent) }

  // MARK: Further tables

  /// Finds the blocks at which other tables start, and leaves those of this one.
  private mutating func findTables(_ blocks: inout [Range<Int>], most: Int) {
    var border = TableBorder(
      below: TableBorder.Table(lines: top.first..<blocks[0].upperBound, width: top.width), of: lines)
    var last = 0
    var own = blocks.count
    for number in blocks.indices.dropFirst() where furtherTables.count < most {
      guard let table = border.table(in: blocks[number], of: lines) else { continue }
      // A title stands alone above its table.
      let first = number - 1 > last && lines.isTitle(blocks[number - 1]) ? number - 1 : number
      if furtherTables.isEmpty { own = first }
      furtherTables.append(blocks[first].lowerBound)
      border = TableBorder(below: table, of: lines)
      last = number
    }
    blocks.removeSubrange(own...)
  }

  // MARK: Notes

  /// Finds the notes at the end: lines with text in their first cell alone.
  private mutating func findNotes(_ blocks: [Range<Int>]) {
    // Where rows stand behind a blank line, others may be as odd as a summary.
    let isOneBlock = blocks.count > 1 && blocks.dropFirst().allSatisfy { isNotes($0, orSummary: true) }
    guard let lastTableBlock = isOneBlock ? 0 : blocks.indices.last(where: { $0 == 0 || !isNotes(blocks[$0]) })
    else { return }
    var first = lastTableBlock + 1 < blocks.count ? blocks[lastTableBlock + 1].lowerBound : nil
    let block = blocks[lastTableBlock]
    let from = max(block.lowerBound, top.first + 1)
    var line = block.upperBound
    // What stands below a frame is no row.
    let single = (from..<max(from, line)).reversed().prefix { lines.lines[$0].width == 1 }
    if let frame = single.last(where: { lines.bytes.areRule(lines.fields($0), lines.format) }) { line = frame }
    while line - 1 > from, isAttachedNote(line - 1) { line -= 1 }
    // Where rows of one cell are common they are rows.
    let rowsOfOne = (min(from, line)..<line).count { lines.lines[$0].effective == 1 && !isRule($0) }
    if line < block.upperBound, rowsOfOne * 50 <= line - from { first = line }
    if let first { end = first }
  }

  /// - Parameter orSummary: whether lines that sum up the rows are notes too.
  private func isNotes(_ block: Range<Int>, orSummary: Bool = false) -> Bool {
    guard block.count <= 100 else { return false }
    let isTitled = lines.lines[block.lowerBound].width == 1 && lines.endsWithColon(block.lowerBound)
    return block.allSatisfy { line in
      if lines.countsRows(line) { return true }
      if orSummary, share > 0.7 {
        let isTitled = isTitled && lines.lines[line].width < top.width
        if traits.areSummary(lines.fields(line), isTitled: isTitled, in: lines.bytes) { return true }
      }
      let shape = lines.firstShape(line)
      let here = lines.lines[line]
      if here.effective == 2, isNumberedNote(line) { return true }
      guard !shape.isTyped, shape != .empty else { return false }
      if here.effective == 1 { return here.width == 1 || top.width > 2 }
      if here.effective == 2, top.width > 2, isTyped(1), isText(line), lines.endsWithColon(line),
        !lines.endsWithColon(lines.blocks[top.block].upperBound - 1)
      {
        return true
      }
      guard lines.readsAsProse(line), shape == .text else { return false }
      // By chance the prose of a note may have as many commas as a row.
      return here.width != top.width || lines.startsLikeNote(line) && isText(line)
    }
  }

  /// Whether a line is a number with a point and a text of some words, below a column of values: `1.;On islands too`.
  private func isNumberedNote(_ line: Int) -> Bool {
    let fields = Array(lines.fields(line).prefix(2))
    return fields.count == 2 && (2...3).contains(fields[0].length)
      && lines.bytes[fields[0].end - 1] == UInt8(ascii: ".")
      && lines.shape(fields[0]) == .number && lines.shape(fields[1]) == .text && !isTyped(0) && isTyped(1)
  }

  private func isTyped(_ column: Int) -> Bool { traits.traits(in: lines.bytes).mostlyTyped.contains(column) }

  private func isText(_ line: Int) -> Bool { traits.areText(lines.fields(line), in: lines.bytes) }

  /// Whether a line is drawn: `____`, `----`.
  private func isRule(_ line: Int) -> Bool {
    guard let field = lines.fields(line).first, field.length > 2 else { return false }
    return lines.bytes.withSpan(field.start..<field.end) { RuleSign.of($0, $0.indices) != nil }
  }

  /// Whether a line has as many of another delimiter as a record has of the table's: it is a record with the wrong ones.
  private func holdsOtherDelimiters(_ line: Int) -> Bool {
    guard let field = lines.fields(line).first else { return false }
    return DialectScore.common.contains { delimiter in
      (field.start..<field.end).count { lines.bytes[$0] == delimiter } == top.width - 1
    }
  }

  private func isAttachedNote(_ line: Int) -> Bool {
    let here = lines.lines[line]
    if lines.countsRows(line) { return true }
    guard share > 0.5 else { return false }
    guard here.effective == 1 else {
      // Prose with a delimiter or two, where the rows have values.
      return here.width < top.width && lines.startsLikeNote(line) && lines.readsAsProse(line) && isText(line)
    }
    let shape = lines.firstShape(line)
    guard here.width > 1 || !holdsOtherDelimiters(line) else { return false }
    if here.width == 1, isRule(line) { return true }
    return here.width == 1
      ? shape == .text || lines.startsLikeNote(line) && !shape.isTyped
      : top.width > 2 && shape == .text && lines.startsLikeNote(line)
  }
}
