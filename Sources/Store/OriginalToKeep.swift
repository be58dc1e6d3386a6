// SPDX-License-Identifier: Apache-2.0

package import Catalog

/// The bytes of an upload that are to be kept beside what the upload shows.
package struct OriginalToKeep: Sendable {
  /// What the catalog is to say of them.
  package let record: OriginalRecord
  /// What all originals may take, in bytes.
  package let quota: UInt64
  /// Makes a file of them without a name; nil where they are not those of the hash any more.
  ///
  /// Blocks for as long as the disk takes.
  package let makeFile: @Sendable () throws(StoreError) -> FinishedOutput?
  /// Told why they were not kept, which keeps nothing from being published.
  package let failed: @Sendable (StoreError) -> Void

  /// The bytes of a record.
  package init(
    _ record: OriginalRecord, quota: UInt64, makeFile: @escaping @Sendable () throws(StoreError) -> FinishedOutput?,
    failed: @escaping @Sendable (StoreError) -> Void
  ) {
    self.record = record
    self.quota = quota
    self.makeFile = makeFile
    self.failed = failed
  }
}
