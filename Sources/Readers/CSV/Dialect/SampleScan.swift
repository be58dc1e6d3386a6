// SPDX-License-Identifier: Apache-2.0

/// Finds the records of a sample and the shape of each, and forgets most of their cells, which would take more memory
/// than the sample.
///
/// Records as wide as the one before are found by vectors (`RecordIndex`), any other by `CSVScanner`; both find the same
/// cells.
struct SampleScan {
  /// The bytes that vectors look at in one go.
  private static let piece = 8 << 10
  /// What is read byte by byte where a record is irregular, at the least and at the most, before vectors look again.
  private static let patience = 1...(1 << 20)

  /// The cells that are kept at the most, but for those of a last record: those that `HeaderDetector` looks at, and the
  /// lines above them.
  private static let mostKept = (cells: 4_200, records: HeaderDetector.mostRecords + TableTop.most)

  private(set) var lines: [SampleLine] = []
  /// The cells of the first of them.
  private(set) var cells = FieldIndex()
  /// How records ended.
  private(set) var lineEnds: CSVScanner.LineEnds = []
  private let bytes: MappedBytes
  private let end: Int
  private var scanner: CSVScanner
  private var fields = FieldIndex()
  private var keepsCells: Bool

  /// - Parameters:
  ///   - range: the sample, which starts with a record.
  ///   - isCut: whether the text goes on behind it: the last record is left out then, as it may be cut off.
  ///   - keepsCells: whether the cells of the first records are kept.
  init(_ bytes: MappedBytes, range: Range<Int>, format: CSVFormat, isCut: Bool, keepsCells: Bool) {
    self.bytes = bytes
    self.keepsCells = keepsCells
    end = range.upperBound
    scanner = CSVScanner(bytes, range: range, format: format, caps: .none)
    lines.reserveCapacity(range.count / 32)
    if keepsCells {
      cells.fields.reserveCapacity(min(range.count / 2, Self.mostKept.cells * 5 / 4))
      cells.firstField.reserveCapacity(Self.mostKept.records + 1)
      cells.recordStarts.reserveCapacity(Self.mostKept.records)
    }
    scan(range.lowerBound, format)
    lineEnds.formUnion(scanner.lineEnds)
    if isCut { removeCutLines() }
  }

  private mutating func scan(_ start: Int, _ format: CSVFormat) {
    var position = scanSlowly(from: start, to: start + 1)
    // A scan knows one way in which most records end.
    let structure = RecordIndex.Structure(format, endsWithReturn: scanner.lineEnds == .carriageReturn)
    guard structure.isScannable else { return _ = scanSlowly(from: position, to: end) }
    var index = RecordIndex(structure, columns: 1)
    var slowly = Self.patience.lowerBound
    while position < end {
      position = scanSlowly(from: position, to: min(end, position + slowly))
      index.columns = lines.last?.width ?? 1
      let regular = scanRegular(from: position, &index)
      slowly =
        regular - position > Self.piece / 8 ? Self.patience.lowerBound : min(slowly * 2, Self.patience.upperBound)
      position = regular
    }
  }

  /// Takes records as wide as the last one; returns where the first other one starts.
  private mutating func scanRegular(from start: Int, _ index: inout RecordIndex) -> Int {
    var position = start
    var piece = Self.piece
    while position < end {
      let stop = min(position + piece, end)
      let answer = index.scan(bytes, from: position, to: stop, limit: stop)
      for record in 0..<answer.records {
        if keepsCells { keep(record, of: index) }
        lines.append(SampleLine(record, of: index, in: bytes))
      }
      lineEnds.formUnion(answer.lineEnds)
      position += answer.bytes
      guard answer.stop != .irregular else { break }
      if answer.stop == .incomplete {
        guard stop < end else { break }
        // A record longer than the piece.
        if answer.records == 0 { piece *= 2 }
      }
    }
    return position
  }

  /// Takes the records that start before `limit`; returns where the next one starts.
  private mutating func scanSlowly(from start: Int, to limit: Int) -> Int {
    fields.removeAll()
    scanner.move(to: start)
    // There are no caps that a record could break.
    do { try scanner.scan(until: limit, into: &fields) } catch { return end }
    for record in 0..<fields.recordCount {
      if keepsCells { keep(record, of: fields) }
      lines.append(SampleLine(record, of: fields, in: bytes))
    }
    return scanner.position
  }

  private mutating func keep(_ record: Int, of index: RecordIndex) {
    index.appendFields(of: record, in: bytes, to: &cells.fields)
    endKept(index.start(of: record))
  }

  private mutating func keep(_ record: Int, of index: FieldIndex) {
    cells.fields += index.fields[index.fields(of: record)]
    endKept(index.recordStarts[record])
  }

  private mutating func endKept(_ start: Int) {
    cells.firstField.append(cells.fields.count)
    cells.recordStarts.append(start)
    keepsCells = cells.fields.count < Self.mostKept.cells && cells.recordCount < Self.mostKept.records
  }

  /// Removes what the end of the sample cut: the last record, and all since a quote that only seems to be unclosed.
  private mutating func removeCutLines() {
    while lines.count > 1, let last = lines.last {
      lines.removeLast()
      guard let quote = scanner.unclosedQuote, last.start > quote else { break }
    }
  }
}
