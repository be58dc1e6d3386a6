// SPDX-License-Identifier: Apache-2.0

/// A decompressor of one format: a state machine over bytes in and bytes out.
///
/// Its memory does not grow with the content. It verifies the checksums and lengths that a member has.
protocol StreamDecoder: ~Copyable {
  /// Prepares for the first member.
  ///
  /// - Throws: `SystemCallError` with `ENOMEM`.
  init() throws

  /// Prepares for a further member.
  ///
  /// - Throws: `SystemCallError` with `ENOMEM`.
  mutating func startMember() throws

  /// Expands some of `input` from `offset` on into the start of `output`.
  ///
  /// - Throws: `SystemCallError` with `ENOMEM`, a `Rejection` with `window_too_large`.
  mutating func step(
    _ input: MappedBytes, from offset: Int, into output: inout MutableSpan<UInt8>
  ) throws -> DecoderStep

  /// Whether the bytes at `offset` begin a member.
  static func startsMember(_ input: MappedBytes, at offset: Int) -> Bool
}

/// How far a step of a decoder came.
struct DecoderStep {
  enum Outcome { case more, memberEnd, damaged }

  let outcome: Outcome
  let consumed: Int
  let produced: Int
}

extension StreamDecoder where Self: ~Copyable {
  /// The most compressed bytes of one step: some libraries count them in 32 bits.
  static var inputLength: Int { 1 << 20 }
}

extension MappedBytes {
  /// Whether these bytes stand at `offset`; false where they do not fit.
  func hasBytes(_ bytes: [UInt8], at offset: Int) -> Bool {
    offset <= count - bytes.count && bytes.indices.allSatisfy { self[offset + $0] == bytes[$0] }
  }

  /// Whether a frame to be skipped begins at `offset`, which zstd and lz4 share.
  func hasSkippableFrame(at offset: Int) -> Bool {
    hasBytes([0x2A, 0x4D, 0x18], at: offset + 1) && self[offset] & 0xF0 == 0x50
  }
}
