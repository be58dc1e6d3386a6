// SPDX-License-Identifier: Apache-2.0

import FileDescriptors

extension TableFile {
  /// Verifies every body, as that of a worker is verified, in windows of bounded size, and compares the checksums.
  ///
  /// Where there are none, numbers and text that were changed into others that could be there as well are not found.
  ///
  /// - Parameter progress: told how far in the file it is, after each batch.
  /// - Throws: `TableFileError`.
  package func verifyBodies(_ progress: (UInt64) -> Void = { _ in }) throws(TableFileError) -> TableContents {
    let copy: OwnedDescriptor
    do { copy = try file.duplicate() } catch { throw .unreadable(error.description) }
    var verifier = BodyVerifier(reading: copy)
    var contents = TableContents(schema, batchCount: batchCount)
    for index in 0..<batchCount {
      let (batch, stated) = try place(index)
      let body: VerifiedBody
      do {
        body = try verifier.verify(batch)
      } catch BodyFault.unreadable(let error) {
        throw .unreadable(error.description)
      } catch {
        throw .damaged("batch \(index): \(error)")
      }
      for (column, place) in batch.columns.enumerated() where place.type != .null {
        guard body.nulls[column] == stated[column] else { throw .damaged("batch \(index): nulls") }
      }
      try seals.verify(body.checksum, ofBatch: index)
      contents.add(body, of: batch, at: index)
      progress(UInt64(batch.bodyEnd))
    }
    return contents
  }
}
