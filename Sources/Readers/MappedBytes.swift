// SPDX-License-Identifier: Apache-2.0

package import FileDescriptors
import Glibc

/// The bytes of a file, mapped for reading.
///
/// The map is never undone: a worker reads one upload and exits.
///
/// A file that shrinks below it raises SIGBUS, which ends the worker and nothing else.
@safe package struct MappedBytes: @unchecked Sendable {
  /// Readable for `count` bytes, for as long as the process lives; nothing writes to it.
  private let base: UnsafePointer<UInt8>
  package let count: Int

  /// Maps `range` of a file; its start must be a multiple of the page size.
  ///
  /// - Throws: the failure of `mmap`, `ENOMEM` where the address space is used up.
  package init(_ file: borrowing OwnedDescriptor, range: Range<Int>) throws(SystemCallError) {
    guard !range.isEmpty else {
      self = .empty
      return
    }
    // SAFETY: a fresh private mapping of the kernel's choice; MAP_FAILED is checked below.
    let address = unsafe mmap(nil, range.count, PROT_READ, MAP_PRIVATE, file.rawValue, off_t(range.lowerBound))
    guard let address = unsafe address, unsafe address != MAP_FAILED else {
      throw SystemCallError(call: "mmap", errno: errno)
    }
    // SAFETY: the mapping is `range.count` bytes long and any byte is a valid UInt8.
    unsafe self.init(base: UnsafePointer(address.assumingMemoryBound(to: UInt8.self)), count: range.count)
  }

  private init(base: UnsafePointer<UInt8>, count: Int) {
    unsafe self.base = base
    self.count = count
  }

  /// No bytes.
  package static let empty = MappedBytes([])

  /// Hands over a copy of bytes that lie elsewhere; nothing of it may outlive `body`.
  static func withCopy<Result, Failure: Error>(
    of bytes: [UInt8], _ body: (MappedBytes) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let copy = MappedBytes(bytes)
    // SAFETY: the initializer below allocated the memory, and nobody reads it after `body`.
    defer { unsafe copy.base.deallocate() }
    return try body(copy)
  }

  /// Copies bytes that lie elsewhere, and keeps them for ever; for tests.
  package init(_ bytes: [UInt8]) {
    // SAFETY: the memory is at least as long as the array, and never freed.
    let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count + 1)
    _ = unsafe copy.initialize(fromContentsOf: bytes + [0])
    guard let base = unsafe UnsafePointer(copy.baseAddress) else { preconditionFailure("no byte") }
    unsafe self.init(base: base, count: bytes.count)
  }

  /// A part of these bytes, without a copy of them.
  package func part(_ range: Range<Int>) -> MappedBytes {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    // SAFETY: the range was just checked, and the memory lives as long as the process.
    return unsafe MappedBytes(base: base + range.lowerBound, count: range.count)
  }

  /// The byte at `index`.
  @inline(__always)
  package subscript(index: Int) -> UInt8 {
    precondition(index >= 0 && index < count)
    // SAFETY: the index was just checked.
    return unsafe base[index]
  }

  /// The bytes of a range, for a call that takes a span.
  @inline(__always)
  package func withSpan<Result, Failure: Error>(
    _ range: Range<Int>, _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    // SAFETY: the range was just checked, and the memory lives as long as the process.
    return try body(unsafe Span(_unsafeStart: base + range.lowerBound, count: range.count))
  }

  /// Appends the bytes of a range to an array.
  @inline(__always)
  package func append(_ range: Range<Int>, to array: inout [UInt8]) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    // SAFETY: as above; the array copies the bytes.
    unsafe array.append(contentsOf: UnsafeBufferPointer(start: base + range.lowerBound, count: range.count))
  }

  /// The bytes of a range as text; what is no UTF-8 becomes U+FFFD.
  func text(_ range: Range<Int>) -> String {
    withSpan(range) { span in String(decoding: span.indices.map { span[$0] }, as: UTF8.self) }
  }

  /// The memory itself, for a C call that takes offsets into it.
  @unsafe package var pointer: UnsafePointer<UInt8> { unsafe base }

  /// The offset of the first `byte` in a range, or nil.
  @inline(__always)
  package func firstIndex(of byte: UInt8, in range: Range<Int>) -> Int? {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    // SAFETY: memchr reads within the range that was just checked.
    guard let found = unsafe memchr(base + range.lowerBound, Int32(byte), range.count) else { return nil }
    return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }
}
