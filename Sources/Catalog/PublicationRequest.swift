// SPDX-License-Identifier: Apache-2.0

package import Validation

/// An accepted upload with the tables that it shall make visible, all at once.
package struct PublicationRequest: Sendable {
  /// The upload: its code is nil and its derivation is not.
  package var upload: UploadRecord
  /// The tables, those of a reused reading too; each ordinal once.
  package var outputs: [ReadingOutput]
  /// The name of each output, in the order of `outputs`; no two the same, ignoring case.
  package var names: [TableName]
  /// Whether names that exist are refused rather than given a new version.
  package var onlyCreate: Bool
  /// The version that this one repairs: it must be the latest of the one name; nil for an upload.
  package var repairs: Int?
  /// The time of publication, in microseconds since 1970-01-01 UTC.
  package var publishedAt: Int64

  /// A request of these values.
  package init(
    upload: UploadRecord, outputs: [ReadingOutput], names: [TableName], onlyCreate: Bool = false,
    repairs: Int? = nil, publishedAt: Int64
  ) {
    self.upload = upload
    self.outputs = outputs
    self.names = names
    self.onlyCreate = onlyCreate
    self.repairs = repairs
    self.publishedAt = publishedAt
  }

  /// Refuses what contradicts itself, before a transaction is begun.
  func check() throws(CatalogError) {
    guard names.count == outputs.count else { throw .invalidRequest(.namesAndOutputsDiffer) }
    guard Set(outputs.map(\.ordinal)).count == outputs.count else { throw .invalidRequest(.duplicateOrdinals) }
    guard upload.code == nil, upload.derivation != nil else { throw .invalidRequest(.uploadNotAccepted) }
    guard Set(names.map(\.folded)).count == names.count else { throw .duplicateNames }
    let ids = outputs.map(\.tableID) + outputs.compactMap { $0.rejects?.tableID }
    guard ids.allSatisfy({ $0.isLowercaseHex(digits: 64) }) else { throw .invalidRequest(.malformedID) }
    guard outputs.allSatisfy({ $0.rejects == nil || $0.rejected > 0 }) else {
      throw .invalidRequest(.rejectsWithoutCount)
    }
    try upload.check()
  }
}

extension UploadRecord {
  /// Refuses what would not come back as it went in, where it matters who or what it names.
  ///
  /// Does not guard `detail` and other display text: a zero byte cuts them off.
  func check() throws(CatalogError) {
    guard id.isLowercaseHex(digits: 32), contentHash.isLowercaseHex(digits: 64),
      derivation?.isLowercaseHex(digits: 64) != false
    else { throw .invalidRequest(.malformedID) }
    // SQLite's C interface ends a text at its first zero byte: two principals must not become one.
    guard !principal.utf8.contains(0), !scope.utf8.contains(0), !options.utf8.contains(0) else {
      throw .invalidRequest(.zeroByte)
    }
  }
}
