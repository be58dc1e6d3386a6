// SPDX-License-Identifier: Apache-2.0

import CScan
import Validation

/// The sets of instructions that the structural scan is written for.
package enum ScanSet: Int32, CaseIterable, Sendable {
  case portable, sse2, avx2, neon

  /// Whether this processor has it.
  package var isAvailable: Bool { ingest_scan_has(rawValue) != 0 }

  /// The best one that this processor has.
  package static let best = ScanSet(rawValue: ingest_scan_best()) ?? .portable
}

/// The fields of a run of records that all have as many as the table has columns (`CScan`).
package struct RecordIndex {
  /// The bytes that give a text its structure.
  package struct Structure: Sendable {
    package var delimiter: UInt8
    /// Nil where no field is quoted.
    package var quote: UInt8?

    package init(delimiter: UInt8, quote: UInt8?) {
      self.delimiter = delimiter
      self.quote = quote
    }
  }

  /// Why a scan stopped.
  package enum Stop: Sendable { case limit, incomplete, irregular }

  /// What a scan took.
  package struct Answer: Sendable {
    package var records: Int
    package var bytes: Int
    package var stop: Stop
    package var hasQuotes: Bool
    package var lineEnds: CSVScanner.LineEnds
  }

  private let structure: Structure
  private let columns: Int
  private let set: ScanSet
  private var ends: [UInt32] = []
  private var starts: [UInt32] = []
  /// The offset that the numbers count from, and what may be read from there.
  private var origin = 0
  package private(set) var records = 0

  package init(_ structure: Structure, columns: Int, set: ScanSet = .best) {
    self.structure = structure
    self.columns = columns
    self.set = set
  }

  /// Finds records from `start`, where one starts: those before `limit` that end within `end`.
  package mutating func scan(_ bytes: MappedBytes, from start: Int, to end: Int, limit: Int) -> Answer {
    precondition(start <= end && end <= bytes.count && end - start < 1 << 31)
    let room = end - start + 64
    if ends.count < room {
      ends = [UInt32](repeating: 0, count: room)
      starts = [UInt32](repeating: 0, count: room)
    }
    let marks = ingest_structure(delimiter: structure.delimiter, quote: structure.quote ?? 0)
    var answer = ingest_scan()
    unsafe ends.withUnsafeMutableBufferPointer { ends in
      unsafe starts.withUnsafeMutableBufferPointer { starts in
        guard let ends = ends.baseAddress, let starts = starts.baseAddress else { return }
        // SAFETY: both arrays have the room that the scan asks for, and the range was checked to lie in the bytes.
        unsafe ingest_scan_records(
          set.rawValue, bytes.pointer + start, end - start, limit - start, marks, columns, ends, starts,
          &answer)
      }
    }
    origin = start
    records = answer.records
    return Answer(answer)
  }

  /// Takes records out of the index, by their numbers, ascending.
  mutating func remove(_ removed: [Int]) {
    var kept = 0
    var rest = removed[...]
    for record in 0..<records {
      if rest.first == record {
        rest = rest.dropFirst()
        continue
      }
      starts[kept] = starts[record]
      for column in 0..<columns { ends[kept * columns + column] = ends[record * columns + column] }
      kept += 1
    }
    starts[kept] = starts[records]
    records = kept
  }

  /// The offset at which a record starts; that of number `records` is where the next one does.
  @inline(__always)
  package func start(of record: Int) -> Int { origin + Int(starts[record]) }

  /// One cell, as the slow way describes it.
  package func field(_ record: Int, _ column: Int, in bytes: MappedBytes) -> FieldPlace {
    let number = record * columns + column
    let start = origin + Int(column > 0 ? ends[number - 1] + 1 : starts[record])
    let end = origin + Int(ends[number])
    guard start < end, let quote = structure.quote, bytes[start] == quote else {
      return FieldPlace(start: start, length: UInt32(end - start), flags: [])
    }
    let isEscaped = bytes.firstIndex(of: quote, in: start + 1..<end - 1) != nil
    return FieldPlace(
      start: start + 1, length: UInt32(end - start - 2), flags: isEscaped ? [.quoted, .escaped] : .quoted)
  }

  /// Gives `body` one column in the form that the kernels take.
  @inline(__always)
  private func withColumn<Result>(
    _ column: Int, _ bytes: MappedBytes, _ body: (UnsafePointer<ingest_column>) -> Result
  ) -> Result {
    unsafe ends.withUnsafeBufferPointer { ends in
      unsafe starts.withUnsafeBufferPointer { starts in
        guard let ends = ends.baseAddress, let starts = starts.baseAddress else { preconditionFailure("no scan yet") }
        // SAFETY: the arrays hold what the last scan found in these bytes, and outlive the call.
        var view = unsafe ingest_column(
          text: bytes.pointer + origin, readable: bytes.count - origin, ends: ends, starts: starts, columns: columns,
          column: column, rows: records, set: set.rawValue, quote: structure.quote ?? 0)
        return unsafe withUnsafePointer(to: &view) { unsafe body($0) }
      }
    }
  }
}

