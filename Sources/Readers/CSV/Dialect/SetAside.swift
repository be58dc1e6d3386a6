// SPDX-License-Identifier: Apache-2.0

import Validation
import WorkerProtocol

/// What was set aside at one side of a table.
struct SetAside: Sendable {
  /// The records that are not blank, and all of them.
  private(set) var records: UInt64 = 0
  private(set) var lines: UInt64 = 0
  private(set) var footnotes: UInt64 = 0
  private(set) var furtherTables: [FurtherTable] = []
  /// The first of them, as they stand.
  private(set) var kept: [SetAsideLine] = []

  /// Nothing.
  init() {}

  /// Counts the records of what stands at one side of a table, and keeps the first.
  ///
  /// - Throws: the cap that a record broke: what is set aside is bounded like what is read.
  init(
    _ parts: [TableStructure.Part], format: CSVFormat, caps: CSVScanner.Caps, in bytes: MappedBytes
  ) throws(Rejection) {
    var format = format
    format.comment = nil
    var places: [(kind: SetAsideLine.Part, offset: Int, text: String)] = []
    var tables: [(offset: Int, records: UInt64)] = []
    for part in parts {
      let before = records
      try count(CSVScanner(bytes, range: part.range, format: format, caps: caps), bytes) { offset, text in
        if part.kind == .table, tables.last?.offset ?? -1 < part.range.lowerBound { tables.append((offset, 0)) }
        if places.count < SetAsideLine.mostEachSide { places.append((part.kind, offset, text())) }
      }
      if part.kind == .table, !tables.isEmpty { tables[tables.count - 1].records = records - before }
      if part.kind == .footnote { footnotes += records - before }
    }
    let numbers = LineCounter.lines(of: places.map(\.offset) + tables.map(\.offset), in: bytes)
    kept = places.map { SetAsideLine($0.kind, line: numbers[$0.offset] ?? 0, text: $0.text) }
    furtherTables = tables.map { FurtherTable(line: numbers[$0.offset] ?? 0, records: $0.records) }
  }

  private mutating func count(
    _ scanner: CSVScanner, _ bytes: MappedBytes, _ see: (Int, () -> String) -> Void
  ) throws(Rejection) {
    var scanner = scanner
    var index = FieldIndex()
    while !scanner.isAtEnd {
      index.removeAll()
      try scanner.scan(until: scanner.position + PassSizes.scannedBytes, into: &index)
      lines += UInt64(index.recordCount)
      for record in 0..<index.recordCount where !index.isBlank(record, in: bytes) {
        records += 1
        see(index.recordStarts[record]) { Self.text(record, index, bytes) }
      }
    }
  }

  /// The start of a record, as it stands.
  private static func text(_ record: Int, _ index: FieldIndex, _ bytes: MappedBytes) -> String {
    let start = index.recordStarts[record]
    let fields = index.fields[index.fields(of: record)]
    let end = fields.last.map { $0.end + ($0.isQuoted ? 1 : 0) } ?? start
    return bytes.withSpan(start..<min(end, start + SetAsideLine.longestText + 4)) { span in
      String(decoding: span.indices.map { span[$0] }, as: UTF8.self).cut(toBytes: SetAsideLine.longestText)
    }
  }
}
