// SPDX-License-Identifier: Apache-2.0

import Validation

/// What the scan by vectors needs to know of a text.
extension CSVSource: RecordSource {
  typealias Reader = BlockReader
  typealias Starts = BlockStart

  var listsSurplus: Bool { true }

  /// - Throws: `WrongEnd` where the table's end was guessed and lies within a quoted cell.
  func check(_ findings: PassFindings) throws {
    if endIsGuessed, findings.tally.unclosedQuotes.count > 0 { throw WrongEnd() }
  }

  /// What the scan looks for.
  var structure: RecordIndex.Structure { RecordIndex.Structure(format, endsWithReturn: endsWithReturn) }

  /// No record that the scan takes is longer, so that each keeps all caps; 0 where it takes none.
  var longestScannedRecord: Int {
    structure.isScannable ? min(caps.recordBytes, caps.cellBytes, 1 << 30) : 0
  }

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
