// SPDX-License-Identifier: Apache-2.0

package import FileDescriptors
package import Validation

/// Expands a compressed file by the library of its format.
///
/// Several members are one content, one after the other, as `cat` would make them and every format's own tool reads them;
/// nothing else may follow a member. Checksums and lengths are verified where a member has them. What a header says about
/// names, times and systems is skipped, and never used.
package enum StreamExpander {
  private static let bufferLength = 256 << 10

  /// Writes the expanded content to `scratch`, from `caps.scratchOffset` on.
  ///
  /// Never writes past a cap; a part of the content may have been written when it throws.
  ///
  /// - Returns: how many bytes were written.
  /// - Throws: a `Rejection` with `compressed_corrupt`, `trailing_data` (zeros too), `window_too_large`,
  ///   `expanded_too_large` or `compression_ratio`, its byte offset being one of the compressed input; a
  ///   `SystemCallError` where we failed.
  package static func expand(
    _ input: MappedBytes, by compression: Compression, into scratch: borrowing OwnedDescriptor, caps: ExpansionCaps
  ) throws -> Int {
    var written = 0
    try expand(input, by: compression, scratch, caps, &written)
    return written
  }

  private static func expand(
    _ input: MappedBytes, by compression: Compression, _ scratch: borrowing OwnedDescriptor, _ caps: ExpansionCaps,
    _ written: inout Int
  ) throws {
    switch compression {
    case .gzip: try expand(input, GzipDecoder(), scratch, caps, &written)
    case .bzip2: try expand(input, Bzip2Decoder(), scratch, caps, &written)
    case .xz: try expand(input, XzDecoder(), scratch, caps, &written)
    case .zstd: try expand(input, ZstdDecoder(), scratch, caps, &written)
    case .lz4: try expand(input, Lz4Decoder(), scratch, caps, &written)
    }
  }

  /// The expanded content, in `scratch`; `caps` are moved behind it.
  ///
  /// What was expanded before it was refused counts towards `caps` too.
  ///
  /// - Throws: as `expand`.
  package static func content(
    of input: MappedBytes, by compression: Compression, in scratch: borrowing OwnedDescriptor,
    caps: inout ExpansionCaps
  ) throws -> MappedBytes {
    var written = 0
    do { try expand(input, by: compression, scratch, caps, &written) } catch {
      caps.waste(written)
      throw error
    }
    return try caps.map(written, of: scratch)
  }

  private static func expand<Decoder: StreamDecoder & ~Copyable>(
    _ input: MappedBytes, _ fresh: consuming Decoder, _ scratch: borrowing OwnedDescriptor, _ caps: ExpansionCaps,
    _ written: inout Int
  ) throws {
    var decoder = fresh
    var buffer = [UInt8](repeating: 0, count: bufferLength)
    var consumed = 0
    var memberStart = 0
    while true {
      var space = buffer.mutableSpan
      let step = try decoder.step(input, from: consumed, into: &space)
      consumed += step.consumed
      try caps.check(expanded: UInt64(written + step.produced), compressed: UInt64(input.count))
      try scratch.pwrite(
        buffer.span.extracting(0..<step.produced), at: caps.scratchPosition(after: UInt64(written)))
      written += step.produced
      switch step.outcome {
      case .damaged: throw damaged(at: consumed)
      case .more where step.consumed == 0 && step.produced == 0:
        throw consumed == input.count ? cutOff(input) : damaged(at: consumed)
      case .more: continue
      case .memberEnd:
        // Else a decoder that gives back more than it took would begin the same member for ever.
        guard consumed > memberStart else { throw damaged(at: consumed) }
        guard consumed < input.count else { return }
        memberStart = consumed
        guard Decoder.startsMember(input, at: consumed) else {
          throw Rejection(.trailingData, byteOffset: UInt64(consumed))
        }
        try decoder.startMember()
      }
    }
  }

  private static func cutOff(_ input: MappedBytes) -> Rejection {
    Rejection(.compressedCorrupt, reason: "The compressed data is cut off", byteOffset: UInt64(input.count))
  }

  private static func damaged(at offset: Int) -> Rejection {
    Rejection(.compressedCorrupt, reason: "The compressed data is damaged", byteOffset: UInt64(offset))
  }
}
