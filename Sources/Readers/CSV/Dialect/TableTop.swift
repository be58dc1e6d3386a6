// SPDX-License-Identifier: Apache-2.0

import WorkerProtocol

/// Where a table starts in a sample: behind titles, notes and `key: value` lines.
struct TableTop {
  /// The first line of the table, and the block in which it stands.
  private(set) var first: Int
  private(set) var block: Int
  /// The most common number of cells of its records.
  let width: Int
  /// The columns in which anything stands.
  private var columns = 0..<0
  private var indent: Int { columns.lowerBound }
  /// Whether a line above it holds text.
  private(set) var hasPreamble = false

  /// The lines above a table are few.
  private static let most = 60

  /// A sample that starts within the rows.
  init(rowsOf lines: SampleLines, width: Int) {
    first = lines.blocks.first?.lowerBound ?? 0
    block = 0
    self.width = width
  }

  /// - Parameter start: where the text starts behind comments that stand above the table.
  init(_ lines: SampleLines, from start: Int) {
    let blocks = lines.blocks
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
    let opened = max(blocks[opening].lowerBound, lines.lines.firstIndex { $0.start >= start } ?? 0)
    if first - opened > Self.most {
      first = opened
      block = opening
    }
    hasPreamble = lines.lines[..<first].contains { !$0.isEmpty }
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
    let titles = lines.lines[block].prefix { $0.filled <= 1 }.count
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
    guard let second = tables.first(where: { $0 > first }) else { return first }
    return isPreamble(lines, lines.blocks[first], above: lines.blocks[second]) ? second : first
  }

  /// Whether pairs stand above a longer table, so that they tell of it.
  private static func isPreamble(_ lines: SampleLines, _ block: Range<Int>, above table: Range<Int>) -> Bool {
    let (pairs, wide) = (body(lines, block), body(lines, table))
    guard lines.commonWidth(pairs).width == 2 || lines.lines[pairs].allSatisfy({ $0.filled <= 2 }),
      pairs.count <= most, wide.count > pairs.count
    else { return false }
    guard lines.commonWidth(wide).width > 2 else {
      return wide.count >= 4 * pairs.count && !isTable(lines, pairs) && isTable(lines, wide)
    }
    return pairs.count == 2 || pairs.count <= 5 && wide.count >= 4 * pairs.count || !isTable(lines, pairs)
  }

  /// Whether pairs are a table of two columns: names above values, and no colons behind keys.
  private static func isTable(_ lines: SampleLines, _ pairs: Range<Int>) -> Bool {
    let records = lines.lines[pairs].map(\.record)
    return HeaderDetector(lines.index, records: records, in: lines.bytes).finding() == .present
      && !pairs.allSatisfy { lines.endsWithColon($0) }
  }

