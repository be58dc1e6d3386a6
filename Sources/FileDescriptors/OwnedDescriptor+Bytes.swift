// SPDX-License-Identifier: Apache-2.0

/// The transfers once more for plain bytes, such as those of an array, so that callers need no raw view of them.
extension OwnedDescriptor {
  /// Reads as `read(into:)` of raw bytes.
  package func read(into bytes: inout MutableSpan<UInt8>) throws(SystemCallError) -> Int {
    // SAFETY: every bit pattern is a byte, so whatever is written leaves the span valid; so below.
    var raw = unsafe bytes.mutableBytes
    return try read(into: &raw)
  }

  /// Reads as `readFully(into:)` of raw bytes.
  package func readFully(into bytes: inout MutableSpan<UInt8>) throws(SystemCallError) -> Int {
    var raw = unsafe bytes.mutableBytes
    return try readFully(into: &raw)
  }

  /// Reads as `pread(into:at:)` of raw bytes.
  package func pread(into bytes: inout MutableSpan<UInt8>, at offset: UInt64) throws(SystemCallError) -> Int {
    var raw = unsafe bytes.mutableBytes
    return try pread(into: &raw, at: offset)
  }

  /// Writes as `write(_:)` of raw bytes.
  package func write(_ bytes: Span<UInt8>) throws(SystemCallError) {
    // SAFETY: bytes have no padding that could be read uninitialised; so below.
    try write(unsafe bytes.bytes)
  }

  /// Writes as `pwrite(_:at:)` of raw bytes.
  package func pwrite(_ bytes: Span<UInt8>, at offset: UInt64) throws(SystemCallError) {
    try pwrite(unsafe bytes.bytes, at: offset)
  }
}
