// SPDX-License-Identifier: Apache-2.0

package import FileDescriptors
import Validation
package import WorkerProtocol

/// A text in an encoding that is to be written as UTF-8 before it is read.
package struct EncodedText {
  let bytes: MappedBytes
  let encoding: TextEncoding
  /// Where the text begins: after its mark.
  let start: Int
  /// What becomes of bytes that stand for nothing.
  let errors: EncodingErrors
  private let decoder: any TextDecoder
  /// The input that is decoded at a time.
  private let blockBytes: Int

  /// - Throws: `ConverterFailure`.
  package init(
    _ bytes: MappedBytes, in encoding: TextEncoding, from start: Int = 0, errors: EncodingErrors = .refuse,
    counting counted: CountedCharacters = .controls, blockBytes: Int = 128 << 10
  ) throws {
    self.bytes = bytes
    self.encoding = encoding
    self.start = start
    self.errors = errors
    // A block holds one character at least.
    self.blockBytes = max(blockBytes, Self.longestCharacter)
    decoder = try encoding.decoder(counting: counted)
  }

  /// No character of any encoding takes more bytes, nor does what a converter looks at behind one.
  static let longestCharacter = 16

  /// Writes the text as UTF-8 into `scratch`, from `offset` on.
  ///
  /// - Parameter cap: the bytes that may be written at most.
  /// - Throws: `invalid_encoding` with the offset in the file, `expansion_too_large`, or the failure of a write.
  package func transcode(
    to scratch: borrowing OwnedDescriptor, at offset: UInt64, cap: UInt64
  ) throws -> TranscodedText {
    var done = TranscodedText(self)
    var text = DecodedText()
    var position = start
    while position < bytes.count {
      done.mark(position, every: blockBytes)
      let step = try step(from: position, atMost: blockBytes, into: &text)
      position = step.end
      done.add(step, produced: text.count)
      guard done.byteCount <= cap else {
        throw Rejection(.expandedTooLarge, limit: cap, actual: done.byteCount)
      }
      let place = offset + done.byteCount - UInt64(text.count)
      try text.withSpan { try scratch.pwrite($0, at: place) }
      text.removeAll()
    }
    return done
  }

  /// A piece of the text that was decoded.
  struct Step {
    /// Where the next one begins.
    var end: Int
    /// The characters that the decoder was to count.
    var counted: Int
    /// Where what stands for nothing was replaced.
    var replaced: Int?
  }

  /// Decodes up to `length` bytes, or to the end of what first stands for nothing.
  ///
  /// - Throws: `invalid_encoding`, unless it is to be replaced.
  func step(from position: Int, atMost length: Int, into text: inout DecodedText) throws -> Step {
    let end = min(position + length, bytes.count)
    var block = try bytes.withSpan(position..<end) { span in
      try decoder.decode(span, isLast: end == bytes.count, into: &text)
    }
    // Nothing that long is a part of a character.
    if block == DecodedBlock(consumed: 0), end - position >= Self.longestCharacter { block.malformed = 1 }
    guard block.malformed > 0 else { return Step(end: position + block.consumed, counted: block.counted) }
    let fault = position + block.consumed
    guard errors == .replace else { throw Rejection(.invalidEncoding, byteOffset: UInt64(fault)) }
    text.appendReplacement()
    return Step(end: fault + block.malformed, counted: block.counted, replaced: fault)
  }
}
