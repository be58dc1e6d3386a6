// SPDX-License-Identifier: Apache-2.0

/// A dictionary as libFuzzer reads it: a word in quotes on each line, with `\\`, `\"` and `\xAB` in it.
struct FuzzDictionary {
  /// A line is neither blank, nor a comment, nor a word.
  struct BadLine: Error, Equatable {
    let line: String
  }

  let words: [[UInt8]]

  init(parsing text: String) throws(BadLine) {
    var words: [[UInt8]] = []
    for line in text.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
      guard let word = Self.word(Array(line.utf8)) else { throw BadLine(line: String(line)) }
      words.append(word)
    }
    self.words = words
  }

  private static func word(_ line: [UInt8]) -> [UInt8]? {
    let quote = UInt8(ascii: "\"")
    guard line.count >= 2, line.first == quote, line.last == quote else { return nil }
    var word: [UInt8] = []
    var rest = line.dropFirst().dropLast()
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\") else {
        word.append(byte)
        continue
      }
      switch rest.popFirst() {
      case UInt8(ascii: "x"):
        let digits = String(decoding: rest.prefix(2), as: UTF8.self)
        guard digits.utf8.count == 2, let value = UInt8(digits, radix: 16) else { return nil }
        word.append(value)
        rest = rest.dropFirst(2)
      case .some(let byte) where byte == quote || byte == UInt8(ascii: "\\"): word.append(byte)
      default: return nil
      }
    }
    return word
  }
}
