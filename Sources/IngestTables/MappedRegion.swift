// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Glibc

/// A range of a file in mapped memory, for as long as somebody refers to it.
///
/// Does not guard against a file that shrinks below it: touching what is gone raises SIGBUS. Published files are never
/// changed, and the service, which must not depend on that, reads them with `pread`.
@safe final class MappedRegion: @unchecked Sendable {
  /// The mapping starts at a page, the range `lead` bytes behind it.
  private let start: UnsafeMutableRawPointer?
  private let lead: Int
  private let count: Int

  /// Maps `range` of a file that is at least as long.
  ///
  /// - Throws: the failure of `mmap`, `ENOMEM` where the address space is used up.
  init(_ file: borrowing OwnedDescriptor, _ range: Range<Int>) throws(SystemCallError) {
    lead = range.isEmpty ? 0 : range.lowerBound & (Int(getpagesize()) - 1)
    count = range.count
    guard !range.isEmpty else {
      unsafe start = nil
      return
    }
    // SAFETY: a fresh mapping of the kernel's choice that nobody can write through; MAP_FAILED is checked below.
    let address = unsafe mmap(
      nil, lead + count, PROT_READ, MAP_PRIVATE, file.rawValue, off_t(range.lowerBound - lead))
    guard unsafe address != MAP_FAILED else { throw SystemCallError(call: "mmap", errno: errno) }
    unsafe start = address
  }

  // SAFETY: the mapping is this object's own, and spans of it do not outlive whoever holds the object.
  deinit { if let start = unsafe start { unsafe munmap(start, lead + count) } }

  /// The bytes of the range.
  var bytes: RawSpan {
    @_lifetime(borrow self)
    get {
      guard let start = unsafe start else { return RawSpan() }
      // SAFETY: the mapping is `lead + count` bytes long, lives as long as this object, and is never written.
      let span = unsafe RawSpan(_unsafeStart: start + lead, byteCount: count)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }
}
