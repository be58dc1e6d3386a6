// SPDX-License-Identifier: Apache-2.0

import Validation

/// Says which records are in no row: by their shape where reading is strict, and by what their cells must be.
///
/// A malformed record's cells are not judged: nobody knows which is which.
struct RecordJudge: Sendable {
  /// The columns that each record must have a cell for.
  let columns: Int
  /// How the text is taken apart, where that must be as it should.
  let strictFormat: CSVFormat?
  /// The columns whose cells are judged, in their order.
  let cells: [CellJudge]

  /// Judges a record.
  ///
  /// - Parameters:
  ///   - start: where it starts.
  ///   - place: where it lies, where its last cell does not tell.
  ///   - end: where the text ends.
  /// - Returns: nil where nothing is wrong.
  func judge(
    _ fields: ArraySlice<FieldPlace>, from start: Int, at place: Range<Int>? = nil, _ bytes: MappedBytes, end: Int
  ) -> RejectedRecord? {
    var faults = Faults()
    if let strictFormat { judgeShape(fields, strictFormat, bytes, &faults) }
    if faults.count == 0 { judgeCells(fields, bytes, &faults) }
    guard faults.count > 0 else { return nil }
    let record = place ?? start..<Self.end(of: fields.last, bytes, end)
    return RejectedRecord(
      record: record, fault: faults.first ?? faults.missing(at: record.upperBound), violations: faults.count)
  }

  /// What was found in one record, from left to right.
  private struct Faults {
    var count = 0
    var first: RejectedRecord.Fault?
    /// The first cell that the record lacks, and what that breaks.
    private var lacking: (code: RejectCode, column: Int)?

    mutating func add(_ code: RejectCode, _ column: Int, _ cell: FieldPlace, at offset: Int) {
      count += 1
      first = first ?? RejectedRecord.Fault(code: code, column: column, cell: cell, offset: offset)
    }

    mutating func addMissing(_ code: RejectCode, _ column: Int, count missing: Int = 1) {
      count += missing
      lacking = lacking ?? (code, column)
    }

    /// The fault of a record that has nothing wrong but what it lacks.
    func missing(at end: Int) -> RejectedRecord.Fault {
      RejectedRecord.Fault(
        code: lacking?.code ?? .tooFewCells, column: lacking?.column ?? 0, cell: nil, offset: end)
    }
  }

  private func judgeShape(
    _ fields: ArraySlice<FieldPlace>, _ format: CSVFormat, _ bytes: MappedBytes, _ faults: inout Faults
  ) {
    for (column, field) in fields.enumerated() {
      if let (code, offset) = field.quoteFault(bytes, format) {
        faults.add(code, column, field, at: offset)
      } else if column >= columns {
        faults.add(.tooManyCells, column, field, at: field.start)
      }
    }
    guard fields.count < columns else { return }
    faults.addMissing(.tooFewCells, fields.count, count: columns - fields.count)
  }

  private func judgeCells(_ fields: ArraySlice<FieldPlace>, _ bytes: MappedBytes, _ faults: inout Faults) {
    for cell in cells {
      let field = cell.column < fields.count ? fields[fields.startIndex + cell.column] : nil
      guard let code = cell.fault(of: field, bytes) else { continue }
      if let field {
        faults.add(code, cell.column, field, at: field.start)
      } else {
        faults.addMissing(code, cell.column)
      }
    }
  }

  /// Where a record ends: before its line end.
  private static func end(of field: FieldPlace?, _ bytes: MappedBytes, _ end: Int) -> Int {
    guard let field else { return end }
    guard field.isQuoted else { return field.end }
    // Only the closing quote and blanks stand there.
    var offset = min(field.end + 1, end)
    while offset < end, bytes[offset] == 0x20 { offset += 1 }
    return offset
  }
}
