// SPDX-License-Identifier: Apache-2.0

import Validation

/// Reads the records of one block of a delimited text into columns, on one thread.
///
/// Records of the table's own width with quotes where they belong are found by the scan and converted a column at a
/// time; every other record is taken apart by `CSVScanner`, byte by byte. Both give the same cells.
struct BlockReader: BlockReading {
  /// What is read byte by byte where a record is irregular, at the least and at the most, before the scan is tried again.
  private static let patience = 1...(1 << 20)

  private let source: CSVSource
  private let longestPiece: Int
  /// The input that is indexed at a time.
  private let pieceBytes: Int
  private var index: RecordIndex
  private var fields = FieldIndex()
  private var probe = FieldIndex()
  var table: BlockRows
  private(set) var tableEnd: Int?

  init(_ source: CSVSource, _ plan: PassPlan, outputLimit: UInt64, pieceBytes: Int) {
    self.source = source
    table = BlockRows(source, plan, outputLimit: outputLimit)
    index = RecordIndex(source.structure, columns: max(1, plan.columnCount))
    self.pieceBytes = Self.pieceBytes(pieceBytes, columns: plan.columnCount)
    longestPiece = source.longestScannedRecord
  }

  mutating func start(block: Int) {
    tableEnd = nil
    table.start(block: block)
  }

  mutating func read(from start: Int, to end: Int, flush: (inout BlockReader) throws -> Void) throws -> Int {
    var position = start
    var piece = pieceBytes
    var slowly = Self.patience.lowerBound
    var scanner: CSVScanner?
    while position < end, tableEnd == nil {
      if table.isFull { try flush(&self) }
      if piece <= longestPiece {
        let stop = min(position + piece, source.range.upperBound)
        let answer = index.scan(source.bytes, from: position, to: stop, limit: end)
        try appendScanned(answer)
        position += answer.bytes
        slowly =
          answer.bytes > pieceBytes / 8 ? Self.patience.lowerBound : min(slowly * 2, Self.patience.upperBound)
        if answer.stop == .incomplete, stop < source.range.upperBound {
          // A record longer than the piece.
          if answer.records == 0 { piece *= 2 }
          continue
        }
        guard position < end, position < source.range.upperBound else { break }
      }
      piece = pieceBytes
      position = try readSlowly(from: position, to: min(end, position + slowly), &scanner)
      if longestPiece < pieceBytes { slowly = pieceBytes }
    }
    if let scanner { table.tally.add(scanner) }
    return max(position, start)
  }

  /// Wide tables get longer pieces, so that a column has enough cells in each.
  private static func pieceBytes(_ least: Int, columns: Int) -> Int {
    var bytes = least
    while bytes < 1 << 20, columns * 1024 > bytes { bytes *= 2 }
    return bytes
  }

  private mutating func appendScanned(_ answer: RecordIndex.Answer) throws(Rejection) {
    table.tally.lineEnds.formUnion(answer.lineEnds)
    if answer.comments > 0 { table.tally.comments.add(answer.comments, at: answer.firstComment) }
    guard answer.records > 0 else { return }
    try table.append(&index)
    table.tally.hasQuotes = table.tally.hasQuotes || answer.hasQuotes
  }

  // MARK: Byte by byte

  private mutating func readSlowly(
    from start: Int, to end: Int, _ kept: inout CSVScanner?
  ) throws -> Int {
    var scanner = kept ?? source.makeScanner()
    scanner.move(to: start)
    fields.removeAll()
    defer { kept = scanner }
    try scanner.scan(until: end, into: &fields)
    try table.checkRoom(for: fields.recordCount)
    for record in 0..<fields.recordCount {
      let cells = fields.fields[fields.fields(of: record)]
      guard fields.isBlank(record, in: source.bytes), table.plan.columnCount != 1 else {
        let start = fields.recordStarts[record]
        if !table.reject(cells, from: start) { table.append(cells, from: start) }
        continue
      }
      table.tally.blank.add(at: fields.recordStarts[record])
      let next = record + 1 < fields.recordCount ? fields.recordStarts[record + 1] : scanner.position
      if isBorder(next) {
        tableEnd = next
        return next
      }
    }
    return scanner.position
  }

  /// Whether another table starts behind a blank line.
  private mutating func isBorder(_ offset: Int) -> Bool {
    guard let (border, from) = source.border, offset >= from, offset < source.range.upperBound else { return false }
    return border.isCrossed(at: offset, end: source.range.upperBound, in: source.bytes, &probe)
  }
}
