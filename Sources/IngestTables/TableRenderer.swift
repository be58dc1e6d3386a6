// SPDX-License-Identifier: Apache-2.0

/// A text form of a table.
public enum TextRepresentation: String, Sendable, CaseIterable {
  /// RFC 4180, UTF-8: null bare, the empty text quoted, floats in their shortest exact form.
  case csv
  /// One JSON array of one object a row.
  case json
  /// One JSON object a line.
  case ndjson
}

/// Writes a table's rows as text, batch by batch, into buffers of the caller's.
public struct TableRenderer: Sendable {
  private let schema: Schema
  private let representation: TextRepresentation
  /// Each column's key as JSON text with its colon; made once.
  private let keys: [[UInt8]]
  private var isFirstRow = true

  /// A renderer of a table with this schema.
  public init(_ schema: Schema, as representation: TextRepresentation) {
    self.schema = schema
    self.representation = representation
    keys = schema.fields.map { field in
      var key: [UInt8] = []
      JSONText.append(field.name.utf8, to: &key)
      return key + [UInt8(ascii: ":")]
    }
  }

  /// What comes before the rows: the header line of CSV, the opening bracket of JSON.
  public func appendStart(to output: inout [UInt8]) {
    switch representation {
    case .csv:
      for (index, field) in schema.fields.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        CSVText.append(field.name.utf8, to: &output)
      }
      output += CSVText.lineEnd
    case .json: output.append(UInt8(ascii: "["))
    case .ndjson: break
    }
  }

  /// Rows of a batch.
  public mutating func append(_ batch: RecordBatch, rows: Range<Int>, to output: inout [UInt8]) {
    for row in rows.clamped(to: 0..<batch.rowCount) {
      switch representation {
      case .csv: appendRecord(batch, row, to: &output)
      case .json:
        output += Array((isFirstRow ? "\n" : ",\n").utf8)
        appendObject(batch, row, to: &output)
      case .ndjson:
        appendObject(batch, row, to: &output)
        output.append(UInt8(ascii: "\n"))
      }
      isFirstRow = false
    }
  }

  /// What comes after the rows.
  public func appendEnd(to output: inout [UInt8]) {
    if representation == .json { output += Array("\n]\n".utf8) }
  }

  private func appendRecord(_ batch: RecordBatch, _ row: Int, to output: inout [UInt8]) {
    for (index, column) in batch.columns.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      CSVText.append(column[row], to: &output)
    }
    output += CSVText.lineEnd
  }

  private func appendObject(_ batch: RecordBatch, _ row: Int, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "{"))
    for (index, column) in batch.columns.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      output += keys[index]
      JSONText.append(column[row], to: &output)
    }
    output.append(UInt8(ascii: "}"))
  }
}

/// CSV texts (RFC 4180).
package enum CSVText {
  package static let lineEnd: [UInt8] = [0x0D, 0x0A]

  /// Appends a value as one cell: null is bare, the empty text is quoted, and so they stay apart.
  package static func append(_ value: Value, to output: inout [UInt8]) {
    if case .null = value { return }
    append(value.text.utf8, to: &output)
  }

  /// The words that a reader of ours takes for null beside typed cells, unless they are quoted.
  private static let nullWords: Set<[UInt8]> = Set(
    ["NA", "N/A", "#N/A", "null", "NULL", "None", "-"].map { Array($0.utf8) })

  private static func needsQuotes(_ text: some Collection<UInt8>) -> Bool {
    if text.isEmpty { return true }
    // Other delimiters too, so that whoever detects the dialect finds the comma.
    let special = text.contains { byte in
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "|"), 0x09, 0x0A, 0x0D: true
      default: false
      }
    }
    return special || text.count <= 4 && nullWords.contains(Array(text))
  }

  /// Appends a text as one cell, quoted where it would be read as something else without.
  package static func append(_ text: some Collection<UInt8>, to output: inout [UInt8]) {
    let quote = UInt8(ascii: "\"")
    guard needsQuotes(text) else {
      output.append(contentsOf: text)
      return
    }
    output.append(quote)
    for byte in text {
      if byte == quote { output.append(quote) }
      output.append(byte)
    }
    output.append(quote)
  }
}

/// Writes the records of a table that was read verbatim: one `list<utf8>` column, each list with as many cells as its
/// record had.
public struct VerbatimRenderer: Sendable {
  private let representation: TextRepresentation
  private var isFirstRow = true

  /// A renderer of verbatim records.
  public init(as representation: TextRepresentation) { self.representation = representation }

  /// What comes before the records.
  public func appendStart(to output: inout [UInt8]) {
    if representation == .json { output.append(UInt8(ascii: "[")) }
  }

  /// The records of a batch.
  public mutating func append(_ batch: RecordBatch, to output: inout [UInt8]) {
    guard let column = batch.columns.first else { return }
    for row in 0..<batch.rowCount {
      let value = column[row]
      switch representation {
      case .csv: appendRecord(value, to: &output)
      case .json:
        output += Array((isFirstRow ? "\n" : ",\n").utf8)
        JSONText.append(value, to: &output)
      case .ndjson:
        JSONText.append(value, to: &output)
        output.append(UInt8(ascii: "\n"))
      }
      isFirstRow = false
    }
  }

  /// What comes after the records.
  public func appendEnd(to output: inout [UInt8]) {
    if representation == .json { output += Array("\n]\n".utf8) }
  }

  private func appendRecord(_ value: Value, to output: inout [UInt8]) {
    guard case .list(let cells) = value else { return }
    for (index, cell) in cells.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      // A lone empty cell would be a blank line, which readers skip, so it is quoted.
      let text = cell ?? ""
      if !text.isEmpty || cells.count == 1 { CSVText.append(text.utf8, to: &output) }
    }
    output += CSVText.lineEnd
  }
}
