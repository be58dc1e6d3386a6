// SPDX-License-Identifier: Apache-2.0

import CZlib
import FileDescriptors
import Glibc

/// One zlib stream that expands gzip members (RFC 1952), checksum and length verified.
///
/// One owner, one call at a time.
@safe struct GzipDecoder: ~Copyable, StreamDecoder {
  /// On the heap, because zlib refuses a stream whose address has changed.
  private let stream: UnsafeMutablePointer<z_stream>

  init() throws {
    // SAFETY: the memory is initialised before zlib sees it, and freed below or in `deinit`.
    let fresh = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    unsafe fresh.initialize(to: z_stream())
    guard unsafe ingest_gzip_inflate_init(fresh) == Z_OK else {
      unsafe fresh.deallocate()
      throw SystemCallError(call: "inflateInit2", errno: ENOMEM)
    }
    unsafe stream = fresh
  }

  deinit {
    // SAFETY: the stream is ours alone and is not used again.
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  mutating func startMember() {
    // SAFETY: the stream was initialised; the call cannot fail on one that was.
    unsafe inflateReset(stream)
  }

  mutating func step(
    _ input: MappedBytes, from offset: Int, into output: inout MutableSpan<UInt8>
  ) throws -> DecoderStep {
    let length = min(Self.inputLength, input.count - offset)
    let capacity = output.count
    // SAFETY: `offset` and `length` lie within the map, which zlib reads and does not write to; the output is written
    // within the span, which outlives the call. The pointers that zlib keeps are replaced before the next call.
    let status = unsafe output.withUnsafeMutableBufferPointer { buffer in
      unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.pointer + offset)
      unsafe stream.pointee.avail_in = UInt32(length)
      unsafe stream.pointee.next_out = buffer.baseAddress
      unsafe stream.pointee.avail_out = UInt32(buffer.count)
      return unsafe inflate(stream, Z_NO_FLUSH)
    }
    guard status != Z_MEM_ERROR else { throw SystemCallError(call: "inflate", errno: ENOMEM) }
    return DecoderStep(
      outcome: Self.outcome(status), consumed: length - Int(unsafe stream.pointee.avail_in),
      produced: capacity - Int(unsafe stream.pointee.avail_out))
  }

  static func startsMember(_ input: MappedBytes, at offset: Int) -> Bool { input.hasBytes([0x1F, 0x8B], at: offset) }

  private static func outcome(_ status: Int32) -> DecoderStep.Outcome {
    switch status {
    // Z_BUF_ERROR: no progress, for want of input.
    case Z_OK, Z_BUF_ERROR: .more
    case Z_STREAM_END: .memberEnd
    default: .damaged
    }
  }
}
