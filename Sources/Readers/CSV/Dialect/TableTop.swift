// SPDX-License-Identifier: Apache-2.0

import WorkerProtocol

/// Where a table starts in a sample: behind titles, notes and `key: value` lines.
struct TableTop {
  /// The first line of the table, and the block in which it stands.
  private(set) var first: Int
  private(set) var block: Int
  /// The most common number of cells of its records.
  let width: Int
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
    climb(lines, to: opening)
    descend(lines)
    let opened = max(blocks[opening].lowerBound, lines.lines.firstIndex { $0.start >= start } ?? 0)
    if first - opened > Self.most {
      first = opened
      block = opening
    }
    hasPreamble = lines.lines[..<first].contains { !$0.isEmpty }
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
    guard let first = tables.first else {
      return lines.blocks.indices.dropFirst(opening).first { lines.lines[lines.blocks[$0]].contains { $0.filled > 1 } }
        ?? opening
    }
    guard let second = tables.dropFirst().first else { return first }
    let (pairs, wide) = (lines.blocks[first], lines.blocks[second])
    let isPreamble =
      lines.commonWidth(pairs).width == 2 && pairs.count <= 10 && lines.commonWidth(wide).width > 3
      && wide.count > pairs.count && !Self.isTable(lines, pairs)
    return isPreamble ? second : first
  }

  /// Whether pairs are a table of two columns: names above values, and no colons behind keys.
  private static func isTable(_ lines: SampleLines, _ pairs: Range<Int>) -> Bool {
    let records = lines.lines[pairs].map(\.record)
    return HeaderDetector(lines.index, records: records, in: lines.bytes).finding() == .present
      && !pairs.allSatisfy { endsWithColon(lines, $0) }
  }

  /// Takes in a header that a blank line parts from the rows.
  private mutating func climb(_ lines: SampleLines, to opening: Int) {
    while block > opening {
      let above = lines.blocks[block - 1]
      let last = lines.lines[above.upperBound - 1]
      guard last.filled > 1, last.effective * 2 > width, !lines.readsAsProse(above.upperBound - 1) else { return }
      block -= 1
      let wide = lines.lines[above].reversed().prefix { $0.filled > 1 && $0.effective * 2 > width }
      first = above.upperBound - wide.count
      if wide.count < above.count { return }
    }
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
    let shape = lines.firstShape(line)
    guard shape != .number, shape != .empty else { return false }
    guard let header = tableLine(lines, after: line) else { return false }
    if here.effective == 1 { return here.width == 1 || width > 2 }
    if here.filled == 2, here.effective == 2, width > 3, Self.endsWithColon(lines, line) { return true }
    guard here.width < width && here.effective * 2 <= width || lines.readsAsProse(line) else { return false }
    if let judged, judged.line == header { return judged.isHeader }
    let isHeader = isHeader(lines, header)
    judged = (header, isHeader)
    return isHeader
  }

  /// The next line that is as wide as the table and no prose.
  private func tableLine(_ lines: SampleLines, after line: Int) -> Int? {
    let end = lines.blocks[block].upperBound
    return (line + 1..<min(end, line + 20)).first {
      lines.lines[$0].width == width && lines.lines[$0].filled > 1 && !lines.readsAsProse($0)
    }
  }

  private static func endsWithColon(_ lines: SampleLines, _ line: Int) -> Bool {
    guard let field = lines.fields(line).first, field.length > 0 else { return false }
    return lines.bytes[field.end - 1] == UInt8(ascii: ":")
  }

  private func isHeader(_ lines: SampleLines, _ line: Int) -> Bool {
    let rows = lines.lines[line..<lines.blocks[block].upperBound].prefix(100).map(\.record)
    return HeaderDetector(lines.index, records: rows, in: lines.bytes).finding() == .present
  }
}
