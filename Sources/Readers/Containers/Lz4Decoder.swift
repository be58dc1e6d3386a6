// SPDX-License-Identifier: Apache-2.0

import CLz4
import FileDescriptors
import Glibc

/// A liblz4 context that expands frames, checksums and length verified where a frame has them.
///
/// One owner, one call at a time. Takes about 8 MiB at most. Frames of the format of before 2014 (`lz4 -l`) are none.
@safe struct Lz4Decoder: ~Copyable, StreamDecoder {
  private let context: OpaquePointer

  init() throws {
    var fresh: OpaquePointer?
    // SAFETY: the call writes the one pointer that it is given.
    let result = unsafe LZ4F_createDecompressionContext(&fresh, UInt32(LZ4F_VERSION))
    guard LZ4F_isError(result) == 0, let fresh = unsafe fresh else {
      throw SystemCallError(call: "LZ4F_createDecompressionContext", errno: ENOMEM)
    }
    unsafe context = fresh
  }

  deinit {
    // SAFETY: the context is ours alone and is not used again.
    _ = unsafe LZ4F_freeDecompressionContext(context)
  }

  mutating func startMember() {
    // SAFETY: the context is ours.
    unsafe LZ4F_resetDecompressionContext(context)
  }

  mutating func step(
    _ input: MappedBytes, from offset: Int, into output: inout MutableSpan<UInt8>
  ) throws -> DecoderStep {
    var consumed = min(Self.inputLength, input.count - offset)
    var produced = output.count
    // SAFETY: `offset` and `consumed` lie within the map, which liblz4 only reads; the output is written within the span,
    // which outlives the call. The two numbers become how much was taken and given.
    let result = unsafe output.withUnsafeMutableBufferPointer { buffer in
      unsafe LZ4F_decompress(context, buffer.baseAddress, &produced, input.pointer + offset, &consumed, nil)
    }
    guard LZ4F_isError(result) == 0 else {
      guard ingest_lz4_is_out_of_memory(result) == 0 else {
        throw SystemCallError(call: "LZ4F_decompress", errno: ENOMEM)
      }
      return DecoderStep(outcome: .damaged, consumed: 0, produced: 0)
    }
    return DecoderStep(outcome: result == 0 ? .memberEnd : .more, consumed: consumed, produced: produced)
  }

  /// A frame, or one to be skipped.
  static func startsMember(_ input: MappedBytes, at offset: Int) -> Bool {
    input.hasBytes([0x04, 0x22, 0x4D, 0x18], at: offset) || input.hasSkippableFrame(at: offset)
  }
}