extension RecordIndex.Answer {
  fileprivate init(_ answer: ingest_scan) {
    records = answer.records
    bytes = answer.consumed
    stop =
      switch answer.stop {
      case Int32(INGEST_SCAN_LIMIT): .limit
      case Int32(INGEST_SCAN_INCOMPLETE): .incomplete
      default: .irregular
      }
    hasQuotes = answer.has_quotes != 0
    lineEnds = []
    if answer.has_bare_newline != 0 { lineEnds.insert(.lineFeed) }
    if answer.has_pair != 0 { lineEnds.insert(.both) }
  }
}

/// How a column's common cells are converted.
enum ColumnKernel: Sendable, Hashable {
  case integers(isSigned: Bool)
  /// Numbers with this byte before their fraction.
  case doubles(point: UInt8)
  case booleans
  case dates(DateOrder, separator: UInt8)
  case timestamps(between: UInt8, isZoned: Bool)

  enum DateOrder: Int32, Sendable { case yearMonthDay, dayMonthYear, monthDayYear }
}

extension RecordIndex {
  /// Converts rows from `first` on, up to a cell that the kernel does not know.
  ///
  /// - Parameters:
  ///   - values: as many elements of the kernel's type as there are records; the value of row `n` is element `n`.
  ///   - valid: 1 where a row has a value, 0 where not.
  ///   - nulls: grows by the number of rows without one.
  /// - Returns: the row of that cell, or the number of records.
  func convert<Value: BitwiseCopyable>(
    _ column: Int, of bytes: MappedBytes, by kernel: ColumnKernel, from first: Int, into values: inout [Value],
    at offset: Int, valid: inout [UInt8], nulls: inout Int
  ) -> Int {
    precondition(values.count >= offset + records && valid.count >= records)
    return unsafe withColumn(column, bytes) { view in
      unsafe values.withUnsafeMutableBufferPointer { values in
        unsafe valid.withUnsafeMutableBufferPointer { valid in
          guard let values = values.baseAddress, let valid = valid.baseAddress else { return 0 }
          // SAFETY: both arrays have an element for each record; the kernel writes none beyond.
          return unsafe Self.call(kernel, view, first, values + offset, valid, &nulls)
        }
      }
    }
  }

  @unsafe @inline(__always)
  private static func call<Value>(
    _ kernel: ColumnKernel, _ view: UnsafePointer<ingest_column>, _ first: Int, _ values: UnsafeMutablePointer<Value>,
    _ valid: UnsafeMutablePointer<UInt8>, _ nulls: inout Int
  ) -> Int {
    let raw = unsafe UnsafeMutableRawPointer(values)
    // SAFETY: `ColumnSink` pairs each kernel with the width of its values.
    switch kernel {
    case .integers(let isSigned):
      return unsafe ingest_convert_integers(
        view, first, isSigned ? 1 : 0, raw.assumingMemoryBound(to: Int64.self), valid, &nulls)
    case .doubles(let point):
      return unsafe ingest_convert_doubles(view, first, point, raw.assumingMemoryBound(to: Double.self), valid, &nulls)
    case .booleans:
      return unsafe ingest_convert_booleans(view, first, raw.assumingMemoryBound(to: UInt8.self), valid, &nulls)
    case .dates(let order, let separator):
      return unsafe ingest_convert_dates(
        view, first, order.rawValue, separator, raw.assumingMemoryBound(to: Int32.self), valid, &nulls)
    case .timestamps(let between, let isZoned):
      return unsafe ingest_convert_timestamps(
        view, first, between, isZoned ? 1 : 0, raw.assumingMemoryBound(to: Int64.self), valid, &nulls)
    }
  }

  /// The bytes of a column's fields, quotes included.
  func textBytes(_ column: Int, of bytes: MappedBytes) -> Int {
    unsafe withColumn(column, bytes) { unsafe ingest_text_bytes($0) }
  }

