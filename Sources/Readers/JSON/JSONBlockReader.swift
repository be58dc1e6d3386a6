// SPDX-License-Identifier: Apache-2.0

import Validation

/// Reads the records of one block of a JSON text into columns, on one thread.
struct JSONBlockReader: BlockReading {
  private let source: JSONSource
  private let plan: PassPlan
  private let pieceBytes: Int
  private let scan: JSONScan
  private let columns: Int
  var table: BlockRows
  var tableEnd: Int? { nil }

  init(_ source: JSONSource, _ plan: PassPlan, outputLimit: UInt64, pieceBytes: Int) {
    self.source = source
    self.plan = plan
    self.pieceBytes = pieceBytes
    scan = JSONScan(source.form, source.tree)
    columns = plan.columnCount
    table = BlockRows(source, plan, outputLimit: outputLimit)
  }

  mutating func start(block: Int) {
    table.start(block: block)
    // What a block adds must not depend on those that this thread had before.
    if plan.findsKeys { scan.relearn(source.tree) }
  }

  mutating func read(from start: Int, to end: Int, flush: (inout JSONBlockReader) throws -> Void) throws -> Int {
    var position = start
    while position < end {
      if table.isFull { try flush(&self) }
      let limit = min(position + pieceBytes, end)
      let answer = scan.scan(
        source.bytes, from: position, limit: limit, in: source.range, findsKeys: plan.findsKeys)
      try append(answer, from: position)
      position += answer.bytes
      if let (fault, record) = answer.fault { try refuse(fault, record) }
    }
    if plan.findsKeys { table.keys = scan.tree }
    return max(position, start)
  }

  private mutating func append(_ answer: JSONScan.Answer, from start: Int) throws(Rejection) {
    table.tally.lineEnds.formUnion(answer.lineEnds)
    if answer.blanks > 0 { table.tally.blank.add(answer.blanks, at: answer.firstBlank) }
    table.lacksColumns = table.lacksColumns || answer.hasUnknown
    guard answer.records > 0 else { return }
    var cells = JSONCells(scan, start..<start + answer.bytes, columns: columns, records: answer.records)
    try table.append(&cells)
  }

  /// Rejects a line that is no record; of any other text nobody knows where the next record starts.
  private mutating func refuse(_ fault: JSONFault, _ record: Range<Int>) throws(Rejection) {
    guard source.form.hasLines, fault.isMalformation || fault.isNoRecord else { throw fault.rejection(source.form) }
    let code: RejectCode = fault.isNoRecord ? .notARecord : .jsonMalformed
    table.reject(
      RejectedRecord(
        record: record, fault: RejectedRecord.Fault(code: code, column: nil, cell: nil, offset: fault.offset),
        violations: 1))
  }
}
