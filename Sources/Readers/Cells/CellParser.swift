// SPDX-License-Identifier: Apache-2.0

/// Reads the content of one cell, without allocating: `SEMANTICS.md` row by row.
package enum CellParser {
  /// Classifies an unquoted or quoted cell that is not absent.
  ///
  /// Surrounding blanks do not count.
  package static func classify(_ cell: Span<UInt8>, isQuoted: Bool) -> CellClass {
    let trimmed = trim(cell)
    // Blanks alone say no more than nothing at all.
    guard !trimmed.isEmpty else { return isQuoted || cell.isEmpty ? .text : .nullWord }
    let first = cell[trimmed.lowerBound]
    switch first {
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      let number = NumberShape.classify(cell, trimmed)
      return number.isEmpty ? rareDigits(cell, trimmed) : number
    case UInt8(ascii: "-"), UInt8(ascii: "."):
      let number = NumberShape.classify(cell, trimmed)
      if !number.isEmpty { return number }
      let formatted = FormattedNumber.classify(cell, trimmed)
      return formatted.isEmpty ? word(cell, trimmed, isQuoted: isQuoted) : formatted
    case UInt8(ascii: "t"), UInt8(ascii: "T"), UInt8(ascii: "f"), UInt8(ascii: "F"), UInt8(ascii: "n"),
      UInt8(ascii: "N"), UInt8(ascii: "i"), UInt8(ascii: "I"), UInt8(ascii: "#"):
      return word(cell, trimmed, isQuoted: isQuoted)
    case UInt8(ascii: "y"), UInt8(ascii: "Y"): return CellHint.isBooleanWord(cell, trimmed) ? .booleanWord : .text
    case UInt8(ascii: "$"), 0xC2, 0xE2: return CellHint.unit(cell, trimmed)
    default: return .text
    }
  }

  /// The bytes that a cell can start with that `classify` takes for more than text, a bit each: all others are text.
  ///
  /// Zero stands for a cell of blanks.
  package static let firstBytesOfTypedCells: [UInt64] = {
    var mask = [UInt64](repeating: 0, count: 4)
    for byte in Array("\u{0}0123456789-.tTfFnNiIyY#$".utf8) + [0xC2, 0xE2] {
      mask[Int(byte >> 6)] |= 1 << UInt64(byte & 63)
    }
    return mask
  }()

  /// For each byte that a cell can start with, which second bytes a cell of more than text can have: bit `n` stands for
  /// those whose low five bits are `n`, bit 0 also for none.
  ///
  /// Cells that start with a letter are words, so few letters follow; blanks may follow a word of one letter, or stand
  /// before anything.
  package static let secondBytesOfTypedCells: [UInt32] = {
    var seconds = [UInt32](repeating: 0, count: 256)
    let words = ["true", "false", "nan", "inf", "NA", "N/A", "null", "None", "yes", "no", "y", "n", "t", "f"]
    for byte in UInt8.min ... .max where byte == 0x20 || byte == 0x09 || isFirstOfTyped(byte) {
      let isLetter = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
      seconds[Int(byte)] = isLetter ? 0 : .max
    }
    for word in words {
      let bytes = Array(word.utf8)
      let follows: UInt32 = bytes.count > 1 ? 1 << UInt32(bytes[1] & 31) : 1 | 1 << 9
      for first in [bytes[0] | 0x20, bytes[0] & ~0x20] { seconds[Int(first)] |= follows }
    }
    return seconds
  }()

  private static func isFirstOfTyped(_ byte: UInt8) -> Bool {
    firstBytesOfTypedCells[Int(byte >> 6)] >> UInt64(byte & 63) & 1 != 0
  }

  /// The same, where other words stand for null too.
  package static func classify(_ cell: Span<UInt8>, isQuoted: Bool, _ words: NullWords) -> CellClass {
    if !isQuoted, !words.isEmpty, let number = words.number(of: cell, trim(cell)) {
      return .nullWord(number: nullWords.count + number)
    }
    return classify(cell, isQuoted: isQuoted)
  }

  /// A text that starts with a digit and is no plain number.
  private static func rareDigits(_ cell: Span<UInt8>, _ range: Range<Int>) -> CellClass {
    let time = TimeShape.classify(cell, range)
    if !time.isEmpty { return time }
    switch cell[range.upperBound - 1] {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return FormattedNumber.classify(cell, range)
    // The last bytes of `%`, `$`, `€`, `£` and `¥`.
    case UInt8(ascii: "%"), UInt8(ascii: "$"), 0xAC, 0xA3, 0xA5: return CellHint.unit(cell, range)
    default: return .text
    }
  }

  @inline(__always)
  package static func trim(_ cell: Span<UInt8>) -> Range<Int> {
    var start = 0
    var end = cell.count
    while start < end, isBlank(cell[start]) { start &+= 1 }
    while end > start, isBlank(cell[end &- 1]) { end &-= 1 }
    return start..<end
  }

  @inline(__always)
  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  private static func word(_ cell: Span<UInt8>, _ range: Range<Int>, isQuoted: Bool) -> CellClass {
    guard range.count <= 9 else { return .text }
    if matches(cell, range, "true") || matches(cell, range, "false") { return .bool }
    if matches(cell, range, "nan") || isInfinity(cell, range) { return [.float64, .isNonFinite] }
    if !isQuoted, let number = nullWordNumber(cell, range) { return .nullWord(number: number) }
    return CellHint.isBooleanWord(cell, range) ? .booleanWord : .text
  }

  private static func isInfinity(_ cell: Span<UInt8>, _ range: Range<Int>) -> Bool {
    let unsigned = cell[range.lowerBound] == UInt8(ascii: "-") ? range.dropFirst() : range
    return matches(cell, unsigned, "inf") || matches(cell, unsigned, "infinity")
  }

  /// Compares with a lower-case ASCII word, in any case.
  package static func matches(_ cell: Span<UInt8>, _ range: Range<Int>, _ word: StaticString) -> Bool {
    guard range.count == word.utf8CodeUnitCount else { return false }
    return equals(cell, range, word, folding: 0x20)
  }

  private static let nullWords: [StaticString] = ["NA", "N/A", "#N/A", "null", "NULL", "None", "-"]

  /// Which of the documented words a cell is exactly; case counts here, since `Na` may be sodium.
  private static func nullWordNumber(_ cell: Span<UInt8>, _ range: Range<Int>) -> Int? {
    nullWords.firstIndex { $0.utf8CodeUnitCount == range.count && equals(cell, range, $0, folding: 0) }
  }

  private static func equals(
    _ cell: Span<UInt8>, _ range: Range<Int>, _ word: StaticString, folding: UInt8
  ) -> Bool {
    // SAFETY: the pointer is that of a literal, read within its length, which equals the range's.
    let letters = unsafe UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
    for index in 0..<range.count {
      let byte = cell[range.lowerBound + index]
      let isUpper = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
      guard unsafe (isUpper ? byte | folding : byte) == letters[index] else { return false }
    }
    return true
  }

  /// The value of a cell that was classified as `int64`.
  @inline(__always)
  package static func int64(_ cell: Span<UInt8>, _ range: Range<Int>) -> Int64 {
    let isNegative = cell[range.lowerBound] == UInt8(ascii: "-")
    let magnitude = uint64(cell, isNegative ? range.lowerBound + 1..<range.upperBound : range)
    return isNegative ? Int64(truncatingIfNeeded: 0 &- magnitude) : Int64(truncatingIfNeeded: magnitude)
  }

  /// The value of a cell that was classified as `uint64`.
  @inline(__always)
  package static func uint64(_ cell: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
    var value: UInt64 = 0
    for index in range { value = value &* 10 &+ UInt64(cell[index] &- UInt8(ascii: "0")) }
    return value
  }
}
