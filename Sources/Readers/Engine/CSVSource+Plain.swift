// SPDX-License-Identifier: Apache-2.0

import Validation

/// What the scan by vectors needs to know of a text.
extension CSVSource {
  /// What the scan looks for.
  var structure: RecordIndex.Structure {
    RecordIndex.Structure(
      delimiter: format.delimiter.first, quote: format.quote, endsWithReturn: endsWithReturn)
  }

  /// Whether the first line of the table ends with CR alone.
  private var endsWithReturn: Bool {
    let window = range.lowerBound..<min(range.upperBound, range.lowerBound + (64 << 10))
    guard let first = bytes.firstIndex(of: CSVScanner.carriageReturn, in: window),
      bytes.firstIndex(of: CSVScanner.lineFeed, in: window.lowerBound..<first) == nil
    else { return false }
    return first + 1 < range.upperBound && bytes[first + 1] != CSVScanner.lineFeed
  }

  /// No record that the scan takes is longer, so that each keeps all caps; 0 where it takes none.
  var longestPlainRecord: Int {
    format.isPlain ? min(caps.recordBytes, caps.cellBytes, 1 << 30) : 0
  }

  /// Refuses what is not text, in a range that starts and ends between two characters.
  func checkText(_ range: Range<Int>) throws(Rejection) {
    var check = TextCheck()
    try bytes.withSpan(range) { span throws(Rejection) in try check.check(span, at: range.lowerBound) }
    try check.finish(at: range.upperBound)
  }
}

extension CSVScanner {
  /// Goes on with the record that starts at `offset`, which is not before the last one.
  mutating func move(to offset: Int) { position = offset }
}
