// SPDX-License-Identifier: Apache-2.0

import FileDescriptors

extension TableFile {
  /// What the bodies of a table hold.
  package struct VerifiedBodies: Sendable {
    package var rows: UInt64 = 0
    package var columns: [ColumnSummary] = []
  }

  /// Verifies every body, as that of a worker is verified, in windows of bounded size.
  ///
  /// Numbers and text that were changed into others that could be there as well are not found.
  ///
  /// - Parameter progress: told how far in the file it is, after each batch.
  /// - Throws: `TableFileError`.
  package func verifyBodies(_ progress: (UInt64) -> Void = { _ in }) throws(TableFileError) -> VerifiedBodies {
    let copy: OwnedDescriptor
    do { copy = try file.duplicate() } catch { throw .unreadable(error.description) }
    var verifier = BodyVerifier(reading: copy, columns: schema.fields.count)
    var nulls = [UInt64](repeating: 0, count: schema.fields.count)
    var found = VerifiedBodies()
    for index in 0..<batchCount {
      let (batch, stated) = try place(index)
      let counted: [NullCount]
      do {
        counted = try verifier.verify(batch)
      } catch BodyFault.unreadable(let error) {
        throw .unreadable(error.description)
      } catch {
        throw .damaged("batch \(index): \(error)")
      }
      for (column, place) in batch.columns.enumerated() {
        // A column without any value has no body in which its nulls could be counted.
        let isEmpty = place.type == .null
        guard isEmpty || counted[column] == stated[column] else { throw .damaged("batch \(index): nulls") }
        nulls[column] += UInt64(isEmpty ? batch.rows : counted[column].rows)
      }
      found.rows += UInt64(batch.rows)
      progress(UInt64(batch.bodyEnd))
    }
    found.columns = zip(nulls, verifier.bounds).map { ColumnSummary(nulls: $0, bounds: $1) }
    return found
  }
}
