// SPDX-License-Identifier: Apache-2.0

import WorkerProtocol

/// What stands below a table in a sample: notes, and further tables.
struct TableBottom {
  /// The line behind the last one of the table.
  private(set) var end: Int
  private var found: [(kind: SetAsideLine.Part, line: Int)] = []
  private let lines: SampleLines
  private let top: TableTop
  /// The columns that hold values, where the table is even enough to tell another one from it.
  private let typed: [Int]
  private let share: Double

  /// The columns, and the rows, that are looked at.
  private static let looked = (columns: 256, rows: 200)

  /// - Parameter isWhole: whether the sample ends where the text does; else nothing is known of its last lines.
  init(_ lines: SampleLines, _ top: TableTop, isWhole: Bool) {
    self.lines = lines
    self.top = top
    end = lines.lines.count
    share = lines.commonWidth(top.first..<lines.blocks[top.block].upperBound).share
    // Only a block behind a blank line asks for them.
    typed = top.block + 1 < lines.blocks.count ? Self.typedColumns(lines, top) : []
    var blocks = Array(lines.blocks.dropFirst(top.block))
    findTables(&blocks)
    if isWhole { findNotes(&blocks) }
    if let first = found.first { end = first.line }
  }

  /// The ranges of what was found, the last one up to the end of the text.
  func parts(end textEnd: Int) -> [TableStructure.Part] {
    found.indices.map { number in
      let next = number + 1 < found.count ? lines.lines[found[number + 1].line].start : textEnd
      return TableStructure.Part(kind: found[number].kind, range: lines.lines[found[number].line].start..<next)
    }
  }

  private static func typedColumns(_ lines: SampleLines, _ top: TableTop) -> [Int] {
    let rows = lines.lines[top.first..<lines.blocks[top.block].upperBound].indices.dropFirst().prefix(looked.rows)
    return (0..<min(top.width, looked.columns)).filter { column in
      let shapes = rows.compactMap { row -> ValueShape? in
        let fields = lines.fields(row)
        return column < fields.count ? lines.shape(fields[fields.startIndex + column]) : nil
      }
      return ShapeTally(shapes).typed(above: 0.9) != nil
    }
  }

  // MARK: Further tables

  /// Finds the first block that is another table; all from there on is no row.
  private mutating func findTables(_ blocks: inout [Range<Int>]) {
    guard let first = blocks.indices.dropFirst().first(where: { isTable(blocks[$0]) }) else { return }
    var number = first
    // A title stands alone above its table.
    if first > 1, blocks[first - 1].count <= 2, lines.lines[blocks[first - 1]].allSatisfy({ $0.effective == 1 }) {
      number -= 1
    }
    let rest = blocks[number...]
    found.append((.table, rest[number].lowerBound))
    var last = rest.last
    if let block = last, block.lowerBound > blocks[first].lowerBound,
      lines.lines[block].allSatisfy({ $0.effective == 1 })
    {
      last = block
    } else {
      last = nil
    }
    for block in rest.dropFirst(first - number + 1) where isTable(block) { found.append((.table, block.lowerBound)) }
    if let last { found.append((.footnote, last.lowerBound)) }
    blocks.removeSubrange(number...)
  }

  /// Whether a block that stands behind a blank line is another table: even, with a header of its own, and of another
  /// width or with names above columns of values.
  private func isTable(_ block: Range<Int>) -> Bool {
    let titles = lines.lines[block].prefix { $0.effective <= 1 }.count
    let body = block.lowerBound + titles..<block.upperBound
    guard body.count > 1, share > 0.7 else { return false }
    let (width, share) = lines.commonWidth(body)
    guard width > 1, share > 0.9, lines.lines[body.lowerBound].width == width else { return false }
    let names = lines.fields(body.lowerBound)
    guard names.allSatisfy({ !lines.shape($0).isTyped }) else { return false }
    if width != top.width {
      guard names.filter({ !$0.isAbsent }).count * 2 > names.count else { return false }
      let rows = lines.lines[body].prefix(100).map(\.record)
      return HeaderDetector(lines.index, records: rows, in: lines.bytes).finding() == .present || body.count > 2
    }
    if lines.isEqual(body.lowerBound, top.first) { return true }
    let above = typed.filter { names.startIndex + $0 < names.endIndex && !names[names.startIndex + $0].isAbsent }
    return !typed.isEmpty && above.count == typed.count
  }

  // MARK: Notes

  /// Finds the notes at the end: lines with text in their first cell alone.
  private mutating func findNotes(_ blocks: inout [Range<Int>]) {
    guard let lastTableBlock = blocks.indices.last(where: { !isNotes(blocks[$0], isFirst: $0 == blocks.startIndex) })
    else { return }
    var first = lastTableBlock + 1 < blocks.count ? blocks[lastTableBlock + 1].lowerBound : nil
    let block = blocks[lastTableBlock]
    let from = max(block.lowerBound, top.first + 1)
    var line = block.upperBound
    while line - 1 > from, isAttachedNote(line - 1) { line -= 1 }
    // Where rows of one cell are common they are rows.
    let single = lines.lines[min(from, line)..<line].count { $0.effective == 1 }
    if line < block.upperBound, single * 50 <= line - from { first = line }
    if let first { found.insert((.footnote, first), at: 0) }
  }

  private func isNotes(_ block: Range<Int>, isFirst: Bool) -> Bool {
    guard !isFirst, block.count <= 100 else { return false }
    return block.allSatisfy { line in
      let shape = lines.firstShape(line)
      guard !shape.isTyped, shape != .empty else { return false }
      let here = lines.lines[line]
      if here.effective == 1 { return here.width == 1 || top.width > 2 }
      return here.width != top.width && lines.readsAsProse(line) && shape == .text
    }
  }

  /// Whether a line is drawn: `____`, `----`.
  private func isRule(_ line: Int) -> Bool {
    guard let field = lines.fields(line).first, field.length > 2 else { return false }
    let mark = lines.bytes[field.start]
    return [UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "="), UInt8(ascii: "*")].contains(mark)
      && (field.start..<field.end).allSatisfy { lines.bytes[$0] == mark }
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
    guard here.effective == 1, share > 0.5 else { return false }
    let shape = lines.firstShape(line)
    guard here.width > 1 || !holdsOtherDelimiters(line) else { return false }
    if here.width == 1, isRule(line) { return true }
    return here.width == 1
      ? shape == .text || lines.startsLikeNote(line) && !shape.isTyped
      : top.width > 2 && shape == .text && lines.startsLikeNote(line)
  }
}
