// SPDX-License-Identifier: Apache-2.0

/// Where one field's content lies in the input, without its quotes.
package struct FieldPlace: Sendable {
  package struct Flags: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    /// The content stood in quotes.
    package static let quoted = Flags(rawValue: 1)
    /// The content holds doubled quotes, each of which stands for one.
    package static let escaped = Flags(rawValue: 2)
    /// The quotes are apostrophes.
    package static let apostrophe = Flags(rawValue: 4)
    /// The content holds backslashes that escape what follows.
    package static let backslash = Flags(rawValue: 8)
    /// The first quote in the content that is in no pair closed the quotes, and text stands behind it.
    package static let tailed = Flags(rawValue: 16)
    /// A JSON value: what is quoted is a string, and may be nothing else.
    package static let json = Flags(rawValue: 32)
    /// The content holds a JSON string's escapes.
    package static let jsonEscaped = Flags(rawValue: 64)
  }

  package var start: Int
  package var length: UInt32
  package var flags: Flags

  @inline(__always) package var end: Int { start + Int(length) }
  @inline(__always) package var isQuoted: Bool { flags.contains(.quoted) }
  @inline(__always) var isTailed: Bool { flags.contains(.tailed) }
  /// An empty cell without quotes: no value.
  @inline(__always) package var isAbsent: Bool { length == 0 && !isQuoted }
}

extension FieldPlace {
  /// Where the cell ends, its closing quote included, if that is there: text can stand behind it, or the end of the file.
  func end(with quote: UInt8?, in bytes: MappedBytes) -> Int {
    isQuoted && end < bytes.count && bytes[end] == quote ? end + 1 : end
  }

  /// Appends the content as text: doubled quotes become one, and a backslash that escapes goes.
  @inline(__always)
  package func appendContent(of bytes: MappedBytes, to text: inout [UInt8]) {
    if flags.isDisjoint(with: [.escaped, .backslash, .tailed, .jsonEscaped]) {
      bytes.append(start..<end, to: &text)
    } else if flags.contains(.jsonEscaped) {
      JSONText.appendUnescaped(start..<end, of: bytes, to: &text)
    } else if flags.contains(.backslash) {
      appendUnescaped(of: bytes, to: &text)
    } else {
      appendUndoubled(of: bytes, to: &text)
    }
  }

  private var quote: UInt8 { flags.contains(.apostrophe) ? CSVFormat.apostrophe : CSVFormat.doubleQuote }

  private func appendUndoubled(of bytes: MappedBytes, to text: inout [UInt8]) {
    var position = start
    var isClosed = !flags.contains(.tailed)
    while let found = bytes.firstIndex(of: quote, in: position..<end) {
      let isDoubled = found + 1 < end && bytes[found + 1] == quote
      bytes.append(position..<(isDoubled || isClosed ? found + 1 : found), to: &text)
      isClosed = isClosed || !isDoubled
      position = found + (isDoubled ? 2 : 1)
    }
    bytes.append(position..<end, to: &text)
  }

  private func appendUnescaped(of bytes: MappedBytes, to text: inout [UInt8]) {
    var position = start
    while position < end {
      let byte = bytes[position]
      if position + 1 < end {
        let next = bytes[position + 1]
        let isDoubled = flags.contains(.escaped) && byte == quote && next == quote
        if isDoubled || byte == CSVFormat.backslash && CSVFormat.isEscapable(next) { position += 1 }
      }
      text.append(bytes[position])
      position += 1
    }
  }
}

/// The fields of a run of records.
package struct FieldIndex {
  package var fields: [FieldPlace] = []
  /// The number of the first field of each record, and one more: the number of all fields.
  package var firstField: [Int] = [0]
  /// The offset at which each record starts.
  package var recordStarts: [Int] = []

  package var recordCount: Int { recordStarts.count }

  package mutating func removeAll() {
    fields.removeAll(keepingCapacity: true)
    firstField.removeAll(keepingCapacity: true)
    firstField.append(0)
    recordStarts.removeAll(keepingCapacity: true)
  }

  /// The fields of one record.
  @inline(__always)
  package func fields(of record: Int) -> Range<Int> { firstField[record]..<firstField[record + 1] }

  /// The cell of a record in a column; nil where it has fewer.
  @inline(__always)
  func cell(_ column: Int, of record: Int) -> FieldPlace? {
    let range = fields(of: record)
    return column < range.count ? fields[range.lowerBound + column] : nil
  }

  /// The cells of a column, of those records that have one.
  func cells(_ column: Int, of records: some Sequence<Int>) -> [FieldPlace] {
    records.compactMap { cell(column, of: $0) }
  }

  /// Whether a record is a line with nothing but blanks on it.
  func isBlank(_ record: Int, in bytes: MappedBytes) -> Bool {
    let range = fields(of: record)
    guard range.count == 1, !fields[range.lowerBound].isQuoted else { return false }
    let field = fields[range.lowerBound]
    return (field.start..<field.end).allSatisfy { bytes[$0] == 0x20 || bytes[$0] == 0x09 }
  }
}
