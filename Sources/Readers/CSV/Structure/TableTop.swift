// SPDX-License-Identifier: Apache-2.0

import WorkerProtocol

/// Where a table starts in a sample: behind titles, notes and `key: value` lines.
struct TableTop {
  /// The first line of the table, and the block in which it stands.
  var first: Int
  private(set) var block: Int
  /// The most common number of cells of its records.
  let width: Int
  /// The columns in which anything stands.
  private(set) var columns = 0..<0
  var indent: Int { columns.lowerBound }
  /// Whether a line above it holds text.
  private(set) var hasPreamble = false

  /// The lines above a table are few.
  static let most = 60
  /// And so are the blocks of pairs.
  private static let mostPreambles = 4

  /// A sample that starts within the rows.
  init(rowsOf lines: SampleLines, width: Int) {
    first = lines.blocks.first?.lowerBound ?? 0
    block = 0
    self.width = width
  }

  /// - Parameter start: where the text starts behind comments that stand above the table.
  init(_ lines: SampleLines, from start: Int) {
    let blocks = lines.blocks
    let start = max(start, Self.endOfHeader(lines) ?? start)
    let opening = blocks.firstIndex { lines.lines[$0.upperBound - 1].start >= start } ?? 0
    block = Self.main(lines, from: opening)
    let body = Self.body(lines, blocks[block])
    width = lines.commonWidth(body).width
    first = max(blocks[block].lowerBound, lines.lines.firstIndex { $0.start >= start } ?? 0)
    guard width > 1 else {
      block = opening
      first = max(blocks[block].lowerBound, lines.lines.firstIndex { $0.start >= start } ?? 0)
      hasPreamble = lines.lines[..<first].contains { !$0.isEmpty }
      return
    }
    columns = Self.columns(lines, body)
    climb(lines, to: opening)
    descend(lines)
    descendToValues(lines)
    passRules(lines)
    let opened = max(blocks[opening].lowerBound, lines.lines.firstIndex { $0.start >= start } ?? 0)
    if first - opened > Self.most {
      first = opened
      block = opening
    }
    hasPreamble = lines.lines[..<first].contains { !$0.isEmpty || $0.width > 1 }
  }

  /// The line behind the one that says that what tells of the data ends there, as instruments write it:
  /// `***End_of_Header***`.
  ///
  /// Of several the last counts that stands below keys alone: data may follow each.
  private static func endOfHeader(_ lines: SampleLines) -> Int? {
    var end: Int?
    for line in lines.lines.indices.prefix(2 * most) where !lines.lines[line].isEmpty {
      if saysEndOfHeader(lines, line) {
        end = line + 1 < lines.lines.count ? lines.lines[line + 1].start : nil
      } else if let first = lines.fields(line).first(where: { $0.length > 0 }), lines.shape(first).isTyped {
        break
      }
    }
    return end
  }

  private static func saysEndOfHeader(_ lines: SampleLines, _ line: Int) -> Bool {
    guard lines.lines[line].filled == 1, let cell = lines.fields(line).first, (8...40).contains(cell.length) else {
      return false
    }
    let text = lines.bytes.text(cell.start..<cell.end).lowercased()
    // Words alone may be a cell.
    let letters = text.filter(\.isLetter)
    return (letters == "endofheader" || letters == "endheader") && !text.allSatisfy { $0.isLetter || $0 == " " }
  }

  /// The columns of some lines without the empty ones at both ends.
  private static func columns(_ lines: SampleLines, _ body: Range<Int>) -> Range<Int> {
    let width = lines.commonWidth(body).width
    var (start, end) = (width, 1)
    for line in lines.lines[body].indices {
      end = max(end, min(width, lines.lines[line].effective))
      if start > 0 { start = min(start, lines.fields(line).prefix { $0.length == 0 }.count) }
    }
    return start..<max(start, end)
  }

  /// A block without the titles on its first lines.
  private static func body(_ lines: SampleLines, _ block: Range<Int>) -> Range<Int> {
    let titles = block.prefix { line in
      lines.lines[line].filled <= 1 || lines.lines[line].effective == 2 && lines.endsWithColon(line)
    }.count
    return titles < block.count ? block.lowerBound + titles..<block.upperBound : block
  }

