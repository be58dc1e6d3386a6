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
    package let format: CSVFormat
    /// Whether records end with CR alone.
    package let endsWithReturn: Bool

    package init(_ format: CSVFormat, endsWithReturn: Bool = false) {
      self.format = format
      self.endsWithReturn = endsWithReturn
    }

    /// What ends most records.
    var lineEnd: UInt8 { endsWithReturn ? CSVScanner.carriageReturn : CSVScanner.lineFeed }

    /// Whether the scan can tell its marks apart.
    var isScannable: Bool {
      !format.delimiter.bytes.contains { $0 == format.quote || $0 == CSVFormat.backslash || $0 == 0 }
        && (format.comment?.count ?? 0) <= 4
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
    /// The lines of comment that were passed over, and the offset of the first.
    package var comments: Int
    package var firstComment: Int?
  }

  private let structure: Structure
  private let columns: Int
  private let set: ScanSet
  private var ends: [UInt32] = []
  private var starts: [UInt32] = []
  /// The starts of all cells, where they are taken as one column.
  private var cellStarts: [UInt32] = []
  private var validCells: [UInt8] = []
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
    let marks = ingest_structure(structure)
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
    return Answer(answer, from: start, endsWithReturn: structure.endsWithReturn)
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
    let gap = structure.format.delimiter.length
    let start = origin + (column > 0 ? Int(ends[number - 1]) + gap : Int(starts[record]))
    let end = origin + Int(ends[number])
    guard start < end, let quote = structure.format.quote, bytes[start] == quote else {
      let isEscaped = structure.format.escape == .backslash && bytes.hasEscape(in: start..<end)
      return FieldPlace(start: start, length: UInt32(end - start), flags: isEscaped ? .backslash : [])
    }
    let content = start + 1..<end - 1
    var flags: FieldPlace.Flags = quote == CSVFormat.apostrophe ? [.quoted, .apostrophe] : .quoted
    if structure.format.escape == .backslash, bytes.firstIndex(of: CSVFormat.backslash, in: content) != nil {
      flags.insert(.backslash)
      if bytes.hasUnescaped(quote, in: content) { flags.insert(.escaped) }
    } else if bytes.firstIndex(of: quote, in: content) != nil {
      flags.insert(.escaped)
    }
    return FieldPlace(start: content.lowerBound, length: UInt32(content.count), flags: flags)
  }

  @inline(__always)
  func withColumn<Result>(
    _ column: Int, _ bytes: MappedBytes, _ body: (UnsafePointer<ingest_column>) -> Result
  ) -> Result {
    unsafe ends.withUnsafeBufferPointer { ends in
      unsafe starts.withUnsafeBufferPointer { starts in
        guard let ends = ends.baseAddress, let starts = starts.baseAddress else { preconditionFailure("no scan yet") }
        // SAFETY: the arrays hold what the last scan found in these bytes, and outlive the call.
        var view = unsafe ingest_column(
          text: bytes.pointer + origin, readable: bytes.count - origin, ends: ends, starts: starts, columns: columns,
          column: column, rows: records, set: set.rawValue, quote: structure.format.quote ?? 0,
          gap: UInt8(structure.format.delimiter.length))
        return unsafe withUnsafePointer(to: &view) { unsafe body($0) }
      }
    }
  }
}

extension RecordIndex.Answer {
  fileprivate init(_ answer: ingest_scan, from start: Int, endsWithReturn: Bool) {
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
    if answer.has_bare_newline != 0 { lineEnds.insert(endsWithReturn ? .carriageReturn : .lineFeed) }
    if answer.has_pair != 0 { lineEnds.insert(.both) }
    comments = answer.comments
    firstComment = answer.comments > 0 ? start + answer.first_comment : nil
  }
}

extension ingest_structure {
  fileprivate init(_ structure: RecordIndex.Structure) {
    let format = structure.format
    self.init()
    delimiter = format.delimiter.first
    second = format.delimiter.second ?? 0
    quote = format.quote ?? 0
    ends_with_return = structure.endsWithReturn ? 1 : 0
    escapes = format.escape == .backslash ? 1 : 0
    escapes_delimiters = format.escape == .backslash && CSVFormat.isEscapable(delimiter) ? 1 : 0
    let prefix = format.comment ?? []
    comment_length = UInt8(min(prefix.count, 4))
    let padded = prefix.prefix(4) + [UInt8](repeating: 0, count: 4 - Int(comment_length))
    comment = (padded[0], padded[1], padded[2], padded[3])
  }
}

