// SPDX-License-Identifier: Apache-2.0

import WorkerProtocol

/// Tells the start of another table from more rows of the one above.
///
/// Another table stands behind a blank line, is even, has a header of its own, and is of another width or has names
/// above columns of values. What a look at the start of a text asks of its blocks, a pass asks of those far below.
struct TableBorder: Sendable {
  private let format: CSVFormat
  private let width: Int
  /// The share of rows that have the width; where it is small, nothing can be told from them.
  private let share: Double
  private let traits: RowTraits
  private let header: [FieldPlace]

  /// The columns, the rows and the cells that are looked at.
  private static let looked = (columns: 256, rows: 100, cells: 2_000)
  /// The text behind a blank line that is looked at.
  private static let window = 64 << 10

  /// Lines that are another table.
  struct Table {
    let lines: Range<Int>
    let width: Int
    /// Whether another delimiter parts its cells, so that only its own look tells more.
    var hasOtherDelimiter = false
  }

  /// - Parameter table: the table above, from its header on.
  init(below table: Table, of lines: SampleLines) {
    format = lines.format
    width = table.width
    share = table.hasOtherDelimiter ? 1 : lines.commonWidth(table.lines).share
    header = Array(lines.fields(table.lines.lowerBound))
    let rows = table.hasOtherDelimiter ? 0..<0 : table.lines.dropFirst().prefix(Self.rows(of: width))
    traits = RowTraits(rows, of: lines, most: min(width, Self.looked.columns))
  }

  private static func rows(of width: Int) -> Int { min(looked.rows, max(20, looked.cells / max(1, width))) }

  // MARK: Blocks of a sample

  /// The lines of another table in a block that stands behind a blank line; nil where it is none.
  func table(in block: Range<Int>, of lines: SampleLines) -> Table? {
    guard share > 0.7 else { return nil }
    if hasOtherDelimiter(block, of: lines) { return Table(lines: block, width: 1, hasOtherDelimiter: true) }
    let titles = lines.lines[block].prefix { $0.effective <= 1 }.count
    let body = block.lowerBound + titles..<block.upperBound
    guard body.count > 1 else { return nil }
    let (width, share) = lines.commonWidth(body)
    guard width > 1, share > 0.7, lines.lines[body.lowerBound].width == width else { return nil }
    let names = lines.fields(body.lowerBound)
    let areTexts = names.allSatisfy { !lines.shape($0).isTyped }
    if width == self.width {
      guard areTexts, share > 0.9 else { return nil }
      return isHeader(names, in: lines.bytes) || areNames(names, in: lines.bytes)
        ? Table(lines: body, width: width) : nil
    }
    guard names.count(where: { !$0.isAbsent }) * 2 > names.count else { return nil }
    if share > 0.9, areTexts, body.count > 2 { return Table(lines: body, width: width) }
    // Where rows are ragged the names must stand above values in the first column.
    guard isNamed(body, of: lines), share > 0.9 || areTexts && lines.firstShape(body.lowerBound + 1).isTyped else {
      return nil
    }
    return Table(lines: body, width: width)
  }

  private func isNamed(_ body: Range<Int>, of lines: SampleLines) -> Bool {
    HeaderDetector(lines.index, records: Array(body.prefix(100)), in: lines.bytes).finding() == .present
  }

  /// Whether cells are those of the header of the table above.
  private func isHeader(_ names: ArraySlice<FieldPlace>, in bytes: MappedBytes) -> Bool {
    names.count == header.count
      && zip(names, header).allSatisfy(bytes.isEqual)
  }

  /// Whether a text stands in every column of values.
  private func areNames(_ names: ArraySlice<FieldPlace>, in bytes: MappedBytes) -> Bool {
    let typed = traits.traits(in: bytes).typed
    return !typed.isEmpty && typed.allSatisfy { $0 < names.count && !names[names.startIndex + $0].isAbsent }
  }

