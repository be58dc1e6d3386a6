// SPDX-License-Identifier: Apache-2.0

import CLzma
import FileDescriptors
import Glibc
import Validation

/// One liblzma stream that expands .xz streams, their checks and index verified.
///
/// One owner, one call at a time. Takes as much memory as the dictionary that the file asks for, within the window's cap.
/// Does not guard content that was written without a check (`xz --check=none`); nothing can.
@safe struct XzDecoder: ~Copyable, StreamDecoder {
  /// The largest dictionary, and what liblzma needs beside it.
  private static let memory = UInt64(ExpansionCaps.largestWindow) + 2 << 20

  private let stream: UnsafeMutablePointer<lzma_stream>

  init() throws {
    // SAFETY: zeros are what LZMA_STREAM_INIT is; the memory is freed below or in `deinit`.
    let fresh = UnsafeMutablePointer<lzma_stream>.allocate(capacity: 1)
    unsafe fresh.initialize(to: lzma_stream())
    guard unsafe ingest_xz_decoder(fresh, Self.memory) == LZMA_OK else {
      unsafe lzma_end(fresh)
      unsafe fresh.deallocate()
      throw SystemCallError(call: "lzma_stream_decoder", errno: ENOMEM)
    }
    unsafe stream = fresh
  }

  deinit {
    // SAFETY: the stream is ours alone and is not used again.
    unsafe lzma_end(stream)
    unsafe stream.deallocate()
  }

  mutating func startMember() throws {
    // SAFETY: a stream that was used may be made a decoder again; what it holds is reused or freed.
    guard unsafe ingest_xz_decoder(stream, Self.memory) == LZMA_OK else {
      throw SystemCallError(call: "lzma_stream_decoder", errno: ENOMEM)
    }
  }

  mutating func step(
    _ input: MappedBytes, from offset: Int, into output: inout MutableSpan<UInt8>
  ) throws -> DecoderStep {
    let length = min(Self.inputLength, input.count - offset)
    let capacity = output.count
    // SAFETY: `offset` and `length` lie within the map, which liblzma only reads; the output is written within the span,
    // which outlives the call. The pointers that liblzma keeps are replaced before the next call.
    let status = unsafe output.withUnsafeMutableBufferPointer { buffer in
      unsafe stream.pointee.next_in = input.pointer + offset
      unsafe stream.pointee.avail_in = length
      unsafe stream.pointee.next_out = buffer.baseAddress
      unsafe stream.pointee.avail_out = buffer.count
      return unsafe lzma_code(stream, LZMA_RUN)
    }
    let consumed = length - (unsafe stream.pointee.avail_in)
    switch status {
    case LZMA_MEM_ERROR: throw SystemCallError(call: "lzma_code", errno: ENOMEM)
    case LZMA_MEMLIMIT_ERROR:
      throw Rejection(
        .windowTooLarge, byteOffset: UInt64(offset + consumed), limit: UInt64(ExpansionCaps.largestWindow))
    default: break
    }
    return DecoderStep(
      outcome: Self.outcome(status), consumed: consumed, produced: capacity - (unsafe stream.pointee.avail_out))
  }

  static func startsMember(_ input: MappedBytes, at offset: Int) -> Bool {
    input.hasBytes([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], at: offset)
  }

  private static func outcome(_ status: lzma_ret) -> DecoderStep.Outcome {
    switch status {
    // LZMA_BUF_ERROR: no progress, for want of input.
    case LZMA_OK, LZMA_BUF_ERROR: .more
    case LZMA_STREAM_END: .memberEnd
    default: .damaged
    }
  }
}
