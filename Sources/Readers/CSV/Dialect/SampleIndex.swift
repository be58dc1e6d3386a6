// SPDX-License-Identifier: Apache-2.0

/// The cells of a sample's records.
struct SampleIndex {
  /// Those of the first records.
  private let kept: FieldIndex
  /// All records, where the cells of the others are found again when they are asked for.
  private let lines: [SampleLine]
  private let format: CSVFormat
  /// Where the sample ends.
  let end: Int
  private let bytes: MappedBytes

  init(_ scan: SampleScan, format: CSVFormat, end: Int, in bytes: MappedBytes) {
    (kept, lines) = (scan.cells, scan.lines)
    self.format = format
    self.end = end
    self.bytes = bytes
  }

  /// The cells of all records.
  init(_ index: FieldIndex, format: CSVFormat, in bytes: MappedBytes) {
    (kept, lines) = (index, [])
    self.format = format
    end = bytes.count
    self.bytes = bytes
  }

  /// The cells of one record.
  func fields(of record: Int) -> ArraySlice<FieldPlace> {
    record < kept.recordCount ? kept.fields[kept.fields(of: record)] : taking([record]).fields[...]
  }

  /// An index in which some records are found, ascending, and their numbers there.
  func finding(_ records: [Int]) -> (index: FieldIndex, records: [Int]) {
    if records.last ?? 0 < kept.recordCount { return (kept, records) }
    let index = taking(records)
    return (index, Array(0..<index.recordCount))
  }

  private func taking(_ records: [Int]) -> FieldIndex {
    var taken = FieldIndex()
    for record in records {
      if record < kept.recordCount {
        taken.recordStarts.append(kept.recordStarts[record])
        taken.fields += kept.fields[kept.fields(of: record)]
        taken.firstField.append(taken.fields.count)
      } else {
        var scanner = CSVScanner(bytes, range: lines[record].start..<end, format: format, caps: .none)
        do { try scanner.scan(until: scanner.position + 1, into: &taken) } catch { return taken }
      }
    }
    return taken
  }
}
