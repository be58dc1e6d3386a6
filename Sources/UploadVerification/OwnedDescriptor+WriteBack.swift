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
}
