// SPDX-License-Identifier: Apache-2.0

package import Validation
package import WorkerProtocol

/// A text, how to take it apart, and where in it the table lies.
package struct CSVSource: Sendable {
  let bytes: MappedBytes
  package let format: CSVFormat
  /// The table: from its first header record, or its first row, to its end.
  ///
  /// What lies outside is set aside, and only checked as text.
  let range: Range<Int>
  /// What lines of comment start with, within the table or above it.
  let comment: [UInt8]?
  /// The records at the start of the range that name the columns.
  let headerRecords: Int
  let header: Dialect.HeaderFinding
  /// The columns that the table has at least, and exactly where there is no header.
  let commonColumns: Int
  /// Whether the end of a long table was found without reading up to it, where quotes are not known.
  let endIsGuessed: Bool
  /// What stands above the table and below it.
  let preamble: SetAside
  let trailer: SetAside
  /// How sure the format is, and why.
  let evidence: DialectEvidence
  /// What is known of the cells beforehand.
  let cells: CellOptions
  /// Whether records must be formed as they should.
  let isStrict: Bool
  /// How many records may be in no row.
  let mostRejects: UInt64
  private let hasMark: Bool
  let caps: CSVScanner.Caps

  package init(
    _ bytes: MappedBytes, options: ReadOptions, limits: ReadLimits, looksAtTail: Bool = true
  ) throws(Rejection) {
    self.bytes = bytes
    cells = options.cells
    isStrict = options.isStrict
    mostRejects = options.maxRejects
    caps = CSVScanner.Caps(
      columns: Int(clamping: limits.columns), recordBytes: Int(clamping: limits.recordBytes),
      cellBytes: Int(clamping: min(limits.cellBytes, UInt64(UInt32.max))))
    hasMark = bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF
    let text = (hasMark ? 3 : 0)..<bytes.count
    let rest = Self.skipping(options.dialect.skipRows ?? 0, of: text, in: bytes)
    let detector = DialectDetector(bytes, range: rest, options: options.dialect)
    var (format, prefix, evidence) = detector.detect()
    // Where quotes are so wrong that they look like text, strict reading shall say so.
    if options.isStrict, options.dialect.quote == nil, format.quote == nil { format.quote = CSVFormat.doubleQuote }
    let structure = TableStructure(
      detector, format: format, comment: prefix, in: bytes, text: rest, options: options.dialect,
      looksAtTail: looksAtTail)
    endIsGuessed = structure.endIsGuessed
    format.comment = structure.hasInnerComments ? prefix : nil
    comment = structure.comment
    self.format = format
    range = structure.start..<structure.end
    header =
      switch options.dialect.headerRows == nil ? options.header : .auto {
      case .auto: structure.header
      case .always: .present
      case .never: .absent
      }
    headerRecords = header == .absent ? 0 : max(1, structure.headerDepth)
    commonColumns = structure.columns
    let above = TableStructure.Part(kind: .preamble, range: text.lowerBound..<structure.start)
    preamble = above.range.isEmpty ? SetAside() : try SetAside([above], format: format, caps: caps, in: bytes)
    trailer =
      structure.parts.isEmpty ? SetAside() : try SetAside(structure.parts, format: format, caps: caps, in: bytes)
    evidence.reasons += Self.reasons(structure, preamble, trailer)
    self.evidence = evidence
  }

  /// A scanner of the table.
  func makeScanner() -> CSVScanner {
    CSVScanner(bytes, range: range, format: format, caps: caps, width: commonColumns)
  }

  /// The text without its first lines.
  private static func skipping(_ lines: UInt32, of text: Range<Int>, in bytes: MappedBytes) -> Range<Int> {
    var scanner = CSVScanner(bytes, range: text, format: CSVFormat(delimiter: .init(0x1F), quote: nil), caps: .none)
    var index = FieldIndex()
    for _ in 0..<lines where !scanner.isAtEnd {
      index.removeAll()
      do { try scanner.scan(until: scanner.position + 1, into: &index) } catch { break }
    }
    return scanner.position..<text.upperBound
  }

  private static func reasons(_ structure: TableStructure, _ preamble: SetAside, _ trailer: SetAside) -> [String] {
    var reasons: [String] = []
    if preamble.records > 0 { reasons.append("\(preamble.records) lines above the table are no part of it") }
    if structure.headerDepth > 1 { reasons.append("\(structure.headerDepth) records of text stand above the values") }
    if trailer.footnotes > 0 { reasons.append("\(trailer.footnotes) lines below the table are notes") }
    if !trailer.furtherTables.isEmpty {
      reasons.append("\(trailer.furtherTables.count) more tables stand below, behind blank lines")
    }
    return reasons
  }
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
    hasQuotes: Bool, lineEnds: CSVScanner.LineEnds, records: UInt64, rejects: UInt64 = 0, headerRecords: Int,
    notes: [Note]
  ) -> TableFindings {
    let outside = preamble.records + trailer.records
    return TableFindings(
      dialect: dialect(hasQuotes: hasQuotes, lineEnds: lineEnds), records: records + outside, rejects: rejects,
      setAside: outside + UInt64(headerRecords), notes: notes, lines: preamble.kept + trailer.kept)
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
    dialect.comment = comment.map { String(decoding: $0, as: UTF8.self) }
    dialect.headerRows = UInt8(clamping: headerRecords)
    dialect.preambleRows = preamble.lines
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
