// SPDX-License-Identifier: Apache-2.0

import CBzip2
import FileDescriptors
import Glibc

/// One libbz2 stream, the checksums of its blocks and of the whole verified.
///
/// One owner, one call at a time. Takes about 4 MiB, whatever the content.
@safe struct Bzip2Decoder: ~Copyable, StreamDecoder {
  /// On the heap, because libbz2 refuses a stream whose address has changed.
  private let stream: UnsafeMutablePointer<bz_stream>

  init() throws {
    // SAFETY: the memory is initialised before libbz2 sees it, and freed below or in `deinit`.
    let fresh = UnsafeMutablePointer<bz_stream>.allocate(capacity: 1)
    unsafe fresh.initialize(to: bz_stream())
    guard unsafe BZ2_bzDecompressInit(fresh, 0, 0) == BZ_OK else {
      unsafe fresh.deallocate()
      throw SystemCallError(call: "BZ2_bzDecompressInit", errno: ENOMEM)
    }
    unsafe stream = fresh
  }

  deinit {
    // SAFETY: the stream is ours alone and is not used again. Without a state the call does nothing.
    unsafe BZ2_bzDecompressEnd(stream)
    unsafe stream.deallocate()
  }

  mutating func startMember() throws {
    // SAFETY: the stream is ours alone, and as at first between the two calls.
    unsafe BZ2_bzDecompressEnd(stream)
    guard unsafe BZ2_bzDecompressInit(stream, 0, 0) == BZ_OK else {
      throw SystemCallError(call: "BZ2_bzDecompressInit", errno: ENOMEM)
    }
  }

  mutating func step(
    _ input: MappedBytes, from offset: Int, into output: inout MutableSpan<UInt8>
  ) throws -> DecoderStep {
    let length = min(Self.inputLength, input.count - offset)
    let capacity = output.count
    // SAFETY: `offset` and `length` lie within the map, which libbz2 reads and does not write to; the output is written
    // within the span, which outlives the call. The pointers that libbz2 keeps are replaced before the next call.
    let status = unsafe output.withUnsafeMutableBufferPointer { buffer in
      let start = unsafe UnsafeMutableRawPointer(mutating: input.pointer + offset)
      unsafe stream.pointee.next_in = start.assumingMemoryBound(to: CChar.self)
      unsafe stream.pointee.avail_in = UInt32(length)
      unsafe stream.pointee.next_out = UnsafeMutableRawPointer(buffer.baseAddress)?
        .assumingMemoryBound(to: CChar.self)
      unsafe stream.pointee.avail_out = UInt32(buffer.count)
      return unsafe BZ2_bzDecompress(stream)
    }
    guard status != BZ_MEM_ERROR else { throw SystemCallError(call: "BZ2_bzDecompress", errno: ENOMEM) }
    return DecoderStep(
      outcome: status == BZ_STREAM_END ? .memberEnd : status == BZ_OK ? .more : .damaged,
      consumed: length - Int(unsafe stream.pointee.avail_in), produced: capacity - Int(unsafe stream.pointee.avail_out))
  }

  static func startsMember(_ input: MappedBytes, at offset: Int) -> Bool {
    input.hasBytes(Array("BZh".utf8), at: offset)
  }
}
