// SPDX-License-Identifier: Apache-2.0

import CKernel
import FileDescriptors

extension OwnedDescriptor {
  /// Has the kernel begin to write a part of the file to disk, so that `synchronize()` has less to wait for.
  ///
  /// Promises nothing, so a failure is none either.
  func startWritingBack(_ range: Range<UInt64>) {
    _ = ingest_start_writing_back(rawValue, range.lowerBound, range.upperBound - range.lowerBound)
  }

  /// The same file, opened once more and for reading only.
  func openForReading() throws(SystemCallError) -> OwnedDescriptor {
    let number = ingest_open_read_only_again(rawValue)
    guard number >= 0 else { throw SystemCallError(call: "open", errno: -number) }
    return OwnedDescriptor(owning: number)
  }
}