extension MappedBytes {
  /// Whether a backslash stands in a range before a byte that it escapes.
  fileprivate func hasEscape(in range: Range<Int>) -> Bool {
    var from = range.lowerBound
    while let found = firstIndex(of: CSVFormat.backslash, in: from..<range.upperBound) {
      if found + 1 < range.upperBound, CSVFormat.isEscapable(self[found + 1]) { return true }
      from = found + 1
    }
    return false
  }

  /// Whether a byte stands in a range without a backslash that escapes it.
  fileprivate func hasUnescaped(_ byte: UInt8, in range: Range<Int>) -> Bool {
    var index = range.lowerBound
    while index < range.upperBound {
      if self[index] == byte { return true }
      index += self[index] == CSVFormat.backslash ? 2 : 1
    }
    return false
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

extension CellIndex {
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
}

extension RecordIndex {
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
      // SAFETY: the room was just checked.
      return unsafe Self.gather(
        view, structure.format, into: &text, used: used, offsets: &offsets, at: offset, valid: &valid, nulls: &nulls)
    }
  }

  @unsafe private static func gather(
    _ view: UnsafePointer<ingest_column>, _ format: CSVFormat, into text: inout [UInt8], used: Int,
    offsets: inout [Int32], at offset: Int, valid: inout [UInt8], nulls: inout Int
  ) -> Int {
    unsafe text.withUnsafeMutableBufferPointer { text in
      unsafe offsets.withUnsafeMutableBufferPointer { offsets in
        unsafe valid.withUnsafeMutableBufferPointer { valid in
          guard let text = text.baseAddress, let offsets = offsets.baseAddress, let valid = valid.baseAddress else {
            return 0
          }
          let base = Int32(truncatingIfNeeded: used)
          // SAFETY: the caller checked the room for the text and 32 bytes more, for the offsets and for the validity.
          guard format.escape == .backslash else {
            return unsafe ingest_gather_text(view, base, text + used, offsets + offset, valid, &nulls)
          }
          // SAFETY: as above; the set has its four words.
          return unsafe ingest_gather_escaped(
            view, CSVFormat.escapable, base, text + used, offsets + offset, valid, &nulls)
        }
      }
    }
  }

  /// The cells of all records.
  var cells: Int { records * columns }

  /// Copies the texts of all cells, record by record, behind the `used` bytes that `text` holds; it must have room for
  /// all bytes of the records and 32 more.
  ///
  /// - Parameter offsets: gets the end of the text of cell `n` at `offset + n`.
  /// - Returns: the bytes copied.
  mutating func gatherCells(
    of bytes: MappedBytes, into text: inout [UInt8], used: Int, offsets: inout [Int32], at offset: Int
  ) -> Int {
    if cellStarts.count < ends.count { cellStarts = [UInt32](repeating: 0, count: ends.count) }
    if validCells.count < cells { validCells = [UInt8](repeating: 0, count: cells) }
    let format = structure.format
    let (origin, columns, cells, set) = (origin, columns, cells, set)
    precondition(text.count >= used + start(of: records) - origin + 32 && offsets.count >= offset + cells)
    return unsafe ends.withUnsafeBufferPointer { ends in
      unsafe starts.withUnsafeBufferPointer { starts in
        unsafe cellStarts.withUnsafeMutableBufferPointer { cellStarts in
          guard let ends = ends.baseAddress, let starts = starts.baseAddress, let first = cellStarts.baseAddress else {
            return 0
          }
          // SAFETY: the arrays hold what the last scan found in these bytes; there is a start for each end.
          var view = unsafe ingest_column(
            text: bytes.pointer + origin, readable: bytes.count - origin, ends: ends, starts: starts, columns: columns,
            column: 0, rows: cells / columns, set: set.rawValue, quote: format.quote ?? 0,
              gap: UInt8(format.delimiter.length))
          unsafe ingest_field_starts(&view, first)
          unsafe view.starts = UnsafePointer(first)
          unsafe view.columns = 1
          unsafe view.rows = cells
          var nulls = 0
          // SAFETY: the room was checked above.
          return unsafe Self.gather(
            &view, format, into: &text, used: used, offsets: &offsets, at: offset, valid: &validCells, nulls: &nulls)
        }
      }
    }
  }
}

extension CellIndex {
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