  /// Takes in a header that a blank line parts from the rows.
  private mutating func climb(_ lines: SampleLines, to opening: Int) {
    while block > opening {
      let above = lines.blocks[block - 1]
      let last = lines.lines[above.upperBound - 1]
      guard last.filled > 1, last.effective * 2 > width, !lines.readsAsProse(above.upperBound - 1), !isNamed(lines)
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

  /// Passes titles that stand right above the header.
  private mutating func descend(_ lines: SampleLines) {
    let end = lines.blocks[block].upperBound
    let limit = min(end, first + Self.most) - 1
    // Many titles stand above one header, which is judged once.
    var judged: (line: Int, isHeader: Bool)?
    while first < limit, isTitle(lines, first, &judged) { first += 1 }
  }

  private func isTitle(_ lines: SampleLines, _ line: Int, _ judged: inout (line: Int, isHeader: Bool)?) -> Bool {
    let here = lines.lines[line]
    let shape = lines.fields(line).dropFirst(indent).first.map { lines.shape($0) } ?? .empty
    guard shape != .number, shape != .empty else { return false }
    guard let header = tableLine(lines, after: line) else { return false }
    let effective = here.effective - indent
    if effective == 1 { return here.width == 1 || columns.count > 2 }
    if here.filled == 2, effective == 2, columns.count > 3, lines.endsWithColon(line, column: indent) { return true }
    let isPair = effective == 2 && columns.count > 3 && isPair(lines, line) && holdsNames(lines, header)
    let isNarrow =
      here.width < width && (effective * 2 <= columns.count || holdsNames(lines, header) && isEven(lines, header))
    let isOther = header == line + 1 && holdsNames(lines, header) && (here.effective > width || holdsValue(lines, line))
    guard isPair || isNarrow || isOther || lines.readsAsProse(line) else { return false }
    if judged?.line != header { judged = (header, isHeader(lines, header)) }
    return judged?.isHeader ?? false || effective * 2 <= columns.count && isEven(lines, header)
  }

  /// Whether a line is one of several of two cells each; one alone may name groups of columns.
  private func isPair(_ lines: SampleLines, _ line: Int) -> Bool {
    let block = lines.blocks[block]
    return lines.lines[line].filled == 2
      && [line - 1, line + 1].contains {
        block.contains($0) && lines.lines[$0].effective - indent == 2 && lines.lines[$0].filled == 2
      }
  }

  /// Whether a line holds a number that is no year, as the names of columns do not.
  private func holdsValue(_ lines: SampleLines, _ line: Int) -> Bool {
    lines.fields(line).contains { field in
      guard lines.shape(field) == .number else { return false }
      let text = lines.bytes.withSpan(field.start..<field.end) { cell in
        String(decoding: CellParser.trim(cell).map { cell[$0] }, as: UTF8.self)
      }
      return !(Int(text).map((1500...2199).contains) ?? false)
    }
  }

  /// Whether every cell of a line could be the name of a column.
  private func holdsNames(_ lines: SampleLines, _ line: Int) -> Bool {
    let fields = lines.fields(line)
    return fields.count >= columns.upperBound
      && fields.prefix(columns.upperBound).dropFirst(indent).allSatisfy { $0.length > 0 && !lines.shape($0).isTyped }
  }

  /// Whether a line of names stands above records that are all as wide, several of them.
  private func isEven(_ lines: SampleLines, _ header: Int) -> Bool {
    let rows = lines.lines[header..<lines.blocks[block].upperBound]
    return rows.count > 5 && rows.allSatisfy { $0.width == width } && holdsNames(lines, header)
  }

  /// Passes lines such as `Date,2024-03-01` that are as wide as a table in which every column holds values: its names are
  /// the last line that holds none.
  ///
  /// One or two lines of text above those may name the columns too.
  private mutating func descendToValues(_ lines: SampleLines) {
    let rows = first..<lines.blocks[block].upperBound
    guard rows.count > 8, width <= 64 else { return }
    let middle = first + min(20, rows.count / 2)
    let body = lines.lines[middle..<min(rows.upperBound, middle + 200)].indices.map { lines.fields($0) }
    let shapes = (0..<width).map { column in
      ShapeTally(body.compactMap { $0.count > column ? lines.shape($0[$0.startIndex + column]) : nil }).typed(above: 1)
    }
    guard !shapes.contains(nil) else { return }
    let fits = { (line: Int) in zip(lines.fields(line), shapes).map { lines.shape($0) == $1 } }
    guard let names = (first..<middle).last(where: { !fits($0).contains(true) }), names > first else { return }
    if names - first > 2, lines.lines[names].effective == 1, lines.firstShape(names) == .word {
      // A title, and no names.
      first = names + 1
      return
    }
    guard lines.fields(names).count == width, holdsNames(lines, names), areDistinct(lines, names),
      (first..<names).allSatisfy({ !fits($0).contains(true) })
    else { return }
    let isText = lines.lines[first..<names].indices.allSatisfy { line in
      lines.fields(line).allSatisfy { !lines.shape($0).isTyped }
    }
    if names - first > 2 || !isText { first = names }
  }

  private func areDistinct(_ lines: SampleLines, _ line: Int) -> Bool {
    let fields = lines.fields(line)
    return Set(
      fields.map { field in lines.bytes.withSpan(field.start..<field.end) { cell in cell.indices.map { cell[$0] } } }
    ).count == fields.count
  }

  /// The next line that is as wide as the table and no prose.
  private func tableLine(_ lines: SampleLines, after line: Int) -> Int? {
    let end = lines.blocks[block].upperBound
    return (line + 1..<min(end, line + Self.most)).first {
      lines.lines[$0].width == width && lines.lines[$0].filled > 1 && !lines.readsAsProse($0)
        && !(columns.count > 3 && isPair(lines, $0))
    }
  }

  private func isHeader(_ lines: SampleLines, _ line: Int) -> Bool {
    let rows = lines.lines[line..<lines.blocks[block].upperBound].prefix(100).map(\.record)
    let detector = HeaderDetector(lines.index, records: rows, in: lines.bytes)
    return detector.finding() == .present || detector.depth() > 1
  }
}
