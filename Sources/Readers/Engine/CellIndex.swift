// SPDX-License-Identifier: Apache-2.0

import CScan

/// What the cells of a column are, in a piece of a text.
enum CellMix {
  /// Every cell is read for what it says, quoted or not.
  case plain
  /// Every cell is a string, or nothing but text.
  case strings
  /// Strings stand beside values of other kinds.
  case mixed
}

/// The cells of a run of whole records, whatever the format: what a column's kernels take.
protocol CellIndex {
  var records: Int { get }

  /// The offset at which a record starts; that of number `records` is where the next one does.
  func start(of record: Int) -> Int

  /// One cell, as it would be described by itself.
  func field(_ record: Int, _ column: Int, in bytes: MappedBytes) -> FieldPlace

  /// Where a record lies, from its first cell to its last.
  func place(of record: Int, in bytes: MappedBytes, end: Int) -> Range<Int>?

  /// Whether it is known without a look that no record has a value in a column; then nothing else may be asked of it
  /// but its single cells.
  func isEmpty(_ column: Int) -> Bool

  /// Whether any record has a value in a column.
  func hasValues(_ column: Int, of bytes: MappedBytes) -> Bool

  /// Of what kinds a column's cells are.
  func mix(of column: Int) -> CellMix

  /// Gives `body` one column in the form that the kernels take.
  func withColumn<Result>(
    _ column: Int, _ bytes: MappedBytes, _ body: (UnsafePointer<ingest_column>) -> Result
  ) -> Result

  /// At least the bytes of a column's texts.
  func textRoom(_ column: Int, of bytes: MappedBytes) -> Int

  /// Copies a column's texts behind the `used` bytes that `text` holds; it must have `textRoom`, and 32 bytes more.
  ///
  /// - Parameter offsets: gets the end of the text of row `n` at `offset + n`.
  /// - Returns: the bytes copied.
  func gather(
    _ column: Int, of bytes: MappedBytes, into text: inout [UInt8], used: Int, offsets: inout [Int32], at offset: Int,
    valid: inout [UInt8], nulls: inout Int
  ) -> Int

  /// Takes records out, by their numbers, ascending.
  mutating func remove(_ removed: [Int])

  /// Appends the list of all cells of each record.
  mutating func appendLists(to lists: inout ListBuilder, _ bytes: MappedBytes)
}

extension CellIndex {
  /// Whether a column's values may go to a kernel: one that reads numbers reads those in strings too.
  func suits(_ kernel: ColumnKernel, _ column: Int, readsStrings: Bool) -> Bool {
    switch kernel {
    case .dates, .timestamps: true
    case .integers, .doubles, .booleans: readsStrings || mix(of: column) == .plain
    }
  }

  /// The bytes of a column's fields, quotes included.
  func textBytes(_ column: Int, of bytes: MappedBytes) -> Int {
    unsafe withColumn(column, bytes) { unsafe ingest_text_bytes($0) }
  }
}

extension RecordIndex: CellIndex {
  func place(of record: Int, in bytes: MappedBytes, end: Int) -> Range<Int>? { nil }
  @inline(__always)
  func isEmpty(_ column: Int) -> Bool { false }
  func hasValues(_ column: Int, of bytes: MappedBytes) -> Bool { textBytes(column, of: bytes) > 0 }
  @inline(__always)
  func mix(of column: Int) -> CellMix { .plain }
  mutating func appendLists(to lists: inout ListBuilder, _ bytes: MappedBytes) { lists.append(&self, bytes) }
}