  /// Whether the lines of a block, of which the first is one cell, are a table with another delimiter and a header.
  private func hasOtherDelimiter(_ block: Range<Int>, of lines: SampleLines) -> Bool {
    guard block.count > 2, lines.lines[block.lowerBound].width == 1 else { return false }
    let start = lines.lines[block.lowerBound].start
    let last = lines.fields(block.upperBound - 1).last
    let range = start..<max(start, last?.end(with: format.quote, in: lines.bytes) ?? start)
    let firstLine = start..<lines.lines[block.lowerBound + 1].start
    return DialectScore.common.contains { delimiter in
      guard delimiter != format.delimiter.first, lines.bytes.firstIndex(of: delimiter, in: firstLine) != nil else {
        return false
      }
      let other = SampleLines(lines.bytes, range: range, format: CSVFormat(delimiter: delimiter), isCut: false)
      guard other.blocks == [0..<other.lines.count], let first = other.lines.first else { return false }
      let (width, share) = other.commonWidth(0..<other.lines.count)
      guard width > 1, share > 0.9, first.width == width,
        other.fields(0).allSatisfy({ !$0.isAbsent && !other.shape($0).isTyped })
      else { return false }
      let rows = Array(other.lines.indices.prefix(100))
      return HeaderDetector(other.index, records: rows, in: lines.bytes).finding() == .present
    }
  }

  // MARK: Blank lines of a pass

  /// Whether another table, or a title that stands alone above one, starts at an offset behind a blank line.
  ///
  /// The answer follows from the text there alone, whoever asks.
  func isCrossed(at offset: Int, end: Int, in bytes: MappedBytes, _ index: inout FieldIndex) -> Bool {
    let stop = min(end, offset + Self.window)
    var scanner = CSVScanner(bytes, range: offset..<stop, format: format, caps: .none)
    index.removeAll()
    guard let first = scanner.nextRecord(into: &index), mayStart(first, index, in: bytes) else { return false }
    var (isInBlock, linesOfFirst, ended) = (true, 1, 0)
    // The block, and the next one where it is a title.
    while index.recordCount < Self.looked.rows, let record = scanner.nextRecord(into: &index) {
      let isEmpty = SampleLine(record, of: index, in: bytes).isEmpty
      if isEmpty, isInBlock { ended += 1 }
      isInBlock = !isEmpty
      if ended == 0 { linesOfFirst += 1 }
      if ended == 2 || ended == 1 && linesOfFirst > 2 { break }
    }
    if scanner.isAtEnd, stop < end { index.removeLastRecord() }
    let lines = SampleLines(index, format: format, in: bytes)
    guard let block = lines.blocks.first else { return false }
    if table(in: block, of: lines) != nil { return true }
    return lines.isTitle(block) && lines.blocks.count > 1 && table(in: lines.blocks[1], of: lines) != nil
  }

  /// Whether a record may be a title or the header of another table, by a look at it alone.
  private func mayStart(_ record: Int, _ index: FieldIndex, in bytes: MappedBytes) -> Bool {
    let fields = index.fields[index.fields(of: record)]
    guard fields.count > 1 else { return !index.isBlank(record, in: bytes) }
    let effective = fields.lastIndex { $0.length > 0 }.map { $0 - fields.startIndex + 1 } ?? 0
    guard effective > 1 else { return effective == 1 }
    if fields.count == width, isHeader(fields, in: bytes) { return true }
    if fields.count == width { return areTexts(fields, in: bytes) && areNames(fields, in: bytes) }
    return fields.first.map { !ValueShape(of: $0, in: bytes).isTyped } ?? false
  }

  private func areTexts(_ fields: ArraySlice<FieldPlace>, in bytes: MappedBytes) -> Bool {
    fields.allSatisfy { !ValueShape(of: $0, in: bytes).isTyped }
  }
}

extension CSVScanner {
  /// Appends the next record to an index, and gives its number there; nil at the end.
  mutating func nextRecord(into index: inout FieldIndex) -> Int? {
    let before = index.recordCount
    while !isAtEnd, index.recordCount == before {
      do { try scan(until: position + 1, into: &index) } catch { return nil }
    }
    return index.recordCount > before ? before : nil
  }
}
