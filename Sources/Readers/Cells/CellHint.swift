// SPDX-License-Identifier: Apache-2.0

/// Cells that stay text, but of which people should hear what they could be.
enum CellHint {
  /// A number with `%` or a currency's sign before or behind it.
  static func unit(_ cell: Span<UInt8>, _ range: Range<Int>) -> CellClass {
    let behind = signLength(cell, range, isBehind: true)
    let before = behind > 0 ? 0 : signLength(cell, range, isBehind: false)
    guard behind + before > 0 else { return .text }
    let number = trim(cell, range.lowerBound + before..<range.upperBound - behind)
    guard !number.isEmpty else { return .text }
    let kind = NumberShape.classify(cell, number)
    let isNumber = !kind.isEmpty || !FormattedNumber.classify(cell, number).isEmpty
    return isNumber ? .hasUnit : .text
  }

  private static let signs: [[UInt8]] = ["%", "$", "€", "£", "¥"].map { Array($0.utf8) }

  private static func signLength(_ cell: Span<UInt8>, _ range: Range<Int>, isBehind: Bool) -> Int {
    for sign in signs where sign.count < range.count {
      let start = isBehind ? range.upperBound - sign.count : range.lowerBound
      if sign.indices.allSatisfy({ cell[start + $0] == sign[$0] }) { return sign.count }
    }
    return 0
  }

  /// Without blanks at the ends, those that do not break included.
  private static func trim(_ cell: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, cell[start] == 0x20 { start += 1 }
    while end > start {
      if cell[end - 1] == 0x20 {
        end -= 1
      } else if end - start > 2, cell[end - 2] == 0xC2, cell[end - 1] == 0xA0 {
        end -= 2
      } else if end - start > 3, cell[end - 3] == 0xE2, cell[end - 2] == 0x80, cell[end - 1] == 0xAF {
        end -= 3
      } else {
        break
      }
    }
    return start..<end
  }

  /// Words that people write for true and false; case does not count.
  static func isBooleanWord(_ cell: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard range.count <= 3 else { return false }
    let words: [StaticString] = ["yes", "no", "y", "n", "t", "f"]
    return words.contains { CellParser.matches(cell, range, $0) }
  }
}
