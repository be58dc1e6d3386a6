// SPDX-License-Identifier: Apache-2.0

import Catalog
import Store

extension StoreCheck {
  /// Verifies that every original is what its hash says.
  mutating func checkOriginals() async throws {
    var last = ""
    while true {
      let contents = try await store.catalog.keptContents(after: last, limit: Self.page)
      for content in contents { try await checkOriginal(content.hash, bytes: content.bytes) }
      guard let end = contents.last, contents.count == Self.page else { return }
      last = end.hash
    }
  }

  private mutating func checkOriginal(_ hash: String, bytes: UInt64) async throws {
    let subject = "originals/\(hash)"
    do {
      var reader = OriginalReader(try store.openOriginal(hash), hash, bytes: bytes)
      while try reader.next() != nil {}
      report.files += 1
      report.bytes += bytes
      report.comparedDigests += 1
    } catch is OriginalFault {
      report.add(
        StoreFinding(code: .fileDamaged, subject: subject, tables: [], detail: "its bytes are not those that came"))
    } catch StoreError.notFound {
      // What was given up meanwhile is no loss.
      guard try await store.catalog.unreferencedOriginals([hash]).isEmpty else { return }
      report.add(StoreFinding(code: .fileMissing, subject: subject, tables: [], detail: "there is no such file"))
    }
  }
}
