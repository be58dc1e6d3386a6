// SPDX-License-Identifier: Apache-2.0

import CKernel
package import FileDescriptors

extension OwnedDescriptor {
  /// An empty file in memory, closed on `exec`.
  ///
  /// - Throws: the failure of `memfd_create`.
  package static func makeInMemory() throws(SystemCallError) -> OwnedDescriptor {
    // SAFETY: the name is a literal.
    let number = unsafe ingest_memfd("ingest")
    guard number >= 0 else { throw SystemCallError(call: "memfd_create", errno: -number) }
    return OwnedDescriptor(owning: number)
  }
}
