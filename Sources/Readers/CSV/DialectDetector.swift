// SPDX-License-Identifier: Apache-2.0

/// Finds how the cells of a text are told apart, from its first bytes.
///
/// The delimiter is the one under which records are most alike in shape and cells most often look like something: the
/// product of a pattern score and a type score, after van den Burg, Nazábal and Sutton, "Wrangling messy CSV files by
/// detecting row and type patterns" (2019).
package struct DialectDetector {
  /// Candidates, in the order in which they win ties.
  private static let delimiters: [UInt8] = [
    UInt8(ascii: ","), UInt8(ascii: ";"), 0x09, UInt8(ascii: "|"),
  ]
  /// The text that is looked at.
  package static let sampleBytes = 128 << 10
  /// The records that are scored.
  private static let sampleRecords = 1000

  private let bytes: MappedBytes
  private let range: Range<Int>

  package init(_ bytes: MappedBytes, range: Range<Int>) {
    self.bytes = bytes
    self.range = range.lowerBound..<min(range.upperBound, range.lowerBound + Self.sampleBytes)
  }

  /// The most plausible delimiter; a comma where there is only one column.
  package func delimiter() -> UInt8 {
    var best = (delimiter: Self.delimiters[0], score: 0.0)
    for candidate in Self.delimiters {
      let score = score(sample(CSVFormat(delimiter: candidate)))
      if score > best.score * 1.000_001 { best = (candidate, score) }
    }
    return best.delimiter
  }

  /// The records of the sample, without the last one where it may be cut off.
  package func sample(_ format: CSVFormat) -> FieldIndex {
    var scanner = CSVScanner(bytes, range: range, format: format, caps: .none)
    var index = FieldIndex()
    while !scanner.isAtEnd, index.recordCount < Self.sampleRecords {
      do { try scanner.scan(until: scanner.position + 1, into: &index) } catch { break }
    }
    if scanner.isAtEnd, range.upperBound < bytes.count { index.removeCutRecords(from: scanner.unclosedQuote) }
    return index
  }

  private func score(_ index: FieldIndex) -> Double {
    var lengths: [Int: Int] = [:]
    var cells = 0
    var known = 0
    for record in 0..<index.recordCount where !index.isBlank(record, in: bytes) {
      let range = index.fields(of: record)
      lengths[range.count, default: 0] += 1
      for field in range {
        cells += 1
        if isKnown(index.fields[field]) { known += 1 }
      }
    }
    guard cells > 0 else { return 0 }
    return patternScore(lengths) * (Double(known) / Double(cells))
  }

  /// Rewards records of one length, and more cells a record; one cell a record scores next to nothing.
  private func patternScore(_ lengths: [Int: Int]) -> Double {
    let sum = lengths.reduce(0.0) { sum, entry in
      let cells = Double(entry.key)
      return sum + Double(entry.value) * max(0.001, cells - 1) / cells
    }
    return sum / Double(lengths.count)
  }

  /// Whether a cell looks like a value: typed, absent, quoted, or text without another candidate in it.
  private func isKnown(_ field: FieldPlace) -> Bool {
    if field.isAbsent || field.isQuoted { return true }
    return bytes.withSpan(field.start..<field.end) { cell in
      if CellParser.classify(cell, isQuoted: false) != .text { return true }
      for index in cell.indices {
        let byte = cell[index]
        if Self.delimiters.contains(byte) || byte == UInt8(ascii: "\"") { return false }
      }
      return true
    }
  }
}

extension FieldIndex {
  /// Removes what the end of the sample cut: the last record, and all since a quote that only seems to be unclosed.
  fileprivate mutating func removeCutRecords(from quote: Int?) {
    while recordCount > 1, let last = recordStarts.last {
      recordStarts.removeLast()
      firstField.removeLast()
      guard let quote, last > quote else { break }
    }
  }
}
