// SPDX-License-Identifier: Apache-2.0

import CGunzip
import FileDescriptors
import Glibc

/// Expands gzip members (RFC 1952), checksum and length verified.
///
/// One owner, one call at a time.
@safe struct GzipDecoder: ~Copyable, StreamDecoder {
  private let state: OpaquePointer
  private var isAtStart = true

  init() throws {
    // SAFETY: the state is freed in `deinit`, and only there.
    guard let state = unsafe ingest_gunzip_make() else {
      throw SystemCallError(call: "ingest_gunzip_make", errno: ENOMEM)
    }
    unsafe self.state = state
  }

  deinit {
    // SAFETY: the state is ours alone and is not used again.
    unsafe ingest_gunzip_free(state)
  }

  mutating func startMember() {
    // SAFETY: the state was made in `init`.
    unsafe ingest_gunzip_restart(state)
    isAtStart = true
  }

  mutating func step(
    _ input: MappedBytes, from offset: Int, into output: inout MutableSpan<UInt8>
  ) throws -> DecoderStep {
    let length = min(Self.inputLength, input.count - offset)
    // RFC 1952, 2.3.1.2: the reserved bits of the flags "must be zero". The library lets them pass.
    if isAtStart, length > 3, input[offset + 3] & 0xE0 != 0 {
      return DecoderStep(outcome: .damaged, consumed: 0, produced: 0)
    }
    isAtStart = false
    // SAFETY: `offset` and `length` lie within the map, which is read and not written to; the output is written within
    // the span, which outlives the call. The state keeps neither.
    let step = unsafe output.withUnsafeMutableBufferPointer { buffer -> ingest_gunzip_step? in
      guard let start = buffer.baseAddress else { return nil }
      return unsafe ingest_gunzip_expand(state, input.pointer + offset, length, start, buffer.count)
    }
    guard let step else { return DecoderStep(outcome: .more, consumed: 0, produced: 0) }
    // What the library had looked at ahead it gives back, also of an earlier step.
    guard step.outcome != ingest_gunzip_damaged, offset + step.consumed >= 0 else {
      return DecoderStep(outcome: .damaged, consumed: max(0, step.consumed), produced: step.produced)
    }
    return DecoderStep(outcome: Self.outcome(step.outcome), consumed: step.consumed, produced: step.produced)
  }

  static func startsMember(_ input: MappedBytes, at offset: Int) -> Bool { input.hasBytes([0x1F, 0x8B], at: offset) }

  private static func outcome(_ outcome: ingest_gunzip_outcome) -> DecoderStep.Outcome {
    switch outcome {
    case ingest_gunzip_more: .more
    case ingest_gunzip_end: .memberEnd
    default: .damaged
    }
  }
}
