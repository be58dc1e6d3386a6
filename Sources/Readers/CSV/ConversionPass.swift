// SPDX-License-Identifier: Apache-2.0

import IngestTables
import Validation
import WorkerProtocol

/// The second pass: converts every cell to its column's type, a column at a time within a piece of input.
struct ConversionPass {
  private let source: CSVSource
  private let plan: ConversionPlan
  private let limits: ReadLimits

  init(_ source: CSVSource, plan: ConversionPlan, limits: ReadLimits) {
    self.source = source
    self.plan = plan
    self.limits = limits
  }

  /// No piece of input holds more records than bytes.
  private static let mostRows = Int(ArrowLayout.maximumRows) - CSVReader.pieceBytes

  func run(to output: ReaderOutput) throws {
    let schema = Schema(fields: plan.fields)
    let outputLimit = limits.outputBytes(forInput: UInt64(source.bytes.count))
    try checkOutput(limit: outputLimit)
    var writer = TableWriter(to: try output.open(), schema: schema, outputLimit: outputLimit)
    var scanner = source.makeScanner()
    var batch = BatchBuilder(plan)
    var skipsHeader = source.header != .absent
    let block = Recipe.blockBytes(columns: plan.fields.count)
    var records: UInt64 = 0
    while !scanner.isAtEnd {
      // Blocks are counted from the start of the text, so a batch does not depend on how far a record reaches.
      let done = scanner.position - source.range.lowerBound
      let blockEnd = source.range.lowerBound + (done / block + 1) * block
      // The block of a wide table can hold more short records than a batch has room for.
      while scanner.position < blockEnd, !scanner.isAtEnd, batch.rows <= Self.mostRows {
        try batch.append(
          from: &scanner, until: min(blockEnd, scanner.position + CSVReader.pieceBytes), source.bytes,
          skippingHeader: &skipsHeader)
        records = batch.recordsSeen
        try output.progress(UInt64((source.bytes.count + scanner.position) / 2), records)
      }
      guard batch.rows > 0 else { continue }
      try writer.write(batch.shape) { try batch.withBuffers($0) }
      batch.removeAll()
    }
    try output.finish(schema, writer.shapes, plan.findings)
  }

  /// Refuses short records of a wide table before they are spread out in memory.
  private func checkOutput(limit: UInt64) throws(Rejection) {
    let bits = plan.fields.reduce(0) { $0 + $1.type.bitsPerRow }
    let rows = plan.findings.records - plan.findings.setAside
    let (product, overflowed) = rows.multipliedReportingOverflow(by: bits)
    guard !overflowed, product / 8 <= limit else {
      throw Rejection(.outputTooLarge, limit: limit, actual: overflowed ? .max : product / 8)
    }
  }
}

extension ColumnType {
  /// What a row takes at least, its validity included.
  fileprivate var bitsPerRow: UInt64 {
    switch self {
    case .null: 0
    case .bool: 2
    case .date, .utf8, .listOfUTF8: 33
    case .int64, .uint64, .float64, .timestamp, .timestampNanoseconds, .time: 65
    case .decimal: 129
    }
  }
}

/// Collects the columns of one record batch.
private struct BatchBuilder {
  private let columnCount: Int
  private let keepsBlankLines: Bool
  private var columns: [ColumnBuilder]
  private var extra: ListBuilder?
  private var index = FieldIndex()
  private(set) var rows = 0
  private(set) var recordsSeen: UInt64 = 0

  init(_ plan: ConversionPlan) {
    columns = plan.decisions.map { ColumnBuilder($0) }
    columnCount = plan.columns
    keepsBlankLines = plan.keepsBlankLines
    extra = plan.hasExtra ? ListBuilder() : nil
  }

  var shape: BatchShape {
    BatchShape(rows: UInt64(rows), sizes: columns.flatMap(\.sizes) + (extra?.sizes ?? []))
  }

  func withBuffers(_ body: (Span<UInt8>) throws -> Void) throws {
    for column in columns { try column.withBuffers(body) }
    try extra?.withBuffers(body)
  }

  mutating func removeAll() {
    for column in columns.indices { columns[column].removeAll() }
    extra?.removeAll()
    rows = 0
  }

  mutating func append(
    from scanner: inout CSVScanner, until limit: Int, _ bytes: MappedBytes, skippingHeader: inout Bool
  ) throws {
    index.removeAll()
    try scanner.scan(until: limit, into: &index)
    var records: [Int] = []
    records.reserveCapacity(index.recordCount)
    for record in 0..<index.recordCount {
      // A blank line before the header is never a row.
      if index.isBlank(record, in: bytes), skippingHeader || !keepsBlankLines { continue }
      if skippingHeader { skippingHeader = false } else { records.append(record) }
    }
    for column in columns.indices { try columns[column].append(column: column, of: records, in: index, bytes) }
    if extra != nil { appendExtra(records, bytes) }
    rows += records.count
    recordsSeen += UInt64(records.count)
  }

  /// Surplus cells up to the last one that is not absent.
  private mutating func appendExtra(_ records: [Int], _ bytes: MappedBytes) {
    for record in records {
      let surplus = index.fields[index.fields(of: record)].dropFirst(columnCount)
      let last = surplus.lastIndex { !$0.isAbsent }
      extra?.append(last.map { surplus[...$0] } ?? [], bytes, keepsAbsent: true)
    }
  }
}

extension ReadLimits {
  /// What the bodies of an upload of `input` bytes may take.
  func outputBytes(forInput input: UInt64) -> UInt64 {
    let (product, overflowed) = input.multipliedReportingOverflow(by: outputFactor)
    let (sum, overflowedAgain) = product.addingReportingOverflow(outputBase)
    return overflowed || overflowedAgain ? .max : sum
  }
}
