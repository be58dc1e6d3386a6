// SPDX-License-Identifier: Apache-2.0

import Validation
import WorkerProtocol

/// A text, how to take it apart, and where in it the table lies.
struct CSVSource: Sendable {
  let bytes: MappedBytes
  let format: CSVFormat
  /// The table: from its first header record, or its first row, to its end.
  ///
  /// What lies outside is set aside, and only checked as text.
  let range: Range<Int>
  /// The records at the start of the range that name the columns.
  let headerRecords: Int
  let header: Dialect.HeaderFinding
  /// The columns that the table has at least, and exactly where there is no header.
  let commonColumns: Int
  /// What stands above the table and below it.
  let preamble: SetAside
  let trailer: SetAside
  /// How sure the format is, and why.
  let evidence: DialectEvidence
  private let hasMark: Bool
  let caps: CSVScanner.Caps

  init(_ bytes: MappedBytes, options: ReadOptions, limits: ReadLimits) throws(Rejection) {
    self.bytes = bytes
    hasMark = bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF
    let text = (hasMark ? 3 : 0)..<bytes.count
    let detector = DialectDetector(bytes, range: text)
    evidence = DialectEvidence()
    format = CSVFormat(delimiter: detector.delimiter())
    let sample = detector.sample(format)
    header =
      switch options.header {
      case .auto: HeaderDetector.detect(sample, in: bytes)
      case .always: .present
      case .never: .absent
      }
    headerRecords = header == .absent ? 0 : 1
    commonColumns = header == .absent ? Self.commonColumns(sample, bytes) : Self.headerColumns(sample, bytes)
    range = text
    preamble = SetAside()
    trailer = SetAside()
    caps = CSVScanner.Caps(
      columns: Int(clamping: limits.columns), recordBytes: Int(clamping: limits.recordBytes),
      cellBytes: Int(clamping: min(limits.cellBytes, UInt64(UInt32.max))))
  }

  /// A scanner of the table.
  func makeScanner() -> CSVScanner {
    CSVScanner(bytes, range: range, format: format, caps: caps)
  }

  private static func headerColumns(_ sample: FieldIndex, _ bytes: MappedBytes) -> Int {
    let first = (0..<sample.recordCount).first { !sample.isBlank($0, in: bytes) }
    return first.map { sample.fields(of: $0).count } ?? 1
  }

  private static func commonColumns(_ sample: FieldIndex, _ bytes: MappedBytes) -> Int {
    var counts: [Int: Int] = [:]
    for record in 0..<sample.recordCount where !sample.isBlank(record, in: bytes) {
      counts[sample.fields(of: record).count, default: 0] += 1
    }
    return counts.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key ?? 1
  }
}

/// What was set aside at one side of a table.
struct SetAside: Sendable {
  /// The records that are not blank.
  var records: UInt64 = 0
  var footnotes: UInt64 = 0
  var furtherTables: [FurtherTable] = []
  /// The first of them, as they stand.
  var lines: [SetAsideLine] = []
}

/// How sure a dialect is, and why.
struct DialectEvidence: Sendable {
  /// From 0 to 1.
  var confidence = 0.0
  /// Short texts, the weightiest first.
  var reasons: [String] = []
  /// The next best format, where it is close.
  var runnerUp: CSVFormat?
}

extension CSVSource {
  /// What was found out about the table, once all of it has been seen.
  ///
  /// - Parameters:
  ///   - records: the records within the range, header included.
  ///   - headerRecords: those among them that are no rows.
  func findings(
    hasQuotes: Bool, lineEnds: CSVScanner.LineEnds, records: UInt64, headerRecords: Int, notes: [Note]
  ) -> TableFindings {
    let outside = preamble.records + trailer.records
    return TableFindings(
      dialect: dialect(hasQuotes: hasQuotes, lineEnds: lineEnds), records: records + outside,
      setAside: outside + UInt64(headerRecords), notes: notes, lines: preamble.lines + trailer.lines)
  }

  /// The dialect, once the whole table has been seen.
  func dialect(hasQuotes: Bool, lineEnds: CSVScanner.LineEnds) -> Dialect {
    let newline: Dialect.Newline =
      switch lineEnds {
      case []: .none
      case .lineFeed: .lf
      case .both: .crlf
      case .carriageReturn: .cr
      default: .mixed
      }
    var dialect = Dialect(
      delimiter: format.delimiter.text, quote: hasQuotes ? format.quote.map { String(UnicodeScalar($0)) } : nil,
      newline: newline, header: header, hasByteOrderMark: hasMark)
    let hasEscapes = hasQuotes || format.escape == .backslash
    dialect.escape = hasEscapes ? format.escape == .backslash ? .backslash : .doubled : nil
    dialect.comment = format.comment.map { String(decoding: $0, as: UTF8.self) }
    dialect.headerRows = UInt8(clamping: headerRecords)
    dialect.preambleRows = preamble.records
    dialect.footnoteRows = trailer.footnotes
    dialect.furtherTables = Array(trailer.furtherTables.prefix(Dialect.mostFurtherTables))
    dialect.confidence = UInt16(clamping: Int(evidence.confidence * 1000))
    dialect.reasons = evidence.reasons
    dialect.runnerUp = evidence.runnerUp.map { format in
      Dialect.RunnerUp(delimiter: format.delimiter.text, quote: format.quote.map { String(UnicodeScalar($0)) })
    }
    return dialect
  }
}
