// SPDX-License-Identifier: Apache-2.0

import Validation
import WorkerProtocol

/// A table of a text: where it lies, and how to take it apart.
package struct CSVSource: Sendable {
  let bytes: MappedBytes
  /// The table with what stands right above it and below it, up to the next table.
  let text: Range<Int>
  package let format: CSVFormat
  /// The table: from its first header record, or its first row, to its end.
  ///
  /// What of `text` lies outside is set aside, and only checked as text.
  let range: Range<Int>
  /// What lines of comment start with, within the table or above it.
  let comment: [UInt8]?
  /// The records at the start of the range that name the columns.
  let headerRecords: Int
  let header: Dialect.HeaderFinding
  let headerStart: HeaderStart
  /// The columns that the table has at least, and exactly where there is no header.
  let commonColumns: Int
  /// Whether lines end with CR alone, as far as a sample shows.
  let endsWithReturn: Bool
  /// Whether the end of a long table was found without reading up to it, where quotes are not known.
  let endIsGuessed: Bool
  /// What tells where another table starts, and from which offset on that was not looked for; nil where all is known.
  let border: (TableBorder, from: Int)?
  /// How sure the format is, and why.
  let evidence: DialectEvidence
  /// What is known of the cells beforehand.
  let cells: CellOptions
  /// Whether records must be formed as they should.
  let isStrict: Bool
  /// How many records may be in no row.
  let mostRejects: UInt64
  let hasMark: Bool
  let caps: CSVScanner.Caps

  /// Looks at a stretch of a text.
  ///
  /// - Parameters:
  ///   - skipped: what of its start is no part of the table, whatever stands there.
  ///   - named: what the text says that parts its cells.
  ///   - further: gets where further tables start, as far as the look reaches.
  init(
    _ bytes: MappedBytes, _ stretch: Range<Int>, skipped: Int, named: UInt8?, options: ReadOptions,
    caps: CSVScanner.Caps, _ search: TableStructure.Search, further: inout [Int]
  ) {
    self.bytes = bytes
    self.caps = caps
    cells = options.cells
    isStrict = options.isStrict
    mostRejects = options.maxRejects
    hasMark = bytes.hasMark
    let rest = stretch.lowerBound + skipped..<stretch.upperBound
    let detector = DialectDetector(bytes, range: rest, options: options.dialect, named: named)
    var (format, prefix, evidence) = detector.detect()
    // Where quotes are so wrong that they look like text, strict reading shall say so.
    if options.isStrict, options.dialect.quote == nil, format.quote == nil { format.quote = CSVFormat.doubleQuote }
    let structure = TableStructure(
      detector, format: format, comment: prefix, in: bytes, text: rest, options: options.dialect, search)
    endIsGuessed = structure.endIsGuessed
    endsWithReturn = structure.lineEnds == .carriageReturn
    format.comment = structure.hasInnerComments ? prefix : nil
    comment = structure.comment
    self.format = format
    further = structure.furtherTables
    text = stretch.lowerBound..<(further.first ?? stretch.upperBound)
    border = structure.border
    header =
      switch options.dialect.headerRows == nil ? options.header : .auto {
      case .auto: structure.header
      case .always: .present
      case .never: .absent
      }
    headerRecords = header == .absent ? 0 : max(1, structure.headerDepth)
    // Names behind a mark of comment are no record of cells.
    let readsNames = headerRecords > 0 && !options.isVerbatim
    let start = readsNames ? structure.start : structure.startBelowMark ?? structure.start
    range = start..<structure.end
    // In strict reading each column has a name.
    let isAsked = readsNames && headerRecords == 1 && !(options.isStrict && structure.headerStart == .secondName)
    headerStart = isAsked ? structure.headerStart : .name
    commonColumns = structure.columns
    if structure.headerDepth > 1 {
      evidence.reasons.append("\(structure.headerDepth) records of text stand above the values")
    }
    if let (cells, common) = structure.unevenHeader {
      evidence.reasons.append("the header has \(cells) cells and most records have \(common)")
    }
    switch headerStart {
    case .name: break
    case .secondName: evidence.reasons.append("the first column holds names of rows and has no name")
    case .mark: evidence.reasons.append("a mark of comment stands before the names")
    }
    self.evidence = evidence
  }

  /// A scanner of the table's header, which a mark of comment may start.
  func makeHeaderScanner() -> CSVScanner {
    var format = format
    if headerStart == .mark { format.comment = nil }
    return CSVScanner(bytes, range: range, format: format, caps: caps, width: commonColumns)
  }

  /// A scanner of the table.
  func makeScanner() -> CSVScanner {
    CSVScanner(bytes, range: range, format: format, caps: caps, width: commonColumns)
  }
}

extension MappedBytes {
  /// Whether a byte order mark stands before the text.
  var hasMark: Bool { hasMark(at: 0) }

  func hasMark(at start: Int) -> Bool {
    count >= start + 3 && self[start] == 0xEF && self[start + 1] == 0xBB && self[start + 2] == 0xBF
  }

  /// Where a text ends: DOS programs wrote a Ctrl-Z behind it, which is no part of it.
  func endOfText(from start: Int) -> Int { count > start && self[count - 1] == 0x1A ? count - 1 : count }
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
    dialect.confidence = UInt16(clamping: Int(evidence.confidence * 1000))
    dialect.reasons = evidence.reasons
    dialect.runnerUp = evidence.runnerUp.map { format in
      Dialect.RunnerUp(delimiter: format.delimiter.text, quote: format.quote.map { String(UnicodeScalar($0)) })
    }
    return dialect
  }
}
