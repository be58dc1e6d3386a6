// SPDX-License-Identifier: Apache-2.0

import WorkerProtocol

/// Finds where another table starts within a block of lines, with no blank line above it.
///
/// Its first line is a header. Either all lines from there on are of one width, which none above has, or it is the header
/// that the block itself starts with.
struct InnerBorders {
  private let lines: SampleLines

  /// The records of a table that its header is judged by.
  private static let judged = 60

  init(_ lines: SampleLines) { self.lines = lines }

  /// Some blocks, parted where other tables start in them.
  func parting(_ blocks: [Range<Int>]) -> [Range<Int>] {
    var parted: [Range<Int>] = []
    for block in blocks {
      var start = block.lowerBound
      for border in borders(in: block) {
        parted.append(start..<border)
        start = border
      }
      parted.append(start..<block.upperBound)
    }
    return parted
  }

  private func borders(in block: Range<Int>) -> [Int] {
    guard block.count > 2 else { return [] }
    var borders: [Int] = []
    var start = block.lowerBound
    if let border = lastChange(in: block) {
      borders = repeats(in: start..<border) + [border]
      start = border
    }
    return borders + repeats(in: start..<block.upperBound)
  }

  /// Where the lines at the end of a block start to be as wide as none above them, behind a header.
  private func lastChange(in block: Range<Int>) -> Int? {
    // Notes below the table are one cell each.
    guard let last = block.last(where: { lines.lines[$0].width > 1 }) else { return nil }
    let width = lines.lines[last].width
    guard let above = lines.lines[block.lowerBound..<last].lastIndex(where: { $0.width != width }) else { return nil }
    let first = above + 1
    guard first < last, !lines.lines[block.lowerBound..<above].contains(where: { $0.width == width }),
      isHeader(first, of: first..<last + 1)
    else { return nil }
    return first
  }

  /// The lines that are the header of a block once more, above further rows.
  private func repeats(in block: Range<Int>) -> [Int] {
    guard let header = block.first(where: { lines.lines[$0].filled > 1 }), header + 3 < block.upperBound else {
      return []
    }
    let length = lines.lines[header + 1].start - lines.lines[header].start
    let repeats = (header + 2..<block.upperBound - 1).filter { line in
      let here = lines.lines[line]
      return here.filled > 1 && lines.lines[line + 1].start - here.start == length
        && lines.bytes.isEqual(here.start, lines.lines[header].start, count: length)
    }
    guard let first = repeats.first, isHeader(header, of: header..<first) else { return [] }
    return zip(repeats, [header] + repeats).filter { $0 - $1 > 1 }.map(\.0)
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
