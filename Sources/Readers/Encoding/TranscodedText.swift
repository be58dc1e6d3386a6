// SPDX-License-Identifier: Apache-2.0

/// What a text became as UTF-8, and where in the file each of its characters stands.
package struct TranscodedText {
  private let text: EncodedText
  package private(set) var byteCount: UInt64 = 0
  /// The characters that the decoder was to count.
  private(set) var counted: UInt64 = 0
  /// What stood for nothing and became U+FFFD.
  package private(set) var replaced: UInt64 = 0
  /// Where the first of it stands.
  package private(set) var firstReplaced: (input: Int, output: Int)?
  /// Places in the file at which a block begins, and in the UTF-8.
  private var marks: [(input: Int, output: UInt64)] = []

  init(_ text: EncodedText) { self.text = text }

  /// Remembers a place, unless one was remembered less than `distance` bytes before.
  mutating func mark(_ input: Int, every distance: Int) {
    guard marks.last.map({ input - $0.input >= distance }) ?? true else { return }
    marks.append((input, byteCount))
  }

  mutating func add(_ step: EncodedText.Step, produced: Int) {
    byteCount += UInt64(produced)
    counted += UInt64(step.counted)
    guard let place = step.replaced else { return }
    replaced += 1
    if firstReplaced == nil {
      // It is the last character of its step.
      firstReplaced = (place, Int(clamping: byteCount) - DecodedText.replacementBytes)
    }
  }

  /// Where the character at an offset of the UTF-8 stands in the file.
  ///
  /// The text is decoded once more from the last place before it, first in large steps and then in smaller ones.
  package func original(of offset: UInt64) -> UInt64 {
    guard var (input, output) = marks.last(where: { $0.output <= offset }) else { return UInt64(text.start) }
    var decoded = DecodedText()
    /// Goes on by up to `length` bytes, unless what they become holds the character.
    func advance(_ length: Int) -> Advance {
      decoded.removeAll()
      // What was refused lies behind everything that anybody asks for.
      guard input < text.bytes.count, let step = try? text.step(from: input, atMost: length, into: &decoded) else {
        return .ended
      }
      // A step that is too short for a character takes none.
      guard step.end > input else { return .tooShort }
      guard output + UInt64(decoded.count) <= offset else { return .ended }
      input = step.end
      output += UInt64(decoded.count)
      return .advanced
    }
    for length in Self.steps { while advance(length) == .advanced {} }
    // The last few, one by one.
    var length = 1
    while length <= EncodedText.longestCharacter {
      switch advance(length) {
      case .ended: return UInt64(input)
      case .advanced: length = 1
      case .tooShort: length += 1
      }
    }
    return UInt64(input)
  }

  private enum Advance { case advanced, tooShort, ended }

  private static let steps = [16 << 10, 512, EncodedText.longestCharacter]

  /// The same of several offsets.
  func originals(of offsets: [UInt64]) -> [UInt64: UInt64] {
    Dictionary(Set(offsets).map { ($0, original(of: $0)) }) { first, _ in first }
  }
}
