// SPDX-License-Identifier: Apache-2.0

import Catalog
import FileDescriptors
import Glibc

/// The file of a table, or of rejects, as it lies in the store.
package struct StoredFile: Sendable, Hashable {
  /// The id that it is named by.
  package let id: String
  /// Its length in bytes.
  package let bytes: UInt64
  /// When it got its name, or was changed since; in microseconds since 1970-01-01 UTC.
  package let changedAt: Int64
}

/// What lies in one folder of the store's tables, or of its originals.
package struct FolderSurvey: Sendable {
  /// The folder's name: two digits.
  package let folder: String
  /// All files that are named like tables.
  package internal(set) var files: [StoredFile] = []
  /// Those of them that no row of the catalog names.
  package internal(set) var orphans: [StoredFile] = []
  /// What no program of ours put there, by its path in the store.
  package internal(set) var strangers: [String] = []
}

extension TableStore {
  /// Looks at every folder of the tables, one after the other, whatever the catalog says.
  ///
  /// - Throws: what `visit` throws, or a `StoreError`.
  package func survey(_ visit: (FolderSurvey) async throws -> Void) async throws {
    let names = try StoreError.mapping { () throws(SystemCallError) in try tables.entries() }
    for name in names.sorted() {
      guard name.isLowercaseHex(digits: 2), let folder = try openFolder(name) else {
        var survey = FolderSurvey(folder: name)
        survey.strangers = ["tables/\(name)"]
        try await visit(survey)
        continue
      }
      var survey = try Self.list(folder, name)
      let ids = survey.files.map(\.id)
      let orphans: Set<String>
      do { orphans = Set(try await catalog.unreferenced(ids)) } catch { throw StoreError(error) }
      survey.orphans = survey.files.filter { orphans.contains($0.id) }
      try await visit(survey)
    }
  }

  /// A folder of tables; nil where what has its name is none.
  ///
  /// - Throws: what keeps it from being read, which says nothing of it.
  private func openFolder(_ name: String) throws(StoreError) -> OwnedDescriptor? {
    do {
      return try tables.openDirectory(name)
    } catch  where [ENOTDIR, ELOOP].contains(error.errno) {
      return nil
    } catch { throw StoreError(error) }
  }

  private static func list(_ folder: borrowing OwnedDescriptor, _ name: String) throws(StoreError) -> FolderSurvey {
    var survey = FolderSurvey(folder: name)
    let entries = try StoreError.mapping { () throws(SystemCallError) in try folder.entries() }
    for entry in entries.sorted() {
      let id = String(entry.prefix(64))
      guard let path = TablePath(id: id), path.file == entry, path.folder == name else {
        survey.strangers.append("tables/\(name)/\(entry)")
        continue
      }
      do throws(SystemCallError) {
        let status = try folder.open(entry, flags: O_RDONLY | O_NOFOLLOW | O_NONBLOCK).status()
        guard status.st_mode & S_IFMT == S_IFREG else { throw SystemCallError(call: "openat", errno: ELOOP) }
        survey.files.append(
          StoredFile(
            id: id, bytes: UInt64(clamping: status.st_size), changedAt: status.st_ctim.microseconds))
      } catch  where error.errno == ENOENT {
        // Collected by another process meanwhile.
      } catch  where [ELOOP, ENXIO].contains(error.errno) {
        survey.strangers.append("tables/\(name)/\(entry)")
      } catch { throw StoreError(error) }
    }
    return survey
  }
}

extension timespec {
  /// The time in microseconds, cut at what a number holds.
  fileprivate var microseconds: Int64 {
    let (whole, overflowed) = Int64(tv_sec).multipliedReportingOverflow(by: 1_000_000)
    return overflowed ? .max : whole + Int64(tv_nsec / 1_000)
  }
}
