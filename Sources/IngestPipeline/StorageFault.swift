// SPDX-License-Identifier: Apache-2.0

import Catalog
import FileDescriptors
import Glibc
import Store

/// What is wrong with the storage, whichever call or part of the program met it; the raw value is its stable code.
///
/// Nothing of the upload or change that it ended was kept, and nothing that was acknowledged before is lost.
package enum StorageFault: String, CaseIterable, Sendable {
  /// No space is left, or a quota of the file system is reached.
  case diskFull = "disk_full"
  /// The file system, the permissions or the way it was opened allow no change.
  case readOnly = "store_read_only"
  /// The medium failed to read, write or sync.
  case failed = "storage_failed"

  /// The fault behind an error; nil where the storage is not what failed.
  package init?(_ error: any Error) {
    switch error {
    case let error as StoreError: self.init(error)
    case let error as CatalogError: self.init(StoreError(error))
    case let error as SystemCallError: self.init(error)
    default: return nil
    }
  }

  private init?(_ error: StoreError) {
    switch error {
    case .diskFull, .catalog(.diskFull): self = .diskFull
    case .readOnly, .catalog(.readOnly): self = .readOnly
    // A name such as `SQLITE_IOERR`, or that of a file that could not be made.
    case .catalog(.io("SQLITE_IOERR")), .catalog(.io("SQLITE_CANTOPEN")): self = .failed
    case .io(let error): self.init(error)
    default: return nil
    }
  }

  private init?(_ error: SystemCallError) {
    switch error.errno {
    case ENOSPC, EDQUOT: self = .diskFull
    case EROFS: self = .readOnly
    case EIO: self = .failed
    default: return nil
    }
  }
}
