// SPDX-License-Identifier: Apache-2.0

/// Checks JSON texts by RFC 8259, slowly and by the letter: independent of what writes them.
package struct JSONGrammar {
  private let bytes: [UInt8]
  private var index = 0
  /// The members of the outermost array, once it was read.
  private var members = 0
  /// How deep values may lie in one another.
  private var deepest = 8
  /// Whether half of a surrogate pair is refused, which the grammar lets pass.
  private var pairsSurrogates = false

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The number of members of a text that is one array; nil for anything else.
  package static func arrayCount(_ bytes: [UInt8]) -> Int? {
    guard String(validating: bytes, as: UTF8.self) != nil else { return nil }
    var grammar = JSONGrammar(bytes)
    grammar.skipBlanks()
    guard grammar.peek == UInt8(ascii: "["), grammar.value(depth: 0) else { return nil }
    grammar.skipBlanks()
    return grammar.index == bytes.count ? grammar.members : nil
  }

  /// Whether a text is one value of characters, whose containers lie at most so deep in one another.
  package static func isText(_ bytes: [UInt8], deepest: Int) -> Bool {
    guard String(validating: bytes, as: UTF8.self) != nil else { return false }
    var grammar = JSONGrammar(bytes)
    grammar.deepest = deepest + 1
    grammar.pairsSurrogates = true
    guard grammar.value(depth: 0) else { return false }
    grammar.skipBlanks()
    return grammar.index == bytes.count
  }

  /// Whether a text is one object.
  package static func isObject(_ bytes: some Sequence<UInt8>) -> Bool {
    let text = [UInt8(ascii: "[")] + bytes + [UInt8(ascii: "]")]
    return text.dropFirst().first == UInt8(ascii: "{") && arrayCount(text) == 1
  }

  private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    index += 1
    return true
  }

  private mutating func take(_ word: String) -> Bool { word.utf8.allSatisfy { take($0) } }

  private mutating func skipBlanks() {
    while let byte = peek, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { index += 1 }
  }

  private mutating func value(depth: Int) -> Bool {
    guard depth < deepest else { return false }
    skipBlanks()
    switch peek {
    case UInt8(ascii: "["):
      var count = 0
      let isWhole = list(from: "[", to: "]") { grammar in
        count += 1
        return grammar.value(depth: depth + 1)
      }
      if depth == 0 { members = count }
      return isWhole
    case UInt8(ascii: "{"):
      return list(from: "{", to: "}") { grammar in
        grammar.skipBlanks()
        guard grammar.string() else { return false }
        grammar.skipBlanks()
        return grammar.take(UInt8(ascii: ":")) && grammar.value(depth: depth + 1)
      }
    case UInt8(ascii: "\""): return string()
    case UInt8(ascii: "n"): return take("null")
    case UInt8(ascii: "t"): return take("true")
    case UInt8(ascii: "f"): return take("false")
    default: return number()
    }
  }

  private mutating func list(
    from start: Unicode.Scalar, to end: Unicode.Scalar, _ element: (inout JSONGrammar) -> Bool
  ) -> Bool {
    guard take(UInt8(ascii: start)) else { return false }
    skipBlanks()
    if take(UInt8(ascii: end)) { return true }
    repeat {
      guard element(&self) else { return false }
      skipBlanks()
    } while take(UInt8(ascii: ","))
    return take(UInt8(ascii: end))
  }

  private mutating func string() -> Bool {
    guard take(UInt8(ascii: "\"")) else { return false }
    while let byte = peek {
      index += 1
      switch byte {
      case UInt8(ascii: "\""): return true
      case 0..<0x20: return false
      case UInt8(ascii: "\\"): guard escape() else { return false }
      default: break
      }
    }
    return false
  }

  private mutating func escape() -> Bool {
    guard let byte = peek else { return false }
    index += 1
    if byte == UInt8(ascii: "u") {
      guard let unit = unit() else { return false }
      guard pairsSurrogates, unit & 0xF800 == 0xD800 else { return true }
      return unit < 0xDC00 && take("\\u") && self.unit().map { $0 & 0xFC00 == 0xDC00 } ?? false
    }
    return "\"\\/bfnrt".utf8.contains(byte)
  }

  /// Four hexadecimal digits.
  private mutating func unit() -> UInt16? {
    let start = index
    guard digits(4...4, { Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
    return UInt16(String(decoding: bytes[start..<index], as: UTF8.self), radix: 16)
  }

  private mutating func number() -> Bool {
    _ = take(UInt8(ascii: "-"))
    guard take(UInt8(ascii: "0")) || digits(1...Int.max, Self.isDigit) else { return false }
    if take(UInt8(ascii: ".")) { guard digits(1...Int.max, Self.isDigit) else { return false } }
    guard take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) else { return true }
    _ = take(UInt8(ascii: "+")) || take(UInt8(ascii: "-"))
    return digits(1...Int.max, Self.isDigit)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private mutating func digits(_ wanted: ClosedRange<Int>, _ isDigit: (UInt8) -> Bool) -> Bool {
    var count = 0
    while count < wanted.upperBound, let byte = peek, isDigit(byte) {
      index += 1
      count += 1
    }
    return count >= wanted.lowerBound
  }
}
