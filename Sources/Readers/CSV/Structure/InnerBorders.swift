// SPDX-License-Identifier: Apache-2.0

import WorkerProtocol

/// Finds where another table starts within a block of lines, with no blank line above it.
///
/// Its first line is a header. Either nearly all lines from there on are of a width that none above has, or it is the header
/// that the block itself starts with. What stands above tells of a table, or is one whose first name is the same. Sections
/// with names such as `[Data]` are parted too.
struct InnerBorders {
  private let lines: SampleLines

  /// The records of a table that its header is judged by.
  private static let judged = 60
  /// The headers that stand again.
  private static let mostRepeats = 4

  /// The blocks that are looked at.
  private static let mostBlocks = 100

  init(_ lines: SampleLines) { self.lines = lines }

  /// Some blocks, parted where other tables start in them.
  func parting(_ blocks: [Range<Int>]) -> [Range<Int>] {
    var parted: [Range<Int>] = []
    for block in blocks.prefix(Self.mostBlocks) {
      var start = block.lowerBound
      for border in borders(in: block) {
        parted.append(start..<border)
        start = border
      }
      parted.append(start..<block.upperBound)
    }
    return parted + blocks.dropFirst(Self.mostBlocks)
  }

  private func borders(in block: Range<Int>) -> [Int] {
    guard block.count > 2 else { return [] }
    let sections = block.dropFirst().filter(isSection)
    if sections.count > (isSection(block.lowerBound) ? 0 : 1) { return sections }
    var borders: [Int] = []
    var start = block.lowerBound
    if let border = lastChange(in: block) {
      borders = repeats(in: start..<border) + [border]
      start = border
    }
    return borders + repeats(in: start..<block.upperBound)
  }

  /// Whether a line is the name of a section, such as `[Data]`.
  private func isSection(_ line: Int) -> Bool {
    let here = lines.lines[line]
    // Most lines start otherwise, and to take one apart again takes time.
    guard here.filled == 1, [UInt8(ascii: "["), CSVFormat.doubleQuote].contains(lines.bytes[here.start]),
      let cell = lines.fields(line).first, cell.length > 2
    else { return false }
    return lines.bytes[cell.start] == UInt8(ascii: "[") && lines.bytes[cell.end - 1] == UInt8(ascii: "]")
  }

  /// Where the lines at the end of a block, nearly all, start to be as wide as none above them, behind a header.
  private func lastChange(in block: Range<Int>) -> Int? {
    // Notes below the table are one cell each.
    guard let last = block.last(where: { lines.lines[$0].width > 1 }) else { return nil }
    let width = lines.lines[last].width
    guard let first = block.first(where: { lines.lines[$0].width == width }), first > block.lowerBound, first < last
    else { return nil }
    let table = first..<last + 1
    let odd = lines.lines[table].count { $0.width != width }
    guard odd * 20 <= table.count, isHeader(first, of: table) else { return nil }
    let above = block.lowerBound..<first
    return above.allSatisfy(tells) || standsApart(first, below: above, above: table) ? first : nil
  }

  /// Whether a line tells of a table: a title or a comment in one cell, or a key with its value.
  private func tells(_ line: Int) -> Bool {
    if lines.lines[line].width == 1 || lines.endsWithColon(line) { return true }
    return DialectCandidates.commentPrefixes.contains { prefix in
      lines.bytes.starts(with: prefix, at: lines.lines[line].start, end: lines.bytes.count)
    }
  }

  /// Whether a header cannot be one more of some rows: it starts like the header above them, whose first column holds
  /// values, as another one does below it.
  private func standsApart(_ header: Int, below rows: Range<Int>, above table: Range<Int>) -> Bool {
    let looked = rows.dropFirst().suffix(Self.judged)
    guard !looked.isEmpty, looked.count(where: { lines.firstShape($0).isTyped }) * 10 >= looked.count * 9,
      let name = lines.fields(header).first, let other = lines.fields(rows.lowerBound).first,
      lines.bytes.isEqual(name, other)
    else { return false }
    let detector = HeaderDetector(lines.index, records: Array(table.prefix(Self.judged)), in: lines.bytes)
    let below = table.dropFirst().prefix(Self.judged)
    let named = zip(0..., lines.fields(header)).count { column, name in
      detector.isLabel(name)
        && below.allSatisfy { line in
          lines.fields(line).dropFirst(column).first.map { $0.length == 0 || lines.shape($0).isTyped } ?? true
        }
    }
    return named > 1 && detector.isLabel(name)
  }

  /// The lines that are the header of a block once more, above further rows.
  private func repeats(in block: Range<Int>) -> [Int] {
    guard let header = block.first(where: { lines.lines[$0].filled > 1 }), header + 3 < block.upperBound else {
      return []
    }
    let names = Array(lines.fields(header))
    let repeats = (header + 2..<block.upperBound - 1).filter { isSame($0, as: header, names) }
    // More are rather printed on each page.
    guard let first = repeats.first, repeats.count <= Self.mostRepeats, isHeader(header, of: header..<first),
      standsApart(header, below: header..<first, above: header..<first)
    else { return [] }
    return zip(repeats, [header] + repeats).filter { $0 - $1 > 1 }.map(\.0)
  }

  /// Whether a line holds the cells of a header, quoted or not.
  private func isSame(_ line: Int, as header: Int, _ names: [FieldPlace]) -> Bool {
    let here = lines.lines[line]
    guard here.width == names.count, here.filled == lines.lines[header].filled, let name = names.first else {
      return false
    }
    // Most lines differ in the first cell, and to take one apart again takes time.
    let start = here.start + (lines.bytes[here.start] == CSVFormat.doubleQuote ? 1 : 0)
    guard start + Int(name.length) < lines.bytes.count,
      lines.bytes.isEqual(start, name.start, count: Int(name.length))
    else { return false }
    return zip(lines.fields(line), names).allSatisfy(lines.bytes.isEqual)
  }

  private func isHeader(_ line: Int, of table: Range<Int>) -> Bool {
    let names = lines.fields(line)
    guard names.count(where: { $0.length > 0 }) * 2 > names.count, let first = names.first,
      !lines.shape(first).isTyped
    else { return false }
    let detector = HeaderDetector(lines.index, records: Array(table.prefix(Self.judged)), in: lines.bytes)
    return detector.finding() == .present || detector.depth() > 1
  }
}
