// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Which batches of an open file were found to be what they were when the table was published.
///
/// Without checksums nothing is known, and every body is taken as it is.
final class BodySeals: Sendable {
  private let checksums: BatchChecksums?
  private let areFound: Mutex<[Bool]>

  init(_ checksums: BatchChecksums?) {
    self.checksums = checksums
    areFound = Mutex([Bool](repeating: false, count: checksums?.values.count ?? 0))
  }

  /// Whether nothing is left to be found out of batch `index`.
  func isSettled(_ index: Int) -> Bool {
    guard checksums != nil else { return true }
    return areFound.withLock { $0[index] }
  }

  /// Compares the checksum of a body with the one of its publication.
  ///
  /// - Throws: `TableFileError.damaged` where it is another.
  func verify(_ checksum: @autoclosure () -> UInt64, ofBatch index: Int) throws(TableFileError) {
    guard let checksums else { return }
    guard checksum() == checksums.values[index] else {
      throw .damaged("batch \(index) is not the one that was published")
    }
    areFound.withLock { $0[index] = true }
  }
}
