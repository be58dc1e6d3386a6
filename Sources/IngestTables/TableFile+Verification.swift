// SPDX-License-Identifier: Apache-2.0

import FileDescriptors

extension TableFile {
  /// Verifies every body, as that of a worker is verified, in windows of bounded size.
  ///
  /// Numbers and text that were changed into others that could be there as well are not found.
  ///
  /// - Parameter progress: told how far in the file it is, after each batch.
  /// - Returns: the rows of the table.
  /// - Throws: `TableFileError`.
  package func verifyBodies(_ progress: (UInt64) -> Void = { _ in }) throws(TableFileError) -> UInt64 {
    let copy: OwnedDescriptor
    do { copy = try file.duplicate() } catch { throw .unreadable(error.description) }
    var verifier = BodyVerifier(reading: copy)
    var rows: UInt64 = 0
    for index in 0..<batchCount {
      let (batch, nulls) = try place(index)
      do {
        guard try verifier.verify(batch) == nulls else { throw TableFileError.damaged("batch \(index): nulls") }
      } catch let error as TableFileError {
        throw error
      } catch BodyFault.unreadable(let error) {
        throw .unreadable(error.description)
      } catch {
        throw .damaged("batch \(index): \(error)")
      }
      rows += UInt64(batch.rows)
      progress(UInt64(batch.bodyEnd))
    }
    return rows
  }
}
