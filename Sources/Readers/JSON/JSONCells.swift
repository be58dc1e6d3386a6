// SPDX-License-Identifier: Apache-2.0

import CJSON
import CScan

/// The cells of the records that a scan took, a column at a time.
struct JSONCells: CellIndex {
  private static let quote = UInt8(ascii: "\"")
  private static let backslash = UInt8(ascii: "\\")
  /// Up to here all bytes of the records are room enough for a column's texts.
  private static let fewColumns = 16

  let scan: JSONScan
  /// Where the scan started, and where it ended.
  let range: Range<Int>
  let columns: Int
  private(set) var records: Int

  init(_ scan: JSONScan, _ range: Range<Int>, columns: Int, records: Int) {
    self.scan = scan
    self.range = range
    self.columns = columns
    self.records = records
  }

  private func kinds(of column: Int) -> Int { Int(unsafe scan.cells(of: column).kinds) }

  func isEmpty(_ column: Int) -> Bool { kinds(of: column) == 0 }

  /// What was a value's may have been taken back with its record.
  func hasValues(_ column: Int, of bytes: MappedBytes) -> Bool { !isEmpty(column) && textBytes(column, of: bytes) > 0 }

  func mix(of column: Int) -> CellMix {
    let kinds = kinds(of: column)
    let text = Int(INGEST_JSON_STRING | INGEST_JSON_ESCAPED | INGEST_JSON_NESTED)
    return kinds & ~text == 0 ? .strings : kinds & text == 0 ? .plain : .mixed
  }

  func start(of record: Int) -> Int { range.lowerBound + scan.place(of: record).lowerBound }

  func place(of record: Int, in bytes: MappedBytes, end: Int) -> Range<Int>? {
    let place = scan.place(of: record)
    return range.lowerBound + place.lowerBound..<range.lowerBound + place.upperBound
  }

  func field(_ record: Int, _ column: Int, in bytes: MappedBytes) -> FieldPlace {
    let cells = unsafe scan.cells(of: column)
    guard unsafe cells.kinds != 0 else { return FieldPlace(start: start(of: record), length: 0, flags: .json) }
    // SAFETY: a column that has values has a place for each record.
    let (from, to) = unsafe (Int(cells.starts[record]), Int(cells.ends[record]))
    guard from < to else { return FieldPlace(start: start(of: record), length: 0, flags: .json) }
    let place = range.lowerBound + from..<range.lowerBound + to
    guard bytes[place.lowerBound] == Self.quote else {
      return FieldPlace(start: place.lowerBound, length: UInt32(place.count), flags: .json)
    }
    let content = place.lowerBound + 1..<place.upperBound - 1
    let isEscaped = bytes.firstIndex(of: Self.backslash, in: content) != nil
    return FieldPlace(
      start: content.lowerBound, length: UInt32(content.count),
      flags: isEscaped ? [.json, .quoted, .jsonEscaped] : [.json, .quoted])
  }

  @inline(__always)
  func withColumn<Result>(
    _ column: Int, _ bytes: MappedBytes, _ body: (UnsafePointer<ingest_column>) -> Result
  ) -> Result {
    let cells = unsafe scan.cells(of: column)
    precondition(unsafe cells.kinds != 0, "nothing is known of where a column without values lies")
    // SAFETY: the places are those of the last scan, which lie in these bytes; they outlive the call.
    var view = unsafe ingest_column(
      text: bytes.pointer + range.lowerBound, readable: bytes.count - range.lowerBound, ends: cells.ends,
      starts: cells.starts, columns: 1, column: 0, rows: records, set: ScanSet.best.rawValue, quote: Self.quote, gap: 0)
    return unsafe withUnsafePointer(to: &view) { unsafe body($0) }
  }

  func textRoom(_ column: Int, of bytes: MappedBytes) -> Int {
    columns <= Self.fewColumns ? range.count : textBytes(column, of: bytes)
  }

  func gather(
    _ column: Int, of bytes: MappedBytes, into text: inout [UInt8], used: Int, offsets: inout [Int32], at offset: Int,
    valid: inout [UInt8], nulls: inout Int
  ) -> Int {
    precondition(offsets.count >= offset + records && valid.count >= records)
    precondition(text.count >= used + textRoom(column, of: bytes) + 32)
    let cells = unsafe scan.cells(of: column)
    return unsafe text.withUnsafeMutableBufferPointer { text in
      unsafe offsets.withUnsafeMutableBufferPointer { offsets in
        unsafe valid.withUnsafeMutableBufferPointer { valid in
          guard let text = text.baseAddress, let offsets = offsets.baseAddress, let valid = valid.baseAddress else {
            return 0
          }
          // SAFETY: the rooms were just checked, and the places are those of the last scan.
          return unsafe ingest_json_gather(
            bytes.pointer + range.lowerBound, bytes.count - range.lowerBound, cells, records,
            Int32(truncatingIfNeeded: used), text + used, offsets + offset, valid, &nulls)
        }
      }
    }
  }

  mutating func remove(_ removed: [Int]) {
    scan.remove(removed)
    records -= removed.count
  }

  /// A record is one text.
  mutating func appendLists(to lists: inout ListBuilder, _ bytes: MappedBytes) {
    for record in 0..<records {
      guard let place = place(of: record, in: bytes, end: range.upperBound) else { continue }
      let field = FieldPlace(start: place.lowerBound, length: UInt32(place.count), flags: .json)
      lists.append([field], bytes, keepsAbsent: false)
    }
  }
}
