// SPDX-License-Identifier: Apache-2.0

import CKernel
package import FileDescriptors

extension OwnedDescriptor {
  /// A file in memory that holds these bytes; writable.
  package static func inMemory(_ bytes: [UInt8] = []) throws -> OwnedDescriptor {
    // SAFETY: the literal ends in a zero and lives for ever.
    let number = unsafe ingest_memfd("fuzz")
    guard number >= 0 else { throw SystemCallError(call: "memfd_create", errno: -number) }
    let file = OwnedDescriptor(owning: number)
    try file.pwrite(bytes.span, at: 0)
    return file
  }

  /// All bytes of the file.
  package func contents() throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Int(try size()))
    var span = bytes.mutableSpan
    let count = try pread(into: &span, at: 0)
    try require(count == bytes.count, "a file in memory was read in part")
    return bytes
  }
}
