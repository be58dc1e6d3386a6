// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Glibc
import Validation

/// What one container may expand to, and how much of it the upload has used up.
///
/// Sizes are hostile numbers of up to 64 bits, so every sum and product is checked. It does not guard memory or time:
/// the expanders keep memory flat, and the worker's resource limits stand beside them.
package struct ExpansionCaps: Sendable, Hashable {
  /// All bytes that the upload may expand to.
  package var expandedBytes: UInt64
  /// Expanded over compressed size of one stream or member, and of an archive as a whole.
  package var compressionRatio: UInt64
  /// The ratio applies once more bytes than these are expanded.
  package var ratioFloor: UInt64
  /// What the upload has expanded to before; counts towards `expandedBytes` only.
  package var expandedBefore: UInt64
  /// Where in the scratch file the expanded bytes go.
  package var scratchOffset: UInt64
  /// The bytes of the upload, to which the ratio of all that it expands to applies: a container in another could multiply
  /// theirs.
  package var uploadBytes: UInt64

  /// The largest window (dictionary) of a compressed stream, in bytes, a power of two: a decoder must keep it in memory.
  ///
  /// The largest that `zstd` itself takes without being asked; `xz -9` makes half of it.
  package static let largestWindow = 128 << 20

  /// Caps of one expansion.
  package init(
    expandedBytes: UInt64, compressionRatio: UInt64, ratioFloor: UInt64, expandedBefore: UInt64 = 0,
    scratchOffset: UInt64 = 0, uploadBytes: UInt64 = .max
  ) {
    self.expandedBytes = expandedBytes
    self.compressionRatio = compressionRatio
    self.ratioFloor = ratioFloor
    self.expandedBefore = expandedBefore
    self.scratchOffset = scratchOffset
    self.uploadBytes = uploadBytes
  }

  /// Judges an expansion of `expanded` bytes, so far or as declared, out of `compressed` bytes.
  ///
  /// - Throws: a rejection with `expanded_too_large` or `compression_ratio`, its limit and the value that broke it.
  func check(expanded: UInt64, compressed: UInt64) throws(Rejection) {
    let (total, overflowed) = expandedBefore.addingReportingOverflow(expanded)
    guard !overflowed, total <= expandedBytes else {
      throw Rejection(.expandedTooLarge, limit: expandedBytes, actual: overflowed ? .max : total)
    }
    try checkRatio(expanded, to: compressed)
    try checkRatio(total, to: uploadBytes)
  }

  private func checkRatio(_ expanded: UInt64, to compressed: UInt64) throws(Rejection) {
    // A product past 64 bits is more than any size, so it allows every one.
    let (allowed, isUnbounded) = max(1, compressed).multipliedReportingOverflow(by: compressionRatio)
    guard expanded <= ratioFloor || isUnbounded || expanded <= allowed else {
      throw Rejection(
        .compressionRatio, limit: compressionRatio, actual: Self.quotient(expanded, max(1, compressed)))
    }
  }

  /// The caps of what comes after `count` expanded bytes, which stay in the scratch.
  ///
  /// The next ones begin where a map can, whatever the size of a page.
  package mutating func advance(by count: Int) {
    waste(count)
    let end = scratchPosition(after: UInt64(clamping: count))
    scratchOffset = end > .max - 65_535 ? .max : (end + 65_535) & ~65_535
  }

  /// Counts expanded bytes that are of no use, because what followed them was damaged; what comes next is written over them.
  mutating func waste(_ count: Int) {
    let (total, overflowed) = expandedBefore.addingReportingOverflow(UInt64(clamping: count))
    expandedBefore = overflowed ? .max : total
  }

  /// Maps what was expanded last, and moves behind it.
  mutating func map(_ count: Int, of scratch: borrowing OwnedDescriptor) throws(SystemCallError) -> MappedBytes {
    guard let start = Int(exactly: scratchOffset), start <= .max - count else {
      throw SystemCallError(call: "mmap", errno: EOVERFLOW)
    }
    let content = try MappedBytes(scratch, range: start..<start + count)
    advance(by: count)
    return content
  }

  /// Where the piece after `expanded` bytes goes; an offset past 2^64 is held there, and refused by the file.
  func scratchPosition(after expanded: UInt64) -> UInt64 {
    let (position, overflowed) = scratchOffset.addingReportingOverflow(expanded)
    return overflowed ? .max : position
  }

  /// Rounded up, so that what breaks a cap of 200 is never shown as 200.
  private static func quotient(_ dividend: UInt64, _ divisor: UInt64) -> UInt64 {
    let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
    return remainder == 0 ? quotient : quotient + 1
  }
}
