// SPDX-License-Identifier: Apache-2.0

import Catalog
import IngestTables

extension TableVersion {
  /// The checksums of the table's batches; nil where nobody counted them.
  ///
  /// - Throws: `catalog` with `corrupt` where the text is none; so below.
  func batchChecksums() throws -> BatchChecksums? { try BatchChecksums(kept: checksums) }
}

extension RejectsFile {
  /// The checksums of the file's batches; nil where nobody counted them.
  func batchChecksums() throws -> BatchChecksums? { try BatchChecksums(kept: checksums) }
}

extension BatchChecksums {
  fileprivate init?(kept text: String?) throws {
    guard let text else { return nil }
    guard let checksums = BatchChecksums(text) else { throw CatalogError.corrupt }
    self = checksums
  }
}
