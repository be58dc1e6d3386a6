// SPDX-License-Identifier: Apache-2.0

import IngestTables
import Validation

/// The rows that one block of the input gives, as columns, and what was noticed on the way; whatever the format.
struct BlockRows {
  let plan: PassPlan
  private let bytes: MappedBytes
  private let end: Int
  private var scratch = ColumnSink.Scratch()
  private var others: [UInt32] = []
  private(set) var columns: [ColumnTask]
  private(set) var extra: ListBuilder?
  var tally = RecordTally()
  private(set) var rejects: RejectList
  private let judge: RecordJudge?
  /// The columns that are converted before it is known which records are rejected.
  private let judged: [Int]
  private let unjudged: [Int]
  /// The rows that the columns hold.
  private(set) var rows = 0
  /// The bits that a row takes at least, and those that a whole table may.
  private let bitsPerRow: UInt64
  private let mostBits: UInt64
  /// Whether records have columns that nothing was planned for, beside surplus cells.
  var lacksColumns = false
  /// The keys of the block's records, where they are asked for.
  var keys: KeyTree?

  /// A batch that has as many rows is written: one piece more could be too much for it.
  private static let mostRows = Int(ArrowLayout.maximumRows) - (4 << 20)

  init(_ source: some RecordSource, _ plan: PassPlan, outputLimit: UInt64) {
    self.plan = plan
    bytes = source.bytes
    end = source.range.upperBound
    columns = plan.tasks
    extra = plan.surplus == .listed || plan.surplus == .allListed ? ListBuilder() : nil
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
    lacksColumns = false
    for column in columns.indices { columns[column].start(block: block) }
    removeAll()
  }

  /// Forgets the rows, for the next batch of the same block.
  mutating func removeAll() {
    rows = 0
    for column in columns.indices { columns[column].removeRows() }
    extra?.removeAll()
  }

  /// Whether a batch has no room for more.
  var isFull: Bool { rows >= Self.mostRows }

  /// Whether a cell or a record does not fit what was planned.
  var isContradicted: Bool {
    columns.contains { $0.isContradicted } || needsExtra
  }

  /// The columns with a cell of another type.
  var contradictedColumns: Set<Int> { Set(columns.indices.filter { columns[$0].isContradicted }) }

  /// Whether surplus cells were met that nothing was planned for.
  var needsExtra: Bool { (tally.hasExtra || lacksColumns) && plan.surplus == .contradicts }

  // MARK: Whole pieces

  /// Appends the records of a piece, but those that are rejected.
  mutating func append(_ index: inout some CellIndex) throws(Rejection) {
    try checkRoom(for: index.records)
    convert(judged, index)
    removeRejects(&index)
    convert(unjudged, index)
    appendLists(&index)
    rows += index.records
    tally.rows += UInt64(index.records)
  }

  /// Appends the lists of regular records, which have no surplus cells.
  private mutating func appendLists(_ index: inout some CellIndex) {
    guard var list = extra else { return }
    extra = nil
    if plan.surplus == .allListed {
      index.appendLists(to: &list, bytes)
    } else {
      for _ in 0..<index.records { list.append([], bytes, keepsAbsent: true) }
    }
    extra = list
  }

  private mutating func convert(_ columns: [Int], _ index: some CellIndex) {
    for column in columns {
      self.columns[column].append(column, of: index, bytes, &scratch, &others, after: rows)
    }
  }

  /// Takes the records that are in no row out of the index, and converts what was judged of the others again.
  private mutating func removeRejects(_ index: inout some CellIndex) {
    guard let judge, !judged.isEmpty else { return }
    var wrong = Set(judged.flatMap { columns[$0].sink?.wrongRows ?? [] }.map { $0 - rows })
    for cell in judge.cells where cell.isThorough {
      for row in 0..<index.records
      where cell.fault(of: index.field(row, cell.column, in: bytes), bytes) != nil {
        wrong.insert(row)
      }
    }
    guard !wrong.isEmpty else { return }
    let removed = wrong.sorted()
    for row in removed {
      let fields = (0..<plan.columnCount).map { index.field(row, $0, in: bytes) }
      let place = index.place(of: row, in: bytes, end: end)
      if let record = judge.judge(fields[...], from: index.start(of: row), at: place, bytes, end: end) {
        rejects.add(record)
      }
    }
    index.remove(removed)
    for column in judged { columns[column].removeRows(from: rows) }
    convert(judged, index)
  }

  /// Refuses short records of a wide table before they are spread out in memory.
  func checkRoom(for records: Int) throws(Rejection) {
    let (bits, overflowed) = UInt64(rows + records).multipliedReportingOverflow(by: bitsPerRow)
    guard !overflowed, bits <= mostBits else {
      throw Rejection(.outputTooLarge, limit: mostBits / 8, actual: overflowed ? .max : bits / 8)
    }
  }

  /// Makes all columns as long as there are rows.
  mutating func complete() {
    for column in columns.indices { columns[column].pad(to: rows) }
  }

  // MARK: Single records

  /// Notes a record that is no row.
  mutating func reject(_ record: RejectedRecord) { rejects.add(record) }

  /// Notes a record that is to be rejected; answers whether it is.
  mutating func reject(_ fields: ArraySlice<FieldPlace>, from start: Int) -> Bool {
    guard let record = judge?.judge(fields, from: start, bytes, end: end) else { return false }
    rejects.add(record)
    return true
  }

  /// Appends one record that starts at `start`.
  mutating func append(_ fields: ArraySlice<FieldPlace>, from start: Int) {
    rows += 1
    tally.rows += 1
    if plan.surplus == .allListed {
      extra?.append(fields, bytes, keepsAbsent: false)
      return
    }
    if fields.count < plan.columnCount {
      tally.short.add(at: start)
    } else if fields.count > plan.columnCount {
      tally.long.add(at: start)
    }
    for column in 0..<min(fields.count, columns.count) {
      columns[column].append(fields[fields.startIndex + column], bytes, after: rows - 1)
    }
    // Surplus cells up to the last one that is not absent.
    let surplus = fields.dropFirst(plan.columnCount)
    let last = surplus.lastIndex { !$0.isAbsent }
    if last != nil { tally.hasExtra = true }
    extra?.append(last.map { surplus[...$0] } ?? [], bytes, keepsAbsent: true)
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
