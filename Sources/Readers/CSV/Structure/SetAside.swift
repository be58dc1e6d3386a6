// SPDX-License-Identifier: Apache-2.0

import Validation
import WorkerProtocol

/// What was set aside at one side of a table.
struct SetAside: Sendable {
  /// The records that are not blank, and all of those that were counted here.
  private(set) var records: UInt64 = 0
  private(set) var lines: UInt64 = 0
  /// The first of them, as they stand.
  private(set) var kept: [(part: SetAsideLine.Part, offset: Int, text: String)] = []

  /// Counts the records of a range beside a table, and keeps the first.
  ///
  /// - Throws: the cap that a record broke: what is set aside is bounded like what is read.
  mutating func add(_ range: Range<Int>, beside source: CSVSource, as part: SetAsideLine.Part) throws(Rejection) {
    var format = source.format
    format.comment = nil
    var scanner = CSVScanner(source.bytes, range: range, format: format, caps: source.caps)
    var index = FieldIndex()
    while !scanner.isAtEnd {
      index.removeAll()
      try scanner.scan(until: scanner.position + PassSizes.scannedBytes, into: &index)
      lines += UInt64(index.recordCount)
      for record in 0..<index.recordCount where !index.isBlank(record, in: source.bytes) {
        records += 1
        if kept.count < SetAsideLine.mostEachSide { keep(record, index, source, as: part) }
      }
    }
  }

  /// Adds another table, whose records were counted, and keeps the first of them.
  mutating func add(_ other: OtherTable) {
    records += other.records
    var scanner = CSVScanner(
      other.source.bytes, range: other.source.text, format: other.source.format, caps: other.source.caps)
    var index = FieldIndex()
    while kept.count < SetAsideLine.mostEachSide, let record = scanner.nextRecord(into: &index) {
      if !index.isBlank(record, in: other.source.bytes) { keep(record, index, other.source, as: .table) }
      index.removeAll()
    }
  }

  /// Adds what stands behind it.
  mutating func add(_ later: SetAside) {
    records += later.records
    lines += later.lines
    kept += later.kept.prefix(SetAsideLine.mostEachSide - kept.count)
  }

  private mutating func keep(
    _ record: Int, _ index: FieldIndex, _ source: CSVSource, as part: SetAsideLine.Part
  ) {
    let start = index.recordStarts[record]
    let end = index.fields[index.fields(of: record)].last?.end(with: source.format.quote, in: source.bytes) ?? start
    let text = source.bytes.text(start..<min(end, start + SetAsideLine.longestText + 4))
    kept.append((part, start, text.cut(toBytes: SetAsideLine.longestText)))
  }
}
