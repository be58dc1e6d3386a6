// SPDX-License-Identifier: Apache-2.0

/// What a pass does with one column: converts it, watches it, both, or neither.
struct ColumnTask {
  private(set) var sink: ColumnSink?
  /// Watches a column of text for near misses, or classifies a column whose type is to be decided.
  private(set) var screen: TextScreen?

  /// A column that is not looked at.
  static let skipped = ColumnTask()

  init(sink: ColumnSink? = nil, screen: TextScreen? = nil) {
    self.sink = sink
    self.screen = screen
  }

  var isContradicted: Bool { sink?.isContradicted ?? false }

  mutating func append(
    _ column: Int, of index: some CellIndex, _ bytes: MappedBytes, _ scratch: inout ColumnSink.Scratch,
    _ others: inout [UInt32], after rows: Int
  ) {
    // Made up for with the next cells.
    if index.isEmpty(column) { return }
    sink?.pad(to: rows)
    sink?.append(column, of: index, bytes, &scratch)
    if let sink, countsPlain(column, of: index, bytes, sink, scratch) { return }
    screen?.look(at: column, of: index, bytes, present: sink?.lastPresent ?? index.records, &others)
  }

  /// Counts which of the texts that were just appended can be nothing but text, where no more needs to be known.
  private mutating func countsPlain(
    _ column: Int, of index: some CellIndex, _ bytes: MappedBytes, _ sink: ColumnSink,
    _ scratch: borrowing ColumnSink.Scratch
  ) -> Bool {
    let mix = index.mix(of: column)
    guard screen?.mayCount(mix) == true else { return false }
    let plain = sink.plainInLast(index.records, scratch)
    if mix == .strings, !TextScreen.isEnough(plain.count, of: sink.lastPresent) { return false }
    screen?.add(plain: plain.count, of: sink.lastPresent, at: index.field(plain.first, column, in: bytes))
    return true
  }

  mutating func append(_ field: FieldPlace, _ bytes: MappedBytes, after rows: Int) {
    sink?.pad(to: rows)
    sink?.append(field, bytes)
    screen?.look(at: field, bytes)
  }

  /// Makes up for the cells that the last records lack.
  mutating func pad(to rows: Int) { sink?.pad(to: rows) }

  /// Takes back all rows from `count` on.
  mutating func removeRows(from count: Int) { sink?.removeRows(from: count) }

  /// Forgets the rows, for the next batch.
  mutating func removeRows() { sink?.removeAll() }

  /// Forgets what was met, for a block.
  mutating func start(block: Int) {
    sink?.forgetExceptions()
    screen?.start(block: block)
  }
}
