// SPDX-License-Identifier: Apache-2.0

import CZstd
import FileDescriptors
import Glibc
import Validation

/// A libzstd context that expands frames (RFC 8878), checksum and length verified where a frame has them.
///
/// One owner, one call at a time. Takes as much memory as the window that the frame asks for, within the window's cap.
@safe struct ZstdDecoder: ~Copyable, StreamDecoder {
  private let context: OpaquePointer

  init() throws {
    guard let fresh = unsafe ZSTD_createDCtx() else { throw SystemCallError(call: "ZSTD_createDCtx", errno: ENOMEM) }
    // SAFETY: the context is fresh and ours; the value lies within the library's bounds.
    let result = unsafe ZSTD_DCtx_setParameter(
      fresh, ZSTD_d_windowLogMax, Int32(ExpansionCaps.largestWindow.trailingZeroBitCount))
    guard ZSTD_isError(result) == 0 else {
      unsafe ZSTD_freeDCtx(fresh)
      throw SystemCallError(call: "ZSTD_DCtx_setParameter", errno: EINVAL)
    }
    unsafe context = fresh
  }

  deinit {
    // SAFETY: the context is ours alone and is not used again.
    unsafe ZSTD_freeDCtx(context)
  }

  mutating func startMember() {
    // SAFETY: the context is ours; the call cannot fail where a session alone is reset.
    unsafe ZSTD_DCtx_reset(context, ZSTD_reset_session_only)
  }

  mutating func step(
    _ input: MappedBytes, from offset: Int, into output: inout MutableSpan<UInt8>
  ) throws -> DecoderStep {
    let length = min(Self.inputLength, input.count - offset)
    var source = unsafe ZSTD_inBuffer(src: input.pointer + offset, size: length, pos: 0)
    var produced = 0
    // SAFETY: `offset` and `length` lie within the map, which libzstd only reads; the output is written within the span,
    // which outlives the call.
    let result = unsafe output.withUnsafeMutableBufferPointer { buffer in
      var target = unsafe ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
      defer { produced = unsafe target.pos }
      return unsafe ZSTD_decompressStream(context, &target, &source)
    }
    let consumed = unsafe source.pos
    guard ZSTD_isError(result) == 0 else {
      switch ZSTD_getErrorCode(result) {
      case ZSTD_error_memory_allocation: throw SystemCallError(call: "ZSTD_decompressStream", errno: ENOMEM)
      case ZSTD_error_frameParameter_windowTooLarge:
        throw Rejection(.windowTooLarge, byteOffset: UInt64(offset), limit: UInt64(ExpansionCaps.largestWindow))
      default: return DecoderStep(outcome: .damaged, consumed: 0, produced: 0)
      }
    }
    return DecoderStep(outcome: result == 0 ? .memberEnd : .more, consumed: consumed, produced: produced)
  }

  /// A frame, or one to be skipped, which some packers put between others.
  static func startsMember(_ input: MappedBytes, at offset: Int) -> Bool {
    input.hasBytes([0x28, 0xB5, 0x2F, 0xFD], at: offset) || input.hasSkippableFrame(at: offset)
  }
}
