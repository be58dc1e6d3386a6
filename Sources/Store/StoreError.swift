// SPDX-License-Identifier: Apache-2.0

package import Catalog
package import FileDescriptors
import Glibc

/// Why the store could not do what was asked.
package enum StoreError: Error, Hashable, Sendable {
  /// The directory is missing, or holds files but no store; nothing in it was touched.
  case notAStore(String)
  /// A newer version of the program laid the store out, in the format with this number.
  case newerStore(Int)
  /// The file system has no unnamed files (`O_TMPFILE`), which publishing needs.
  case unsupportedFileSystem
  /// There is no table of this id.
  case notFound
  /// The id is not 64 lower-case hexadecimal digits.
  case invalidTableID
  /// The table of this id has another length than the one given: one of the two is damaged, or not what it claims.
  case tableDiffers(String)
  /// There is no space left, or no quota.
  case diskFull
  /// The medium or the permissions allow no writing, or the store was opened read-only.
  case readOnly
  /// The catalog's failure, other than the two above.
  case catalog(CatalogError)
  /// Any other failure of a system call.
  case io(SystemCallError)
}

extension StoreError {
  /// The one place where failures of system calls become ours.
  init(_ error: SystemCallError) {
    switch error.errno {
    case ENOSPC, EDQUOT: self = .diskFull
    case EROFS, EACCES, EPERM: self = .readOnly
    case EOPNOTSUPP: self = .unsupportedFileSystem
    default: self = .io(error)
    }
  }

  /// A failure of the catalog; a full or read-only disk is the same to the caller, whoever met it.
  package init(_ error: CatalogError) {
    switch error {
    case .diskFull: self = .diskFull
    case .readOnly: self = .readOnly
    default: self = .catalog(error)
    }
  }

  /// Runs system calls, with their failures as the store's.
  package static func mapping<Answer: ~Copyable>(
    _ calls: () throws(SystemCallError) -> Answer
  ) throws(StoreError) -> Answer {
    do { return try calls() } catch { throw StoreError(error) }
  }
}
