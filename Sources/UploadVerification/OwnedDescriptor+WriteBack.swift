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

  /// Finds room on the disk for a part of the file that is still to be written, so that writing need not look for it.
  ///
  /// Promises nothing, as above: a disk that is full says so to whoever writes.
  func allocate(_ range: Range<UInt64>) {
    _ = ingest_allocate(rawValue, range.lowerBound, range.upperBound - range.lowerBound)
  }

  /// The same file, opened once more and for reading only.
  func openForReading() throws(SystemCallError) -> OwnedDescriptor {
    let number = ingest_open_read_only_again(rawValue)
    guard number >= 0 else { throw SystemCallError(call: "open", errno: -number) }
    return OwnedDescriptor(owning: number)
  }
}