  /// The first block that holds a table; one of pairs above a wider table is a preamble.
  private static func main(_ lines: SampleLines, from opening: Int) -> Int {
    let tables = lines.blocks.indices.dropFirst(opening).filter { block in
      let body = body(lines, lines.blocks[block])
      guard lines.lines[body].contains(where: { $0.filled > 1 }) else { return false }
      let (width, share) = lines.commonWidth(body)
      return body.count > 1 && width > 1 && share >= 0.5
    }
    // Prose with as many commas in most lines is none, where anything else is.
    guard let first = tables.first(where: { !lines.blocks[$0].allSatisfy(lines.readsAsProse) }) ?? tables.first else {
      return lines.blocks.indices.dropFirst(opening).first { lines.lines[lines.blocks[$0]].contains { $0.filled > 1 } }
        ?? opening
    }
    // What tells of one table may stand in several blocks.
    return tables.drop { $0 <= first }.prefix(mostPreambles).reduce(first) { main, table in
      let between = tables.filter { $0 >= main && $0 < table }
      return between.allSatisfy { isPreamble(lines, lines.blocks[$0], above: lines.blocks[table]) } ? table : main
    }
  }

  /// Whether pairs stand above a longer table, so that they tell of it.
  private static func isPreamble(_ lines: SampleLines, _ block: Range<Int>, above table: Range<Int>) -> Bool {
    let (pairs, wide) = (body(lines, block), body(lines, table))
    if tellsOfWider(lines, pairs, above: wide) { return true }
    guard lines.commonWidth(pairs).width == 2 || lines.lines[pairs].allSatisfy({ $0.filled <= 2 }),
      pairs.count <= most
    else { return false }
    if pairs.allSatisfy({ lines.endsWithColon($0) }), isTable(lines, wide) { return true }
    let isWide = lines.commonWidth(wide).width > 2
    // A short statement below the data of its account.
    if isWide, wide.count <= pairs.count {
      return pairs.count <= mostPairs && tellOfTable(lines, pairs) && !isTable(lines, pairs) && isTable(lines, wide)
    }
    guard wide.count > pairs.count else { return false }
    guard isWide else {
      return wide.count >= 4 * pairs.count && !isTable(lines, pairs) && isTable(lines, wide)
    }
    return pairs.count == 2 || pairs.count <= 5 && wide.count >= 4 * pairs.count || !isTable(lines, pairs)
  }

  /// Whether a few lines of keys with their values in one cell stand above a longer table that is as wide or wider.
  private static func tellsOfWider(_ lines: SampleLines, _ block: Range<Int>, above table: Range<Int>) -> Bool {
    let (width, wide) = (lines.commonWidth(block).width, lines.commonWidth(table))
    guard block.count <= 3, table.count >= block.count, wide.width >= width, wide.share > 0.7 else { return false }
    let keys = block.filter { line in
      lines.fields(line).allSatisfy { field in
        (field.start..<field.end).dropLast().contains {
          lines.bytes[$0] == UInt8(ascii: ":") && lines.bytes[$0 + 1] == 0x20
        }
      }
    }
    if keys.count == block.count { return wide.width > width || block.count > 1 }
    return keys.count > 1 && block.allSatisfy { line in lines.fields(line).allSatisfy { !lines.shape($0).isTyped } }
  }

  /// The most pairs that tell of a table which is shorter than they are.
  private static let mostPairs = 12

  /// Whether most keys end in a colon, or what stands behind them is of several kinds.
  private static func tellOfTable(_ lines: SampleLines, _ pairs: Range<Int>) -> Bool {
    if pairs.count(where: { lines.endsWithColon($0) }) * 2 >= pairs.count { return true }
    let shapes = Set(
      pairs.compactMap { lines.fields($0).dropFirst().first.map { lines.shape($0) } }.filter { $0 != .empty })
    return shapes.count > 1 && shapes.contains { $0.isTyped || $0 == .parts } && shapes.contains { !$0.isTyped }
  }

  /// Whether pairs are a table of two columns: names above values, and no colons behind keys.
  private static func isTable(_ lines: SampleLines, _ pairs: Range<Int>) -> Bool {
    HeaderDetector(lines.index, records: Array(pairs), in: lines.bytes).finding() == .present
      && !pairs.allSatisfy { lines.endsWithColon($0) }
  }

  /// Takes in a header that a blank line parts from the rows.
  private mutating func climb(_ lines: SampleLines, to opening: Int) {
    while block > opening {
      let above = lines.blocks[block - 1]
      let (number, last) = (above.upperBound - 1, lines.lines[above.upperBound - 1])
      guard last.filled > 1, last.effective * 2 > width, !lines.readsAsProse(number), !isNamed(lines),
        !(width > 2 && last.width == 2 && isKeyWithValue(lines, number))
      else { return }
      block -= 1
      let wide = lines.lines[above].reversed().prefix { $0.filled > 1 && $0.effective * 2 > width }
      first = above.upperBound - wide.count
      if wide.count < above.count { return }
    }
  }

  /// Whether the block has names of its own, or a title above them.
  private func isNamed(_ lines: SampleLines) -> Bool {
    let first = lines.blocks[block].lowerBound
    return lines.lines[first].effective == 1 || holdsNames(lines, first) && isHeader(lines, first)
  }
}
