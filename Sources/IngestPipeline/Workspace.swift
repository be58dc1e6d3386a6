// SPDX-License-Identifier: Apache-2.0

package import FileDescriptors
import Glibc
package import Store

/// Where a worker's outputs and passing files come from.
package struct Workspace: Sendable {
  /// A fresh, unnamed, writable file for one table.
  package var makeOutput: @Sendable () throws -> OwnedDescriptor
  /// A fresh, unnamed, writable file for expanded or spooled bytes.
  package var makeScratch: @Sendable () throws -> OwnedDescriptor

  /// Whether outputs are published, so that they have to be on disk in the end.
  package var isDurable: Bool

  /// The workspace of a store: outputs can become tables of it.
  package init(_ store: TableStore) {
    isDurable = true
    makeOutput = { try store.makeOutput() }
    makeScratch = { try store.makeScratchFile() }
  }

  /// A workspace for checking and converting: its files never have a name, so nothing is left of them.
  ///
  /// - Parameter directory: a directory of the operator's, such as `$TMPDIR`.
  package init(temporaryDirectory directory: String) {
    let make: @Sendable () throws -> OwnedDescriptor = {
      try OwnedDescriptor.open(directory, flags: O_RDONLY | O_DIRECTORY).makeUnnamedFile()
    }
    isDurable = false
    makeOutput = make
    makeScratch = make
  }
}
