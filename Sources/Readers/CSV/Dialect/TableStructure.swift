// SPDX-License-Identifier: Apache-2.0

import WorkerProtocol

/// Where the table lies in a text: what stands above and below it, and how many records name its columns.
///
/// A value that is lost from the table is worse than a note that is read as a row, so lines are set aside only where
/// several things speak for it. A ragged table is one table.
struct TableStructure {
  /// Something below the table.
  struct Part {
    let kind: SetAsideLine.Part
    let range: Range<Int>
  }

  /// Where the table starts and ends.
  private(set) var start: Int
  private(set) var end: Int
  private(set) var header = Dialect.HeaderFinding.assumed
  private(set) var headerDepth = 1
  /// The columns that the table has at least.
  private(set) var columns = 1
  /// What lines of comment start with, and whether some stand within the table.
  private(set) var comment: [UInt8]?
  private(set) var hasInnerComments = false
  private(set) var parts: [Part] = []
  /// Whether the end was found by looking at the end of a long text alone.
  private(set) var endIsGuessed = false

  /// Looks at the start of a text, and where it is long at its end.
  init(
    _ detector: DialectDetector, format: CSVFormat, comment prefix: [UInt8]?, in bytes: MappedBytes, text: Range<Int>,
    options: DialectOptions, looksAtTail: Bool = true
  ) {
    start = text.lowerBound
    end = text.upperBound
    var format = format
    format.comment = nil
    var lines = SampleLines(detector.sample(format).index, delimiter: format.delimiter, in: bytes)
    if let prefix {
      let found = CommentLines(prefix, lines, end: text.upperBound)
      hasInnerComments = options.comment != nil || found?.areInside ?? false
      if found != nil || options.comment != nil { comment = prefix }
      if hasInnerComments {
        format.comment = prefix
        lines = SampleLines(detector.sample(format).index, delimiter: format.delimiter, in: bytes)
      } else if let found {
        start = max(start, found.end)
      }
    }
    if let rows = options.headerRows {
      header = rows == 0 ? .absent : .present
      headerDepth = Int(rows)
    }
    guard !lines.blocks.isEmpty else { return }
    let top =
      options.skipRows == nil
      ? TableTop(lines, from: start)
      : TableTop(rowsOf: lines, width: lines.commonWidth(0..<lines.lines.count).width)
    find(lines, top, format, isWhole: detector.seesAll, isNamed: options.headerRows != nil, looksAtTail)
  }

  private mutating func find(
    _ lines: SampleLines, _ top: TableTop, _ format: CSVFormat, isWhole: Bool, isNamed: Bool,
    _ looksAtTail: Bool
  ) {
    let width = top.width
    // Comments within the table are passed over, so those above it are not among the lines.
    if top.hasPreamble || hasInnerComments { start = lines.lines[top.first].start }
    var last = lines.lines.count
    if width > 1 {
      let bottom = TableBottom(lines, top, isWhole: isWhole)
      parts = bottom.parts(end: end)
      last = bottom.end
      if parts.isEmpty, !isWhole, looksAtTail {
        parts = Self.tail(lines, format, top, end: end)
        endIsGuessed = !parts.isEmpty
      }
      if let first = parts.first { end = first.range.lowerBound }
    }
    name(lines, top, last, isNamed: isNamed)
  }

  private mutating func name(_ lines: SampleLines, _ top: TableTop, _ last: Int, isNamed: Bool) {
    let rows = lines.lines[top.first..<max(top.first, last)].filter { !$0.isEmpty }
    let detector = HeaderDetector(lines.index, records: rows.map(\.record), in: lines.bytes)
    if !isNamed {
      headerDepth = detector.depth()
      header = headerDepth > 1 ? .present : detector.finding()
    }
    let names = rows.prefix(headerDepth).reduce(1) { max($0, $1.width) }
    let (common, share) = lines.commonWidth(top.first..<max(top.first, last))
    columns = header == .absent ? common : share > 0.5 ? max(names, common) : names
  }

  /// The bytes at the end of a long text that are looked at.
  private static let tailBytes = 64 << 10

  /// What stands below a table whose end the sample does not reach.
  private static func tail(_ head: SampleLines, _ format: CSVFormat, _ top: TableTop, end: Int) -> [Part] {
    guard let lineFeed = head.bytes.firstIndex(of: 0x0A, in: max(0, end - tailBytes)..<end), lineFeed + 1 < end else {
      return []
    }
    var scanner = CSVScanner(head.bytes, range: lineFeed + 1..<end, format: format, caps: .none)
    var index = FieldIndex()
    do { try scanner.scan(until: end, into: &index) } catch { return [] }
    let lines = SampleLines(index, delimiter: format.delimiter, in: head.bytes)
    let (width, share) = lines.commonWidth(0..<lines.lines.count)
    // A tail that starts inside of a quoted cell looks different, and is left alone.
    guard width == top.width, share > 0.8, let first = lines.blocks.first, first.count > 1 else { return [] }
    let bottom = TableBottom(lines, TableTop(rowsOf: lines, width: width), isWhole: true)
    return bottom.parts(end: end)
  }
}

/// The lines of a sample that start with a comment prefix, where they are comments.
private struct CommentLines {
  /// Where the comments above the table end.
  let end: Int
  /// Whether some stand among the rows.
  let areInside: Bool

  /// nil where such a line is as wide as the table's, or where there is none.
  init?(_ prefix: [UInt8], _ lines: SampleLines, end: Int) {
    let marked = lines.lines.indices.filter {
      lines.bytes.starts(with: prefix, at: lines.lines[$0].start, end: end) && !lines.lines[$0].isEmpty
    }
    guard !marked.isEmpty else { return nil }
    let isMarked = Set(marked)
    let others = lines.lines.indices.filter { !lines.lines[$0].isEmpty && !isMarked.contains($0) }
    var counts: [Int: Int] = [:]
    for line in others { counts[lines.lines[line].width, default: 0] += 1 }
    let width = counts.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key ?? 1
    // The lines above the first that is no comment; the last of them may be the header behind a prefix.
    var above = marked.prefix { line in others.first.map { line < $0 } ?? true }[...]
    if let last = above.last, width > 1, lines.lines[last].width == width { above = above.dropLast() }
    let inside = marked.dropFirst(above.count)
    let isComment = { (line: Int) in
      let after = lines.lines[line].start + prefix.count
      let isSpaced = after < end && lines.bytes[after] == 0x20
      return width > 1 ? lines.lines[line].width != width || isSpaced && lines.readsAsProse(line) : isSpaced
    }
    guard above.allSatisfy(isComment) else { return nil }
    areInside = width > 1 && !inside.isEmpty && inside.allSatisfy(isComment)
    guard areInside || !above.isEmpty else { return nil }
    self.end = above.last.flatMap { $0 + 1 < lines.lines.count ? lines.lines[$0 + 1].start : nil } ?? 0
  }
}
