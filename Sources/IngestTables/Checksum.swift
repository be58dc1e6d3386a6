// SPDX-License-Identifier: Apache-2.0

import CChecksum
import FileDescriptors

/// XXH3 with 64 bits of bytes that come in pieces: finds what a disk or memory changed, and nothing that was meant.
@safe struct Checksum: ~Copyable {
  private let state: OpaquePointer

  init() { unsafe state = ingest_checksum_make() }

  // SAFETY: the state is this value's own, made by `init` and used by nobody else; so below.
  deinit { unsafe ingest_checksum_free(state) }

  /// Forgets all bytes.
  mutating func reset() { unsafe ingest_checksum_reset(state) }

  mutating func add(_ bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      // SAFETY: the call reads the buffer's `count` bytes.
      unsafe ingest_checksum_add(state, base, buffer.count)
    }
  }

  var value: UInt64 { unsafe ingest_checksum_value(state) }

  /// The checksum of bytes that lie together.
  static func of(_ bytes: Span<UInt8>) -> UInt64 {
    unsafe bytes.withUnsafeBufferPointer { buffer in
      // SAFETY: the call reads the buffer's `count` bytes.
      unsafe ingest_checksum_of(buffer.baseAddress, buffer.count)
    }
  }
}

/// The checksum of one buffer of a file, whose bytes are seen in windows that rise and may overlap.
///
/// A class, since a window's bytes cannot be handed to a part of what holds the window.
final class BufferChecksum {
  private var checksum = Checksum()
  private var buffer = 0..<0
  /// Up to where the buffer has been taken in.
  private var end = 0

  /// Begins with the buffer at `place`.
  func begin(_ place: Range<Int>) {
    checksum.reset()
    buffer = place
    end = place.lowerBound
  }

  /// Takes in what is new of a window that starts at `offset` of the file.
  func add(_ window: Span<UInt8>, at offset: Int) {
    let next = min(offset + window.count, buffer.upperBound)
    guard offset <= end, end < next else { return }
    checksum.add(window.extracting(end - offset..<next - offset))
    end = next
  }

  /// The checksum of the buffer; nil where a part of it was not seen.
  var value: UInt64? { end == buffer.upperBound ? checksum.value : nil }
}

extension ArrowLayout.Batch {
  /// The checksum of a body that is there whole: that of its buffers' checksums, in file order.
  ///
  /// Padding is not in it.
  func checksum(of body: Span<UInt8>) -> UInt64 {
    var whole = BatchChecksum()
    for place in columns {
      for range in place.ranges {
        whole.add(Checksum.of(body.extracting(range.lowerBound - bodyOffset..<range.upperBound - bodyOffset)))
      }
    }
    return whole.value
  }

  /// The same of a body that lies in a file, of which a bounded piece is read at a time.
  func checksum(in file: borrowing OwnedDescriptor) throws(BodyFault) -> UInt64 {
    var whole = BatchChecksum()
    var window = FileWindow()
    for range in columns.flatMap(\.ranges) {
      window.begin(range)
      for start in stride(from: range.lowerBound, to: range.upperBound, by: BodyVerifier.windowBytes) {
        try window.read(start..<min(start + BodyVerifier.windowBytes, range.upperBound), of: file)
      }
      guard let checksum = window.checksum else { throw .truncated(offset: range.upperBound) }
      whole.add(checksum)
    }
    return whole.value
  }
}

/// The checksum of a batch, from those of its buffers.
struct BatchChecksum: ~Copyable {
  private var checksum = Checksum()

  mutating func add(_ buffer: UInt64) {
    let bytes = InlineArray<8, UInt8> { UInt8(truncatingIfNeeded: buffer >> UInt64($0 * 8)) }
    checksum.add(bytes.span)
  }

  var value: UInt64 { checksum.value }
}
