// SPDX-License-Identifier: Apache-2.0

import IngestTables
import Validation

/// Reads the records of one block of the input into columns, on one thread.
///
/// Records of the table's own width with quotes where they belong are found by the scan and converted a column at a
/// time; every other record is taken apart by `CSVScanner`, byte by byte. Both give the same cells.
struct BlockReader {
  /// What is read byte by byte where a record is irregular, at the least and at the most, before the scan is tried again.
  private static let patience = 1...(1 << 20)

  private let source: CSVSource
  private let plan: PassPlan
  private let longestPiece: Int
  /// The input that is indexed at a time.
  private let pieceBytes: Int
  private var index: RecordIndex
  private var fields = FieldIndex()
  private var probe = FieldIndex()
  private var scratch = ColumnSink.Scratch()
  private var others: [UInt32] = []
  private(set) var columns: [ColumnTask]
  private(set) var extra: ListBuilder?
  private(set) var tally = RecordTally()
  private(set) var rejects: RejectList
  private let judge: RecordJudge?
  /// The columns that are converted before it is known which records are rejected.
  private let judged: [Int]
  private let unjudged: [Int]
  /// The rows that the columns hold.
  private(set) var rows = 0
  /// Where another table starts, which no row of this one follows.
  private(set) var tableEnd: Int?
  /// The bits that a row takes at least, and those that a whole table may.
  private let bitsPerRow: UInt64
  private let mostBits: UInt64

  init(_ source: CSVSource, _ plan: PassPlan, outputLimit: UInt64, pieceBytes: Int) {
    self.source = source
    self.plan = plan
    columns = plan.tasks
    extra = plan.surplus == .listed || plan.surplus == .allListed ? ListBuilder() : nil
    index = RecordIndex(source.structure, columns: max(1, plan.columnCount))
    self.pieceBytes = Self.pieceBytes(pieceBytes, columns: plan.columnCount)
    longestPiece = source.longestScannedRecord
    judge = plan.judge
    rejects = RejectList(atMost: source.mostRejects)
    judged = plan.judge?.cells.map(\.column) ?? []
    unjudged = Array(Set(plan.tasks.indices).subtracting(judged).sorted())
    bitsPerRow = plan.fields.reduce(0) { $0 + $1.type.bitsPerRow }
    mostBits = outputLimit.multipliedReportingOverflow(by: 8).overflow ? .max : outputLimit * 8
  }

  /// Forgets what was read, for a block.
  mutating func start(block: Int) {
    tally = RecordTally()
    rejects.removeAll()
    tableEnd = nil
    for column in columns.indices { columns[column].start(block: block) }
    removeRows()
  }

  /// Forgets the rows, for the next batch of the same block.
  mutating func removeRows() {
    rows = 0
    for column in columns.indices { columns[column].removeRows() }
    extra?.removeAll()
  }

  /// Whether a cell or a record does not fit what was planned.
  var isContradicted: Bool {
    columns.contains { $0.isContradicted } || needsExtra
  }

  /// The columns with a cell of another type.
  var contradictedColumns: Set<Int> { Set(columns.indices.filter { columns[$0].isContradicted }) }

  /// Whether surplus cells were met that nothing was planned for.
  var needsExtra: Bool { tally.hasExtra && plan.surplus == .contradicts }

  /// Reads the records that start from `start` on and before `end`.
  ///
  /// - Parameter flush: empties the columns; called where a batch has no room for more.
  /// - Returns: where the next block's first record starts.
  /// - Throws: a `Rejection`.
  mutating func read(from start: Int, to end: Int, flush: (inout BlockReader) throws -> Void) throws -> Int {
    var position = start
    var piece = pieceBytes
    var slowly = Self.patience.lowerBound
    var scanner: CSVScanner?
    while position < end, tableEnd == nil {
      if rows >= Self.mostRows { try flush(&self) }
      if piece <= longestPiece {
        let stop = min(position + piece, source.range.upperBound)
        let answer = index.scan(source.bytes, from: position, to: stop, limit: end)
        try appendScanned(answer)
        position += answer.bytes
        slowly =
          answer.bytes > pieceBytes / 8 ? Self.patience.lowerBound : min(slowly * 2, Self.patience.upperBound)
        if answer.stop == .incomplete, stop < source.range.upperBound {
          // A record longer than the piece.
          if answer.records == 0 { piece *= 2 }
          continue
        }
        guard position < end, position < source.range.upperBound else { break }
      }
      piece = pieceBytes
      position = try readSlowly(from: position, to: min(end, position + slowly), &scanner)
      if longestPiece < pieceBytes { slowly = pieceBytes }
    }
    if let scanner { tally.add(scanner) }
    return max(position, start)
  }

  /// A batch that has as many rows is written: one piece more could be too much for it.
  private static let mostRows = Int(ArrowLayout.maximumRows) - (4 << 20)

  /// Wide tables get longer pieces, so that a column has enough cells in each.
  private static func pieceBytes(_ least: Int, columns: Int) -> Int {
    var bytes = least
    while bytes < 1 << 20, columns * 1024 > bytes { bytes *= 2 }
    return bytes
  }

