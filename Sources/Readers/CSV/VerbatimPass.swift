// SPDX-License-Identifier: Apache-2.0

import IngestTables
import Validation
import WorkerProtocol

/// Reads every record as the list of its cells, as they stand; the header is a record like any other.
struct VerbatimPass {
  private let source: CSVSource
  private let limits: ReadLimits

  init(_ source: CSVSource, limits: ReadLimits) {
    self.source = source
    self.limits = limits
  }

  /// - Parameter check: judges the scanner when it has seen everything.
  func run(to output: ReaderOutput, check judge: (CSVScanner) throws -> Void) throws {
    let schema = Schema(fields: [Field(name: "cells", type: .listOfUTF8)])
    var writer = TableWriter(
      to: try output.open(.firstTable), schema: schema,
      outputLimit: limits.outputBytes(forInput: UInt64(source.bytes.count)))
    var scanner = source.makeScanner()
    var check = TextCheck()
    var records: UInt64 = 0
    var blank: UInt64 = 0
    var list = ListBuilder()
    var checked = 0
    while !scanner.isAtEnd {
      let done = scanner.position - source.range.lowerBound
      var index = FieldIndex()
      let block = Recipe.blockBytes(columns: 1)
      try scanner.scan(until: source.range.lowerBound + (done / block + 1) * block, into: &index)
      try source.bytes.withSpan(checked..<scanner.position) { piece throws(Rejection) in
        try check.check(piece, at: checked)
      }
      checked = scanner.position
      var rows: UInt64 = 0
      for record in 0..<index.recordCount {
        if index.isBlank(record, in: source.bytes), source.commonColumns != 1 {
          blank += 1
          continue
        }
        list.append(index.fields[index.fields(of: record)], source.bytes, keepsAbsent: false)
        rows += 1
      }
      records += rows
      guard records <= limits.rows else { throw Rejection(.tooManyRows, limit: limits.rows, actual: records) }
      if rows > 0 {
        try writer.write(BatchShape(rows: rows, sizes: list.sizes)) { try list.withBuffers($0) }
        list.removeAll()
      }
      try output.progress(UInt64(scanner.position), records)
    }
    try source.bytes.withSpan(checked..<source.bytes.count) { rest throws(Rejection) in
      try check.check(rest, at: checked)
    }
    try check.finish(at: source.bytes.count)
    try judge(scanner)
    var notes = blank > 0 ? [Note(.blankLines, count: blank)] : []
    if scanner.comments > 0 { notes.append(Note(.commentLines, count: scanner.comments)) }
    try output.finish(
      schema, writer.shapes,
      source.findings(
        hasQuotes: scanner.hasQuotes, lineEnds: scanner.lineEnds, records: records, headerRecords: 0, notes: notes))
  }
}
