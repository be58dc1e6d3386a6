// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Which batches of an open file were found to be what they were when the table was published.
///
/// Without checksums nothing is known, and every body is taken as it is.
final class BodySeals: Sendable {
  private enum Seal { case unknown, sound, broken }

  private let checksums: BatchChecksums?
  private let seals: Mutex<[Seal]>
  /// Held by the one who looks at a body: the others want to know the same.
  private let looking = Mutex(())

  init(_ checksums: BatchChecksums?) {
    self.checksums = checksums
    seals = Mutex([Seal](repeating: .unknown, count: checksums?.values.count ?? 0))
  }

  /// Compares the checksum of a body with the one of its publication.
  ///
  /// - Throws: `TableFileError.damaged` where it is another.
  func verify(_ checksum: @autoclosure () -> UInt64, ofBatch index: Int) throws(TableFileError) {
    guard let checksums else { return }
    let isSound = checksum() == checksums.values[index]
    seals.withLock { $0[index] = isSound ? .sound : .broken }
    guard isSound else { throw Self.damage(index) }
  }

  /// Has a body looked at that nobody looked at yet.
  ///
  /// - Parameter checksum: counts that of the body.
  /// - Throws: `TableFileError.damaged` where it is another than at the publication, also where that was found before, or
  ///   what `checksum` throws.
  func settle(_ index: Int, _ checksum: () throws(TableFileError) -> UInt64) throws(TableFileError) {
    if try isSettled(index) { return }
    try looking.withLock { _ throws(TableFileError) in
      if try isSettled(index) { return }
      let found = try checksum()
      try verify(found, ofBatch: index)
    }
  }

  /// Whether nothing is left to be found out of a body.
  ///
  /// - Throws: `TableFileError.damaged` where it was found to be another than at the publication.
  func isSettled(_ index: Int) throws(TableFileError) -> Bool {
    guard checksums != nil else { return true }
    switch seals.withLock({ $0[index] }) {
    case .unknown: return false
    case .sound: return true
    case .broken: throw Self.damage(index)
    }
  }

  private static func damage(_ index: Int) -> TableFileError {
    .damaged("batch \(index) is not the one that was published")
  }
}
