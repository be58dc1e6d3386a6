// SPDX-License-Identifier: Apache-2.0

import WorkerProtocol

/// Where the table lies in a text: what stands above and below it, and how many records name its columns.
///
/// A value that is lost from the table is worse than a note that is read as a row, so lines are set aside only where
/// several things speak for it. A ragged table is one table.
struct TableStructure {
  /// Where the table starts and ends.
  private(set) var start: Int
  private(set) var end: Int
  private(set) var header = Dialect.HeaderFinding.assumed
  private(set) var headerDepth = 1
  private(set) var headerStart = HeaderStart.name
  /// Where the line of names behind a mark ends, for who says that there are none.
  private(set) var startBelowMark: Int?
  private var markedNames: Range<Int>?
  /// The cells of the header and of most records, where they are not as many.
  private(set) var unevenHeader: (cells: Int, common: Int)?
  /// The columns that the table has at least.
  private(set) var columns = 1
  /// What lines of comment start with, and whether some stand within the table.
  private(set) var comment: [UInt8]?
  private(set) var hasInnerComments = false
  /// How lines end, as far as the sample reaches.
  let lineEnds: CSVScanner.LineEnds
  /// Where further tables start below it, as far as the sample reaches.
  private(set) var furtherTables: [Int] = []
  /// Whether the end was found by looking at the end of a long text alone.
  private(set) var endIsGuessed = false
  /// What tells another table below, and where the sample says no more of it; nil where all was seen.
  private(set) var border: (TableBorder, from: Int)?

  /// What is looked for below a table.
  struct Search {
    /// The further tables that are told apart.
    var furtherTables = Dialect.mostTables - 1
    /// Whether the end of a long text is looked at.
    var looksAtTail = true
    /// Whether lines of delimiters alone at the end of a text are rows, as a schema or strict reading takes them.
    var keepsPadding = false
  }

