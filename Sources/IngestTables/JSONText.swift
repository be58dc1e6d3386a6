// SPDX-License-Identifier: Apache-2.0

/// JSON texts (RFC 8259) of a table's values.
package enum JSONText {
  /// Appends a string with its quotes.
  package static func append(_ text: some Sequence<UInt8>, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    for byte in text {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): output += [UInt8(ascii: "\\"), byte]
      case 0x0A: output += Array("\\n".utf8)
      case 0x0D: output += Array("\\r".utf8)
      case 0x09: output += Array("\\t".utf8)
      case 0..<0x20, 0x7F: output += Array(("\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16)).utf8)
      default: output.append(byte)
      }
    }
    output.append(UInt8(ascii: "\""))
  }

  /// Appends a value.
  ///
  /// NaN and infinities do not exist in JSON and become null. A decimal is a string: most readers make a binary64 of a
  /// number, which would lose its digits.
  package static func append(_ value: Value, to output: inout [UInt8]) {
    switch value {
    case .null: output += Array("null".utf8)
    case .float64(let number) where !number.isFinite: output += Array("null".utf8)
    case .bool, .int64, .uint64, .float64: output += Array(value.text.utf8)
    case .date, .timestamp, .timestampNanoseconds, .time, .decimal: append(value.text.utf8, to: &output)
    case .text(let text): append(text.utf8, to: &output)
    case .list(let cells): appendArray(cells, to: &output)
    }
  }

  /// An array of strings and nulls, as text.
  static func array(of cells: [String?]) -> String {
    var output: [UInt8] = []
    appendArray(cells, to: &output)
    return String(decoding: output, as: UTF8.self)
  }

  private static func appendArray(_ cells: [String?], to output: inout [UInt8]) {
    output.append(UInt8(ascii: "["))
    for (index, cell) in cells.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      append(cell.map(Value.text) ?? .null, to: &output)
    }
    output.append(UInt8(ascii: "]"))
  }
}