  /// At least the bytes of a column's texts.
  ///
  /// To know them costs as much as a third of copying them; all bytes of the records are too much room only where there
  /// are many columns.
  func textRoom(_ column: Int, of bytes: MappedBytes) -> Int {
    guard columns <= Self.fewColumns else { return textBytes(column, of: bytes) }
    return records == 0 ? 0 : Int(starts[records])
  }

  private static let fewColumns = 16

  /// Copies a column's texts behind the `used` bytes that `text` holds; it must have `textRoom`, and 32 bytes more.
  ///
  /// - Parameters:
  ///   - offsets: gets the end of the text of row `n` at `offset + n`.
  /// - Returns: the bytes copied.
  func gather(
    _ column: Int, of bytes: MappedBytes, into text: inout [UInt8], used: Int, offsets: inout [Int32], at offset: Int,
    valid: inout [UInt8], nulls: inout Int
  ) -> Int {
    precondition(offsets.count >= offset + records && valid.count >= records)
    return unsafe withColumn(column, bytes) { view in
      precondition(text.count >= used + textRoom(column, of: bytes) + 32)
      return unsafe text.withUnsafeMutableBufferPointer { text in
        unsafe offsets.withUnsafeMutableBufferPointer { offsets in
          unsafe valid.withUnsafeMutableBufferPointer { valid in
            guard let text = text.baseAddress, let offsets = offsets.baseAddress, let valid = valid.baseAddress else {
              return 0
            }
            // SAFETY: room for the text and 32 bytes more was just checked, as was that for the offsets.
            return unsafe ingest_gather_text(
              view, Int32(truncatingIfNeeded: used), text + used, offsets + offset, valid, &nulls)
          }
        }
      }
    }
  }

  /// What the cells of a column of text look like.
  ///
  /// - Parameters:
  ///   - mask: the first bytes of cells that could be more than text, a bit each.
  ///   - others: room for a number a record; gets the rows that must be looked at one by one.
  /// - Returns: the counts, and how many rows `others` got.
  func screen(
    _ column: Int, of bytes: MappedBytes, mask: [UInt64], others: inout [UInt32]
  ) -> (tally: TextTally, others: Int) {
    precondition(mask.count == 4 && others.count >= records)
    return unsafe withColumn(column, bytes) { view in
      unsafe others.withUnsafeMutableBufferPointer { others in
        guard let others = others.baseAddress else { return (TextTally(), 0) }
        var tally = ingest_text_tally()
        // SAFETY: the mask has its four words, and `others` an element for each record.
        let count = unsafe ingest_screen_text(view, mask, &tally, others)
        return (TextTally(tally), count)
      }
    }
  }
}

/// Cells of a column of text, counted.
struct TextTally {
  var absent = 0
  /// Cells that can be nothing but text, and the first row with one.
  var plain = 0
  var firstPlain = 0
  /// Short whole numbers without a sign.
  var naturals = 0
  var firstNatural = 0
  /// The first row with the longest of them.
  var longestNatural = 0

  fileprivate init(_ tally: ingest_text_tally) {
    absent = tally.absent
    plain = tally.plain
    firstPlain = Int(tally.first_plain)
    naturals = tally.naturals
    firstNatural = Int(tally.first_natural)
    longestNatural = Int(tally.longest_natural)
  }

  init() {}
}

extension [UInt8] {
  /// Sets `count` bits from bit `at` on to the first bytes of `valid`, 0 or 1; the bits from there on must be zero, and
  /// the array long enough.
  mutating func packBits(at: Int, _ valid: [UInt8], count: Int) {
    precondition(self.count * 8 >= at + count && valid.count >= count)
    unsafe withUnsafeMutableBufferPointer { bits in
      guard let bits = unsafe bits.baseAddress else { return }
      // SAFETY: both arrays were just checked to be long enough.
      unsafe ingest_pack_bits(bits, at, valid, count)
    }
  }
}

/// Converts a decimal text to binary64, correctly rounded (fast_float); nil where it is no number.
func parseDouble(_ bytes: MappedBytes, _ range: Range<Int>) -> Double? {
  bytes.withSpan(range) { span in
    var value = 0.0
    // SAFETY: the call reads the span's bytes only.
    let isNumber = unsafe span.withUnsafeBufferPointer { text in
      guard let start = text.baseAddress else { return false }
      return unsafe ingest_parse_double(start, text.count, &value) != 0
    }
    return isNumber ? value : nil
  }
}
