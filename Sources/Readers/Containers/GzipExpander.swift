// SPDX-License-Identifier: Apache-2.0

package import FileDescriptors
import Validation

/// Expands a gzip file (RFC 1952) by zlib.
///
/// Several members are one content, one after the other, as RFC 1952 section 2.2 says. Checksum and length of each are
/// verified. What a header says about names, times and systems is skipped, and never used.
package enum GzipExpander {
  private static let bufferLength = 256 << 10

  /// Writes the expanded content to `scratch`, from `caps.scratchOffset` on.
  ///
  /// Never writes past a cap; a part of the content may have been written when it throws.
  ///
  /// - Returns: how many bytes were written.
  /// - Throws: a `Rejection` with `compressed_corrupt`, `trailing_data` (zeros too), `expanded_too_large` or
  ///   `compression_ratio`, its byte offset being one of the compressed input; a `SystemCallError` where we failed.
  package static func expand(
    _ input: MappedBytes, into scratch: borrowing OwnedDescriptor, caps: ExpansionCaps
  ) throws -> Int {
    var inflater = try Inflater()
    var buffer = [UInt8](repeating: 0, count: bufferLength)
    var consumed = 0
    var written = 0
    while true {
      var space = buffer.mutableSpan
      let step = try inflater.step(input, from: consumed, into: &space)
      consumed += step.consumed
      try caps.check(expanded: UInt64(written + step.produced), compressed: UInt64(input.count))
      try scratch.pwrite(
        buffer.span.extracting(0..<step.produced), at: caps.scratchPosition(after: UInt64(written)))
      written += step.produced
      switch step.outcome {
      case .more: continue
      case .starved: throw cutOff(input)
      case .damaged: throw damaged(at: consumed)
      case .memberEnd: if try isFinished(input, at: consumed) { return written }
      }
      inflater.startMember()
    }
  }

  /// Whether nothing follows a member; another member may.
  private static func isFinished(_ input: MappedBytes, at offset: Int) throws(Rejection) -> Bool {
    guard offset < input.count else { return true }
    guard input.count - offset >= 2, input[offset] == 0x1F, input[offset + 1] == 0x8B else {
      throw Rejection(.trailingData, byteOffset: UInt64(offset))
    }
    return false
  }

  private static func cutOff(_ input: MappedBytes) -> Rejection {
    Rejection(.compressedCorrupt, reason: "The compressed data is cut off", byteOffset: UInt64(input.count))
  }

  private static func damaged(at offset: Int) -> Rejection {
    Rejection(.compressedCorrupt, reason: "The compressed data is damaged", byteOffset: UInt64(offset))
  }
}
