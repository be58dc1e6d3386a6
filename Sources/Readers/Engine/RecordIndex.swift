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
        && (format.comment?.count ?? 0) <= 4 && !format.mergesBlanks
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

  let structure: Structure
  /// The fields that a record has.
  var columns: Int
  let set: ScanSet
  var ends: [UInt32] = []
  var starts: [UInt32] = []
  /// The starts of all cells, where they are taken as one column.
  var cellStarts: [UInt32] = []
  var validCells: [UInt8] = []
  /// The offset that the numbers count from, and what may be read from there.
  var origin = 0
  package private(set) var records = 0
  /// Whether any cell of these records is quoted: where none is, nobody looks for quotes again.
  private var hasQuotes = false

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
      (ends, starts) = (.unfilled(room), .unfilled(room))
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
    hasQuotes = answer.has_quotes != 0
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

  /// Appends the cells of a record, as the slow way describes them.
  func appendFields(of record: Int, in bytes: MappedBytes, to fields: inout [FieldPlace]) {
    guard !hasQuotes, structure.format.escape == .doubled else {
      for column in 0..<columns { fields.append(field(record, column, in: bytes)) }
      return
    }
    let gap = structure.format.delimiter.length
    var start = origin + Int(starts[record])
    for number in record * columns..<(record + 1) * columns {
      let end = origin + Int(ends[number])
      fields.append(FieldPlace(start: start, length: UInt32(truncatingIfNeeded: end - start), flags: []))
      start = end + gap
    }
  }

  /// The cells of a record up to the last that is not empty, and how many are not.
  func filledCells(of record: Int, in bytes: MappedBytes) -> (effective: Int, filled: Int) {
    let gap = UInt32(structure.format.delimiter.length)
    let quote = hasQuotes ? structure.format.quote : nil
    let ends = ends.span.extracting(record * columns..<(record + 1) * columns)
    let short = unsafe ends.withUnsafeBufferPointer { ends in
      guard let ends = ends.baseAddress else { return 0 }
      // SAFETY: the span has an end for each column.
      return unsafe ingest_count_short_cells(ends, columns, starts[record], gap, hasQuotes ? 1 : 0)
    }
    if short == 0 { return (columns, columns) }
    func isEmpty(_ column: Int, from start: UInt32) -> Bool {
      // Two bytes that start with a quote are both quotes.
      ends[column] == start
        || quote != nil && ends[column] == start &+ 2 && bytes[origin + Int(start)] == quote
    }
    func start(_ column: Int) -> UInt32 { column > 0 ? ends[column - 1] &+ gap : starts[record] }
    var effective = columns
    while effective > 0, isEmpty(effective - 1, from: start(effective - 1)) { effective -= 1 }
    var filled = 0
    var from = starts[record]
    for column in 0..<effective {
      filled += isEmpty(column, from: from) ? 0 : 1
      from = ends[column] &+ gap
    }
    return (effective, filled)
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
          column: column, rows: records, set: set.rawValue, quote: hasQuotes ? structure.format.quote ?? 0 : 0,
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
