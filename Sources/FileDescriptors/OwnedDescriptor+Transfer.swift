// SPDX-License-Identifier: Apache-2.0

import Glibc

extension OwnedDescriptor {
  /// Reads what is there at the current offset: at least one byte, unless the end is reached or `bytes` is empty.
  ///
  /// - Returns: how many bytes were written to the start of `bytes`; 0 at the end.
  /// - Throws: the failure of `read`; `EAGAIN` from a descriptor that does not block.
  package func read(into bytes: inout MutableRawSpan) throws(SystemCallError) -> Int {
    // SAFETY: the buffer is the span's own memory, for the length of the call.
    try unsafe bytes.withUnsafeMutableBytes { buffer throws(SystemCallError) in
      try systemCall("read") { unsafe Glibc.read(rawValue, buffer.baseAddress, buffer.count) }
    }
  }

  /// Reads from the current offset until `bytes` is full or the end is reached.
  ///
  /// - Returns: how many bytes were read; fewer than `bytes` holds only at the end.
  /// - Throws: the failure of `read`, after which the offset is unknown.
  package func readFully(into bytes: inout MutableRawSpan) throws(SystemCallError) -> Int {
    try unsafe bytes.withUnsafeMutableBytes { buffer throws(SystemCallError) in
      // SAFETY: `done` never exceeds the buffer's count, which `transfer` keeps.
      try Self.transfer("read", buffer.count) { done in
        unsafe Glibc.read(rawValue, buffer.baseAddress?.advanced(by: done), buffer.count - done)
      }
    }
  }

  /// Reads from the byte `offset` until `bytes` is full or the end is reached.
  ///
  /// The file offset stays as it is.
  ///
  /// - Returns: how many bytes were read; fewer than `bytes` holds only at the end.
  /// - Throws: the failure of `pread`; `EINVAL` for an offset past 2^63 - 1.
  package func pread(into bytes: inout MutableRawSpan, at offset: UInt64) throws(SystemCallError) -> Int {
    let start = try Self.position("pread", offset, bytes.byteCount)
    return try unsafe bytes.withUnsafeMutableBytes { buffer throws(SystemCallError) in
      // SAFETY: as above.
      try Self.transfer("pread", buffer.count) { done in
        unsafe Glibc.pread(
          rawValue, buffer.baseAddress?.advanced(by: done), buffer.count - done, start + off_t(done))
      }
    }
  }

  /// Writes all of `bytes` at the current offset.
  ///
  /// - Throws: the failure of `write`, such as `ENOSPC`; part of the bytes may then have been written.
  package func write(_ bytes: RawSpan) throws(SystemCallError) {
    let written = try unsafe bytes.withUnsafeBytes { buffer throws(SystemCallError) in
      // SAFETY: as above.
      try Self.transfer("write", buffer.count) { done in
        unsafe Glibc.write(rawValue, buffer.baseAddress?.advanced(by: done), buffer.count - done)
      }
    }
    guard written == bytes.byteCount else { throw SystemCallError(call: "write", errno: EIO) }
  }

  /// Writes all of `bytes` from the byte `offset` on.
  ///
  /// The file offset stays as it is.
  ///
  /// - Throws: the failure of `pwrite`, such as `ENOSPC`; part of the bytes may then have been written. `EINVAL` for an
  ///   offset past 2^63 - 1.
  package func pwrite(_ bytes: RawSpan, at offset: UInt64) throws(SystemCallError) {
    let start = try Self.position("pwrite", offset, bytes.byteCount)
    let written = try unsafe bytes.withUnsafeBytes { buffer throws(SystemCallError) in
      // SAFETY: as above.
      try Self.transfer("pwrite", buffer.count) { done in
        unsafe Glibc.pwrite(
          rawValue, buffer.baseAddress?.advanced(by: done), buffer.count - done, start + off_t(done))
      }
    }
    guard written == bytes.byteCount else { throw SystemCallError(call: "pwrite", errno: EIO) }
  }

  /// The offset as the kernel takes it, once it is sure that offset and length together cannot overflow it.
  private static func position(
    _ call: String, _ offset: UInt64, _ length: Int
  ) throws(SystemCallError) -> off_t {
    guard let start = off_t(exactly: offset), !start.addingReportingOverflow(off_t(length)).overflow else {
      throw SystemCallError(call: call, errno: EINVAL)
    }
    return start
  }

  /// Calls `step` with the bytes done so far until `count` are done, or it answers 0.
  private static func transfer(
    _ call: String, _ count: Int, _ step: (Int) -> Int
  ) throws(SystemCallError) -> Int {
    var done = 0
    while done < count {
      let moved = try systemCall(call) { step(done) }
      guard moved > 0 else { break }
      done += moved
    }
    return done
  }
}