  private mutating func appendScanned(_ answer: RecordIndex.Answer) throws(Rejection) {
    tally.lineEnds.formUnion(answer.lineEnds)
    if answer.comments > 0 { tally.comments.add(answer.comments, at: answer.firstComment) }
    guard answer.records > 0 else { return }
    try checkRoom(for: answer.records)
    convert(judged)
    removeRejects()
    convert(unjudged)
    appendLists(index.records)
    rows += index.records
    tally.rows += UInt64(index.records)
    tally.hasQuotes = tally.hasQuotes || answer.hasQuotes
  }

  /// Appends the lists of regular records, which have no surplus cells.
  private mutating func appendLists(_ records: Int) {
    guard var list = extra else { return }
    extra = nil
    if plan.surplus == .allListed {
      list.append(&index, source.bytes)
    } else {
      for _ in 0..<records { list.append([], source.bytes, keepsAbsent: true) }
    }
    extra = list
  }

  private mutating func convert(_ columns: [Int]) {
    for column in columns {
      self.columns[column].append(column, of: index, source.bytes, &scratch, &others, after: rows)
    }
  }

  /// Takes the records that are in no row out of the index, and converts what was judged of the others again.
  private mutating func removeRejects() {
    guard let judge, !judged.isEmpty else { return }
    var wrong = Set(judged.flatMap { columns[$0].sink?.wrongRows ?? [] }.map { $0 - rows })
    for cell in judge.cells where cell.isThorough {
      for row in 0..<index.records
      where cell.fault(of: index.field(row, cell.column, in: source.bytes), source.bytes) != nil {
        wrong.insert(row)
      }
    }
    guard !wrong.isEmpty else { return }
    let removed = wrong.sorted()
    for row in removed {
      let fields = (0..<plan.columnCount).map { index.field(row, $0, in: source.bytes) }
      _ = reject(fields[...], from: index.start(of: row))
    }
    index.remove(removed)
    for column in judged { columns[column].removeRows(from: rows) }
    convert(judged)
  }

  /// Notes a record that is to be rejected; answers whether it is.
  private mutating func reject(_ fields: ArraySlice<FieldPlace>, from start: Int) -> Bool {
    guard let record = judge?.judge(fields, from: start, source.bytes, end: source.range.upperBound) else {
      return false
    }
    rejects.add(record)
    return true
  }

  /// Refuses short records of a wide table before they are spread out in memory.
  private func checkRoom(for records: Int) throws(Rejection) {
    let (bits, overflowed) = UInt64(rows + records).multipliedReportingOverflow(by: bitsPerRow)
    guard !overflowed, bits <= mostBits else {
      throw Rejection(.outputTooLarge, limit: mostBits / 8, actual: overflowed ? .max : bits / 8)
    }
  }

  /// Makes all columns as long as there are rows.
  mutating func completeRows() {
    for column in columns.indices { columns[column].pad(to: rows) }
  }

  // MARK: Byte by byte

  private mutating func readSlowly(
    from start: Int, to end: Int, _ kept: inout CSVScanner?
  ) throws -> Int {
    var scanner = kept ?? source.makeScanner()
    scanner.move(to: start)
    fields.removeAll()
    defer { kept = scanner }
    try scanner.scan(until: end, into: &fields)
    try checkRoom(for: fields.recordCount)
    for record in 0..<fields.recordCount {
      let cells = fields.fields[fields.fields(of: record)]
      guard fields.isBlank(record, in: source.bytes), plan.columnCount != 1 else {
        if reject(cells, from: fields.recordStarts[record]) { continue }
        append(record)
        continue
      }
      tally.blank.add(at: fields.recordStarts[record])
      let next = record + 1 < fields.recordCount ? fields.recordStarts[record + 1] : scanner.position
      if isBorder(next) {
        tableEnd = next
        return next
      }
    }
    return scanner.position
  }

  /// Whether another table starts behind a blank line.
  private mutating func isBorder(_ offset: Int) -> Bool {
    guard let (border, from) = source.border, offset >= from, offset < source.range.upperBound else { return false }
    return border.isCrossed(at: offset, end: source.range.upperBound, in: source.bytes, &probe)
  }

  private mutating func append(_ record: Int) {
    let range = fields.fields(of: record)
    rows += 1
    tally.rows += 1
    if plan.surplus == .allListed {
      extra?.append(fields.fields[range], source.bytes, keepsAbsent: false)
      return
    }
    if range.count < plan.columnCount {
      tally.short.add(at: fields.recordStarts[record])
    } else if range.count > plan.columnCount {
      tally.long.add(at: fields.recordStarts[record])
    }
    for column in 0..<min(range.count, columns.count) {
      columns[column].append(fields.fields[range.lowerBound + column], source.bytes, after: rows - 1)
    }
    // Surplus cells up to the last one that is not absent.
    let surplus = fields.fields[range].dropFirst(plan.columnCount)
    let last = surplus.lastIndex { !$0.isAbsent }
    if last != nil { tally.hasExtra = true }
    extra?.append(last.map { surplus[...$0] } ?? [], source.bytes, keepsAbsent: true)
  }
}

extension ColumnType {
  /// What a row takes at least, its validity included.
  fileprivate var bitsPerRow: UInt64 {
    switch self {
    case .null: 0
    case .bool: 2
    case .date, .utf8, .listOfUTF8: 33
    case .int64, .uint64, .float64, .timestamp, .timestampNanoseconds, .time: 65
    case .decimal: 129
    }
  }
}
