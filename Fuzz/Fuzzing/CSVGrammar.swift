// SPDX-License-Identifier: Apache-2.0

/// Reads CSV by RFC 4180, slowly and by the letter: independent of what writes it.
package enum CSVGrammar {
  /// The cells of each record, their quotes undone; nil where the text breaks the grammar.
  package static func records(_ bytes: [UInt8]) -> [[[UInt8]]]? {
    var records: [[[UInt8]]] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      var record: [[UInt8]] = []
      repeat {
        guard let cell = cell(&rest) else { return nil }
        record.append(cell)
      } while take(UInt8(ascii: ","), &rest)
      guard take(0x0D, &rest), take(0x0A, &rest) else { return nil }
      records.append(record)
    }
    return records
  }

  private static func take(_ byte: UInt8, _ rest: inout ArraySlice<UInt8>) -> Bool {
    guard rest.first == byte else { return false }
    rest = rest.dropFirst()
    return true
  }

  private static func cell(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
    let quote = UInt8(ascii: "\"")
    guard take(quote, &rest) else {
      let bare = rest.prefix { $0 != UInt8(ascii: ",") && $0 != 0x0D && $0 != 0x0A && $0 != quote }
      rest = rest.dropFirst(bare.count)
      return Array(bare)
    }
    var cell: [UInt8] = []
    while let byte = rest.popFirst() {
      if byte == quote, !take(quote, &rest) { return cell }
      cell.append(byte)
    }
    return nil
  }
}
