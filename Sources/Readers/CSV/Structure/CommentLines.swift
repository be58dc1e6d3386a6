// SPDX-License-Identifier: Apache-2.0

/// The lines of a sample that start with a comment prefix, where they are comments.
struct CommentLines {
  /// Where the comments above the table end.
  let end: Int
  /// Whether some stand among the rows, or the names of the columns are behind one.
  let areInside: Bool
  /// The line whose names stand behind a mark.
  var names: Range<Int>?

  /// nil where such a line is as wide as the table's, or where there is none.
  init?(_ prefix: [UInt8], _ lines: SampleLines, end: Int) {
    let marked = lines.lines.indices.filter {
      lines.bytes.starts(with: prefix, at: lines.lines[$0].start, end: end) && !lines.lines[$0].isEmpty
    }
    guard !marked.isEmpty else { return nil }
    let isMarked = Set(marked)
    let others = lines.lines.indices.filter { !lines.lines[$0].isEmpty && !isMarked.contains($0) }
    var tally = WidthTally()
    for line in others { tally.add(lines.lines[line].width) }
    let width = tally.common.width
    // The lines above the first that is no comment; the last of them may be the header behind a prefix.
    var above = marked.prefix { line in others.first.map { line < $0 } ?? true }[...]
    if width > 1,
      let names = lines.markedNames(
        above: above, inside: marked.dropFirst(above.count), width, rows: others)
    {
      self.names = lines.lines[names].start..<lines.lines[names + 1].start
      (self.end, areInside) = (lines.lines[names].start, true)
      return
    }
    if let last = above.last, width > 1, lines.lines[last].width == width { above = above.dropLast() }
    let inside = marked.dropFirst(above.count)
    let isOdd = { (line: Int) in width > 1 && lines.lines[line].width != width }
    let isComment = { (line: Int) in
      let after = lines.lines[line].start + prefix.count
      let isSpaced = after < end && lines.bytes[after] == 0x20
      return isOdd(line) || isSpaced && (width <= 1 || lines.readsAsProse(line))
    }
    // Several lines above the first row are none, whatever stands in them.
    guard width > 1 && above.count > 1 && inside.isEmpty || above.allSatisfy(isComment) else { return nil }
    // Among the rows one that is as wide is a row, unless it has text in each column of values: `# of rooms, 500` is one.
    let typed = Self.typedColumns(others.prefix(50), lines, width)
    areInside =
      width > 1 && !inside.isEmpty
      && inside.allSatisfy { line in
        guard !isOdd(line) else { return true }
        let cells = Array(lines.fields(line))
        return isComment(line) && !typed.isEmpty && typed.allSatisfy { !lines.shape(cells[$0]).isTyped }
      }
    guard areInside || !above.isEmpty else { return nil }
    self.end = above.last.flatMap { $0 + 1 < lines.lines.count ? lines.lines[$0 + 1].start : nil } ?? 0
  }

  /// The columns in which most of some lines have values.
  private static func typedColumns(_ some: ArraySlice<Int>, _ lines: SampleLines, _ width: Int) -> [Int] {
    let even = some.filter { lines.lines[$0].width == width }
    var counts = [Int](repeating: 0, count: width)
    for line in even {
      for (column, cell) in lines.fields(line).enumerated() where lines.shape(cell).isTyped { counts[column] += 1 }
    }
    return counts.indices.filter { counts[$0] * 3 >= even.count * 2 && !even.isEmpty }
  }
}