  /// Looks at the start of a text, and where it is long at its end.
  init(
    _ detector: DialectDetector, format: CSVFormat, comment prefix: [UInt8]?, in bytes: MappedBytes, text: Range<Int>,
    options: DialectOptions, _ search: Search
  ) {
    start = text.lowerBound
    end = text.upperBound
    var format = format
    format.comment = nil
    var lines = detector.lines(format)
    lineEnds = lines.lineEnds
    if let prefix {
      let found = CommentLines(prefix, lines, end: text.upperBound)
      hasInnerComments = options.comment != nil || found?.areInside ?? false
      markedNames = options.headerRows == nil && options.skipRows == nil ? found?.names : nil
      if found != nil || options.comment != nil { comment = prefix }
      if hasInnerComments {
        format.comment = prefix
        lines = detector.lines(format)
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
    find(lines, top, format, isWhole: detector.seesAll, isNamed: options.headerRows != nil, search)
  }

  private mutating func find(
    _ lines: SampleLines, _ top: TableTop, _ format: CSVFormat, isWhole: Bool, isNamed: Bool,
    _ search: Search
  ) {
    let width = top.width
    // Comments within the table are passed over, so those above it are not among the lines.
    if top.hasPreamble || hasInnerComments { start = lines.lines[top.first].start }
    var last = lines.lines.count
    if width > 1 {
      let bottom = TableBottom(lines, top, search, isWhole: isWhole)
      last = bottom.end
      furtherTables = bottom.furtherTables.map { lines.lines[$0].start }
      if !isWhole, furtherTables.isEmpty, search.furtherTables > 0 { setBorder(lines, top) }
      if last < lines.lines.count {
        end = lines.lines[last].start
      } else if !isWhole, search.looksAtTail {
        guessEnd(lines, format, top, search)
      }
    }
    name(lines, top, last, isNamed: isNamed)
  }

  /// The last block of the sample is cut, so whether it is another table is left open.
  private mutating func setBorder(_ lines: SampleLines, _ top: TableTop) {
    guard let block = lines.blocks.last else { return }
    let rows = top.first..<lines.blocks[top.block].upperBound
    let cut = block.lowerBound > top.first ? block.lowerBound : block.upperBound - 1
    border = (
      TableBorder(below: TableBorder.Table(lines: rows, width: top.width), of: lines), from: lines.lines[cut].start
    )
  }

  private mutating func name(_ lines: SampleLines, _ top: TableTop, _ last: Int, isNamed: Bool) {
    let table = top.first..<max(top.first, last)
    let most = max(HeaderDetector.mostRecords, headerDepth)
    let rows = Array(table.lazy.filter { !lines.lines[$0].isEmpty }.prefix(most))
    let detector = HeaderDetector(lines.index, records: rows, in: lines.bytes)
    let (common, share) = lines.commonWidth(table)
    if let markedNames, rows.first == lines.blocks.first?.lowerBound {
      (start, startBelowMark) = (markedNames.lowerBound, markedNames.upperBound)
      (header, headerStart, columns) = (.present, .mark, common)
      return
    }
    let isRule = { (line: Int) in lines.bytes.areRule(lines.fields(line), lines.format) }
    if !isNamed, rows.count > 1, isRule(rows[1]), !(rows.count > 2 && isRule(rows[2])),
      lines.fields(rows[0]).allSatisfy({ !lines.shape($0).isTyped })
    {
      // What stands above a rule names the columns, and the rule is counted with it.
      (headerDepth, header) = (2, .present)
    } else if !isNamed {
      headerDepth = detector.depth()
      header = headerDepth > 1 ? .present : detector.finding()
      if header == .assumed, rows.count > 1, detector.holdsUsualName { header = .present }
    }
    if !isNamed, headerDepth > 1, rows.count >= headerDepth {
      // Lines of delimiters alone are records too.
      headerDepth += lines.lines[rows[0]..<rows[headerDepth - 1]].count { $0.isEmpty && $0.width > 1 }
    }
    let names = rows.prefix(headerDepth).reduce(1) { max($0, lines.lines[$1].width) }
    if header != .absent, names != common, share > 0.5 { unevenHeader = (names, common) }
    columns = header == .absent ? common : share > 0.5 ? max(names, common) : names
    if header != .absent, headerDepth == 1, names == common - 1, let first = rows.first {
      let areUnnamed = RowNames(sample: lines.index, bytes: lines.bytes).areUnnamed(
        by: first, rows: rows.dropFirst(), delimiter: lines.format.delimiter.first)
      if areUnnamed { headerStart = .secondName }
    }
  }

  /// The bytes at the end of a long text that are looked at.
  private static let tailBytes = 64 << 10

  /// Finds what stands below a table whose end the sample does not reach.
  private mutating func guessEnd(_ head: SampleLines, _ format: CSVFormat, _ top: TableTop, _ search: Search) {
    let tail = max(start, end - Self.tailBytes)..<end
    let lineEnd =
      head.bytes.firstIndex(of: CSVScanner.lineFeed, in: tail)
      ?? head.bytes.firstIndex(of: CSVScanner.carriageReturn, in: tail)
    guard let lineEnd, lineEnd + 1 < end else { return }
    let lines = SampleLines(head.bytes, range: lineEnd + 1..<end, format: format, isCut: false)
    let (width, share) = lines.commonWidth(0..<lines.lines.count)
    // A tail that starts inside of a quoted cell looks different, and is left alone.
    guard width == top.width, share > 0.8, let first = lines.blocks.first, first.count > 1 else { return }
    let bottom = TableBottom(lines, TableTop(rowsOf: lines, width: width), search, isWhole: true)
    guard bottom.end < lines.lines.count else { return }
    end = lines.lines[bottom.end].start
    furtherTables = bottom.furtherTables.map { lines.lines[$0].start }
    endIsGuessed = true
  }
}
