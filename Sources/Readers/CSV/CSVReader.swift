// SPDX-License-Identifier: Apache-2.0

import Validation
package import WorkerProtocol

/// Reads delimited text as a table: one pass over the whole file decides, a second one converts.
package struct CSVReader {
  /// The input that is indexed at a time; small enough for the caches.
  static let pieceBytes = 256 << 10

  private let bytes: MappedBytes
  private let options: ReadOptions
  private let limits: ReadLimits

  package init(_ bytes: MappedBytes, options: ReadOptions, limits: ReadLimits) {
    self.bytes = bytes
    self.options = options
    self.limits = limits
  }

  /// Reads the text and hands the table over.
  ///
  /// - Throws: a `Rejection` with the offset and line in the text, or what `output` throws.
  package func read(to output: ReaderOutput) throws {
    do {
      let source = try CSVSource(bytes, options: options, limits: limits)
      if options.isVerbatim {
        try VerbatimPass(source, limits: limits).run(to: output)
      } else {
        var survey = SurveyPass(source, limits: limits)
        try survey.run(progress: output.progress)
        try ConversionPass(source, plan: try survey.plan(), limits: limits).run(to: output)
      }
    } catch var rejection as Rejection {
      if rejection.line == nil, let offset = rejection.byteOffset { rejection.line = line(of: Int(clamping: offset)) }
      throw rejection
    }
  }

  private func line(of offset: Int) -> UInt64? {
    LineCounter.lines(of: [offset], in: bytes)[offset]
  }
}

/// A text and how to take it apart.
struct CSVSource {
  let bytes: MappedBytes
  /// The text without its byte order mark.
  let range: Range<Int>
  let delimiter: UInt8
  let header: Dialect.HeaderFinding
  /// The columns of a table without a header: the most common number of cells.
  let commonColumns: Int
  /// What is known of the cells beforehand.
  let cells: CellOptions
  private let caps: CSVScanner.Caps

  init(_ bytes: MappedBytes, options: ReadOptions, limits: ReadLimits) throws(Rejection) {
    self.bytes = bytes
    cells = options.cells
    let hasMark = bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF
    range = (hasMark ? 3 : 0)..<bytes.count
    let detector = DialectDetector(bytes, range: range)
    delimiter = detector.delimiter()
    let sample = detector.sample(delimiter: delimiter)
    header =
      switch options.header {
      case .auto: HeaderDetector.detect(sample, in: bytes)
      case .always: .present
      case .never: .absent
      }
    commonColumns = Self.commonColumns(sample, bytes)
    caps = CSVScanner.Caps(
      columns: Int(clamping: limits.columns), recordBytes: Int(clamping: limits.recordBytes),
      cellBytes: Int(clamping: min(limits.cellBytes, UInt64(UInt32.max))))
  }

  func makeScanner() -> CSVScanner {
    CSVScanner(bytes, range: range, delimiter: delimiter, caps: caps)
  }

  private static func commonColumns(_ sample: FieldIndex, _ bytes: MappedBytes) -> Int {
    var counts: [Int: Int] = [:]
    for record in 0..<sample.recordCount where !sample.isBlank(record, in: bytes) {
      counts[sample.fields(of: record).count, default: 0] += 1
    }
    return counts.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key ?? 1
  }

  /// The dialect, once `scanner` has seen the whole text.
  func dialect(after scanner: CSVScanner) -> Dialect {
    let newline: Dialect.Newline =
      switch scanner.lineEnds {
      case []: .none
      case .lineFeed: .lf
      case .both: .crlf
      case .carriageReturn: .cr
      default: .mixed
      }
    return Dialect(
      delimiter: delimiter, hasQuotes: scanner.hasQuotes, newline: newline, header: header,
      hasByteOrderMark: range.lowerBound > 0)
  }
}
