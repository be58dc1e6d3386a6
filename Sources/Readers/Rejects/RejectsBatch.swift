// SPDX-License-Identifier: Apache-2.0

import IngestTables
import Validation

/// One record batch of a table of rejects, as its Arrow buffers.
struct RejectsBatch {
  /// A column of numbers.
  private struct Numbers {
    var validity: [UInt8] = []
    var values: [UInt64] = []

    mutating func append(_ value: UInt64?) {
      validity.appendBit(value != nil, at: values.count)
      values.append(value ?? 0)
    }
  }

  /// A column of texts.
  private struct Texts {
    var validity: [UInt8] = []
    var offsets: [Int32] = [0]
    var text: [UInt8] = []

    /// Ends the next text, whose bytes were appended; nil bytes stand for none.
    mutating func append(_ value: (some Collection<UInt8>)?) {
      validity.appendBit(value != nil, at: offsets.count - 1)
      if let value { text.append(contentsOf: value) }
      offsets.append(Int32(truncatingIfNeeded: text.count))
    }
  }

  private var line = Numbers()
  private var byteOffset = Numbers()
  private var column = Numbers()
  private var columnName = Texts()
  private var code = Texts()
  private var text = Texts()
  private var violations = Numbers()
  private var record = Texts()

  var rows: Int { line.values.count }
  var textBytes: Int { columnName.text.count + code.text.count + text.text.count + record.text.count }

  var shape: BatchShape {
    BatchShape(rows: UInt64(rows), sizes: [columnName, code, text, record].map { UInt64($0.text.count) })
  }

  mutating func append(
    _ reject: RejectedRecord, line: UInt64, byteOffset: UInt64, columnName name: String?, _ bytes: MappedBytes
  ) {
    let fault = reject.fault
    self.line.append(line)
    self.byteOffset.append(byteOffset)
    column.append(fault.column.map { UInt64($0 + 1) })
    columnName.append(name?.utf8)
    code.append(fault.code.rawValue.utf8)
    text.append(fault.cell.map { Self.shown($0, bytes) })
    violations.append(UInt64(reject.violations))
    record.append(Self.whole(reject.record, bytes))
  }

  private static func whole(_ record: Range<Int>, _ bytes: MappedBytes) -> [UInt8]? {
    guard record.count <= RejectsTable.longestRecord else { return nil }
    var text: [UInt8] = []
    bytes.append(record, to: &text)
    return text
  }

  /// The start of a cell's content that ends between two characters.
  private static func shown(_ cell: FieldPlace, _ bytes: MappedBytes) -> ArraySlice<UInt8> {
    // Two bytes of the file become one at most: what lies beyond twice the length is never shown.
    var start = cell
    start.length = min(cell.length, UInt32(2 * RejectsTable.longestText + 4))
    var content: [UInt8] = []
    start.appendContent(of: bytes, to: &content)
    var end = min(content.count, RejectsTable.longestText)
    // Back to where a character starts.
    while end < content.count, end > 0, content[end] & 0xC0 == 0x80 { end -= 1 }
    return content[..<end]
  }

  /// The buffers, in the order of the file.
  func withBuffers(_ body: (Span<UInt8>) throws -> Void) throws {
    for numbers in [line, byteOffset, column] { try Self.withBuffers(of: numbers, body) }
    for texts in [columnName, code, text] { try Self.withBuffers(of: texts, body) }
    try Self.withBuffers(of: violations, body)
    try Self.withBuffers(of: record, body)
  }

  private static func withBuffers(of column: Numbers, _ body: (Span<UInt8>) throws -> Void) throws {
    try body(column.validity.span)
    try column.values.withBytes { try body($0) }
  }

  private static func withBuffers(of column: Texts, _ body: (Span<UInt8>) throws -> Void) throws {
    try body(column.validity.span)
    try column.offsets.withBytes { try body($0) }
    try body(column.text.span)
  }
}
