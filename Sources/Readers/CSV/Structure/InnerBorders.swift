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

  /// Where the lines at the end of a block, nearly all, start to be as wide as none above them, behind a header.
  private func lastChange(in block: Range<Int>) -> Int? {
    // Notes below the table are one cell each.
    guard let last = block.last(where: { lines.lines[$0].width > 1 }) else { return nil }
    let width = lines.lines[last].width
    guard let first = block.first(where: { lines.lines[$0].width == width }), first > block.lowerBound, first < last
    else { return nil }
    let table = first..<last + 1
    let odd = lines.lines[table].count { $0.width != width }
    return odd * 20 <= table.count && isHeader(first, of: table) ? first : nil
  }

  /// The lines that are the header of a block once more, above further rows.
  private func repeats(in block: Range<Int>) -> [Int] {
    guard let header = block.first(where: { lines.lines[$0].filled > 1 }), header + 3 < block.upperBound else {
      return []
    }
    let repeats = (header + 2..<block.upperBound - 1).filter { isSame($0, as: header) }
    guard let first = repeats.first, isHeader(header, of: header..<first) else { return [] }
    return zip(repeats, [header] + repeats).filter { $0 - $1 > 1 }.map(\.0)
  }

  /// Whether two lines hold the same cells, quoted or not.
  private func isSame(_ line: Int, as header: Int) -> Bool {
    let (here, other) = (lines.lines[line], lines.lines[header])
    guard here.width == other.width, here.filled == other.filled else { return false }
    // Most lines differ in the first byte.
    guard firstByte(here) == firstByte(other) else { return false }
    return zip(lines.fields(line), lines.fields(header)).allSatisfy {
      $0.length == $1.length && lines.bytes.isEqual($0.start, $1.start, count: Int($0.length))
    }
  }

  private func firstByte(_ line: SampleLine) -> UInt8 {
    let first = lines.bytes[line.start]
    return first == CSVFormat.doubleQuote ? lines.bytes[line.start + 1] : first
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
