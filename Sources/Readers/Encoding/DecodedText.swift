// SPDX-License-Identifier: Apache-2.0

/// UTF-8 on its way to the scratch, in memory that is used again.
struct DecodedText {
  /// What each byte of another encoding becomes at most, and what a decoder may write behind it.
  private static let (mostPerByte, slack) = (3, 16)

  private var room: [UInt8] = []
  private(set) var count = 0

  /// Gives the text so far to `body`.
  func withSpan<Result>(_ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
    try body(room.span.extracting(first: count))
  }

  mutating func removeAll() { count = 0 }

  /// Appends what `write` makes of `length` bytes; it answers how many bytes it wrote.
  mutating func append<Answer>(
    decodedFrom length: Int, _ write: (UnsafeMutablePointer<UInt8>) -> (produced: Int, Answer)
  ) -> Answer {
    reserve(length * Self.mostPerByte + Self.slack)
    let (produced, answer) = unsafe room.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { preconditionFailure("there is always room for the slack") }
      // SAFETY: the room behind `count` is as long as a decoder may write.
      return unsafe write(base + count)
    }
    precondition(produced >= 0 && produced <= room.count - count)
    count += produced
    return answer
  }

  /// Appends UTF-8 as it is.
  mutating func append(_ bytes: Span<UInt8>) {
    unsafe append(decodedFrom: bytes.count) { out in
      unsafe bytes.withUnsafeBufferPointer { buffer in
        // SAFETY: there is more room than for as many bytes.
        if let base = buffer.baseAddress { unsafe out.update(from: base, count: buffer.count) }
      }
      return (bytes.count, ())
    }
  }

  /// Appends U+FFFD.
  mutating func appendReplacement() {
    let replacement: InlineArray<3, UInt8> = [0xEF, 0xBF, 0xBD]
    append(replacement.span)
  }

  /// What U+FFFD takes.
  static let replacementBytes = 3

  private mutating func reserve(_ length: Int) {
    let needed = count + length
    guard room.count < needed else { return }
    room.append(contentsOf: repeatElement(0, count: needed - room.count))
  }
}
