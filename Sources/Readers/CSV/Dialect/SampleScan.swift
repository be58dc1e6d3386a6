// SPDX-License-Identifier: Apache-2.0

/// Finds the records of a sample and the shape of each, and forgets their cells, which would take more memory than the
/// sample.
///
/// Records as wide as the one before are found by vectors (`RecordIndex`), any other by `CSVScanner`; both find the same
/// cells.
struct SampleScan {
  /// The bytes that vectors look at in one go.
  private static let piece = 8 << 10
  /// What is read byte by byte where a record is irregular, at the least and at the most, before vectors look again.
  private static let patience = 1...(1 << 20)

  private(set) var lines: [SampleLine] = []
  /// How records ended.
  private(set) var lineEnds: CSVScanner.LineEnds = []
  private let bytes: MappedBytes
  private let end: Int
  private var scanner: CSVScanner
  private var fields = FieldIndex()

  /// - Parameters:
  ///   - range: the sample, which starts with a record.
  ///   - isCut: whether the text goes on behind it: the last record is left out then, as it may be cut off.
  init(_ bytes: MappedBytes, range: Range<Int>, format: CSVFormat, isCut: Bool) {
    self.bytes = bytes
    end = range.upperBound
    scanner = CSVScanner(bytes, range: range, format: format, caps: .none)
    lines.reserveCapacity(range.count / 32)
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
      for record in 0..<answer.records { lines.append(SampleLine(record, of: index, number: lines.count, in: bytes)) }
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
      lines.append(SampleLine(record, of: fields, number: lines.count, in: bytes))
    }
    return scanner.position
  }

  /// Removes what the end of the sample cut: the last record, and all since a quote that only seems to be unclosed.
  private mutating func removeCutLines() {
    while lines.count > 1, let last = lines.last {
      lines.removeLast()
      guard let quote = scanner.unclosedQuote, last.start > quote else { break }
    }
  }
}

/// The cells of a sample's records.
struct SampleIndex {
  private enum Cells {
    case kept(FieldIndex)
    /// They are found again where they are asked for.
    case forgotten([SampleLine], CSVFormat, end: Int)
  }

  private let cells: Cells
  private let bytes: MappedBytes

  init(_ lines: [SampleLine], format: CSVFormat, end: Int, in bytes: MappedBytes) {
    cells = .forgotten(lines, format, end: end)
    self.bytes = bytes
  }

  init(_ index: FieldIndex, in bytes: MappedBytes) {
    cells = .kept(index)
    self.bytes = bytes
  }

  /// The cells of one record.
  func fields(of record: Int) -> [FieldPlace] {
    switch cells {
    case .kept(let index): Array(index.fields[index.fields(of: record)])
    case .forgotten: taking([record]).fields
    }
  }

  /// Some of the records, numbered from 0.
  func taking(_ records: some Sequence<Int>) -> FieldIndex {
    var taken = FieldIndex()
    for record in records {
      switch cells {
      case .kept(let index):
        taken.recordStarts.append(index.recordStarts[record])
        taken.fields += index.fields[index.fields(of: record)]
        taken.firstField.append(taken.fields.count)
      case .forgotten(let lines, let format, let end):
        var scanner = CSVScanner(bytes, range: lines[record].start..<end, format: format, caps: .none)
        do { try scanner.scan(until: scanner.position + 1, into: &taken) } catch { return taken }
      }
    }
    return taken
  }
}
