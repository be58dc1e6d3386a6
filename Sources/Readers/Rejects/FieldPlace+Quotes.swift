// SPDX-License-Identifier: Apache-2.0

import Validation

extension FieldPlace {
  /// The first quote that a strict reading does not let stand where it is.
  ///
  /// Follows from the field's own bytes, so it does not depend on how the field was found.
  func quoteFault(_ bytes: MappedBytes, _ format: CSVFormat) -> (code: RejectCode, offset: Int)? {
    guard let mark = format.quote else { return nil }
    if isQuoted { return loneQuote(mark, from: start, bytes, format).map { (.strayQuote, $0) } }
    guard let first = loneQuote(mark, from: start, bytes, format, paired: false) else { return nil }
    guard first == opening(bytes, format) else { return (.strayQuote, first) }
    // A quote behind the one that opens closed the cell, and text follows it.
    if let close = loneQuote(mark, from: first + 1, bytes, format) { return (.strayQuote, close) }
    return (.unclosedQuote, first)
  }

  /// Where a quote would open the field.
  private func opening(_ bytes: MappedBytes, _ format: CSVFormat) -> Int {
    var offset = start
    while format.padsQuotes, offset < end, bytes[offset] == 0x20 { offset += 1 }
    return offset
  }

  /// The first quote that neither a backslash nor, where they come in pairs, a second one makes a text.
  private func loneQuote(
    _ mark: UInt8, from start: Int, _ bytes: MappedBytes, _ format: CSVFormat, paired: Bool = true
  ) -> Int? {
    var from = start
    while from < end, let quote = bytes.firstIndex(of: mark, in: from..<end) {
      if format.escape == .backslash, isEscaped(quote, bytes) {
        from = quote + 1
      } else if paired, quote + 1 < end, bytes[quote + 1] == mark {
        from = quote + 2
      } else {
        return quote
      }
    }
    return nil
  }

  /// Whether an odd number of backslashes stands before a quote.
  private func isEscaped(_ quote: Int, _ bytes: MappedBytes) -> Bool {
    var first = quote
    while first > start, bytes[first - 1] == CSVFormat.backslash { first -= 1 }
    return (quote - first) % 2 == 1
  }
}
