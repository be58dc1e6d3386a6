// SPDX-License-Identifier: Apache-2.0

package import WorkerProtocol

/// A text of two or four bytes a character that bears no mark, known by where its zero bytes stand.
///
/// Whatever its script, delimiters, digits, blanks and line ends are ASCII, whose bytes but one are zero: in the right
/// order they show, and in the wrong one they are rare characters of other scripts. The start of the text is judged; that
/// the rest is well-formed and without control characters is for the reader to find out, which refuses it where it is not.
package struct UnmarkedText {
  /// What is looked at for the first zero byte: no other text has one.
  private static let triggerBytes = 4 << 10
  /// What is judged.
  private static let headBytes = 64 << 10
  /// The longest start of the text that is shown to others, in characters.
  private static let shownCharacters = 1 << 10

  package let encoding: TextEncoding
  /// The first characters behind blanks as UTF-8; empty where all of it is blank.
  package let start: [UInt8]

  /// Looks at bytes of which nothing else is known.
  ///
  /// - Parameter stated: how the sender says that they are written; then it is enough that no control character shows.
  /// - Returns: nil where they have a mark, or are no such text.
  package init?(_ bytes: MappedBytes, stated: TextEncoding? = nil) {
    guard bytes.count >= 2, ByteOrderMark(bytes) == nil, let candidates = Self.candidates(stated),
      stated != nil || Self.mayBeWide(bytes)
    else { return nil }
    let isCertain = candidates.count == 1
    let found = candidates.compactMap { encoding in
      WideCensus(bytes, encoding, limit: Self.headBytes, allowsMalformed: isCertain).map { (encoding, $0) }
    }.sorted { $0.1 > $1.1 }
    guard let (encoding, census) = found.first else { return nil }
    guard isCertain || census.isText, found.dropFirst().allSatisfy({ census.isClearer(than: $0.1) }) else { return nil }
    self.encoding = encoding
    start = WideCensus.start(of: bytes, encoding, characters: Self.shownCharacters)
  }

  /// Whether a zero byte stands at the start, and is not the fault of a text of one byte a character: that has few of
  /// them, between letters and signs of ASCII alone.
  private static func mayBeWide(_ bytes: MappedBytes) -> Bool {
    guard bytes.firstIndex(of: 0, in: 0..<min(triggerBytes, bytes.count)) != nil else { return false }
    let head = 0..<min(headBytes, bytes.count)
    var zeros = 0
    for index in head {
      switch bytes[index] {
      case 0: zeros += 1
      case 0x20...0x7E, 0x09, 0x0A, 0x0D: break
      default: return true
      }
    }
    return zeros * 4 >= head.count
  }

  /// The encodings that it may be in; nil where the sender says that it is another.
  private static func candidates(_ stated: TextEncoding?) -> [TextEncoding]? {
    switch stated {
    case nil: [.utf32LittleEndian, .utf32BigEndian, .utf16LittleEndian, .utf16BigEndian]
    case .utf16: [.utf16LittleEndian, .utf16BigEndian]
    case .utf32: [.utf32LittleEndian, .utf32BigEndian]
    case .utf16LittleEndian, .utf16BigEndian, .utf32LittleEndian, .utf32BigEndian: stated.map { [$0] }
    default: nil
    }
  }
}

/// What the start of a text would hold in one encoding of wide characters.
private struct WideCensus {
  /// One character in so many is ASCII, at least.
  private static let fewestASCII = 100
  /// So many times more characters are ASCII than in another order.
  private static let advantage = 4

  private var characters = 0
  /// Those that are ASCII.
  private var ascii = 0
  private var hasLineEnd = false

  /// Whether it has what every table has, whatever its script: line ends and some more of ASCII, or much of it.
  var isText: Bool {
    ascii > 0 && ascii * Self.fewestASCII >= characters && (hasLineEnd || ascii * 2 >= characters)
  }

  /// Whether this is the text, and the other order of its bytes is not: in that, line ends are no characters of any script,
  /// and what is ASCII is so by chance.
  func isClearer(than other: WideCensus) -> Bool {
    hasLineEnd && !other.hasLineEnd || ascii >= other.ascii * Self.advantage
  }

  static func > (left: WideCensus, right: WideCensus) -> Bool {
    left.hasLineEnd == right.hasLineEnd ? left.ascii > right.ascii : left.hasLineEnd
  }

  /// - Returns: nil where it would hold a control character, what is no character, or, unless that is allowed, what is
  ///   malformed.
  init?(_ bytes: MappedBytes, _ encoding: TextEncoding, limit: Int, allowsMalformed: Bool) {
    var units = WideUnits(bytes, encoding, end: min(limit, bytes.count))
    while let unit = units.next() {
      guard let scalar = unit else {
        guard allowsMalformed else { return nil }
        continue
      }
      switch scalar.value {
      case 0x09, 0x0B, 0x0C: break
      case 0x0A, 0x0D: hasLineEnd = true
      case 0..<0x20, 0x7F..<0xA0, 0xFDD0...0xFDEF: return nil
      case let value where value & 0xFFFE == 0xFFFE: return nil
      default: break
      }
      characters += 1
      if scalar.isASCII { ascii += 1 }
    }
    guard characters > 0 else { return nil }
  }

  /// The first characters that are no blanks or line ends, and those behind them, as UTF-8.
  static func start(of bytes: MappedBytes, _ encoding: TextEncoding, characters: Int) -> [UInt8] {
    var units = WideUnits(bytes, encoding, end: bytes.count)
    var start: [UInt8] = []
    var count = 0
    while count < characters, let unit = units.next() {
      let scalar = unit ?? "\u{FFFD}"
      if count == 0, [0x20, 0x09, 0x0A, 0x0D].contains(scalar.value) { continue }
      start.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      count += 1
    }
    return start
  }
}

/// The characters of some bytes, one by one.
private struct WideUnits {
  private let bytes: MappedBytes
  private let isBigEndian: Bool
  private let width: Int
  private let end: Int
  private var position = 0

  init(_ bytes: MappedBytes, _ encoding: TextEncoding, end: Int) {
    self.bytes = bytes
    self.end = end
    isBigEndian = encoding == .utf16BigEndian || encoding == .utf32BigEndian
    width = encoding == .utf16LittleEndian || encoding == .utf16BigEndian ? 2 : 4
  }

  /// The next character, nil for what is none; nil at the end, or where that cuts a character off.
  mutating func next() -> Unicode.Scalar?? {
    guard let unit = unit(at: position) else { return nil }
    position += width
    guard width == 2, UTF16.isLeadSurrogate(UInt16(truncatingIfNeeded: unit)) else {
      return .some(Unicode.Scalar(unit))
    }
    guard let trail = self.unit(at: position) else { return nil }
    guard UTF16.isTrailSurrogate(UInt16(truncatingIfNeeded: trail)) else { return .some(nil) }
    position += width
    return .some(Unicode.Scalar(0x10000 + ((unit & 0x3FF) << 10 | trail & 0x3FF)))
  }

  private func unit(at offset: Int) -> UInt32? {
    guard end - offset >= width else { return nil }
    var unit: UInt32 = 0
    for index in 0..<width { unit = unit << 8 | UInt32(bytes[offset + (isBigEndian ? index : width - 1 - index)]) }
    return unit
  }
}
