// SPDX-License-Identifier: Apache-2.0

package import FileDescriptors

/// A finished output that waits to be published under its table's id.
package final class FinishedOutput: Sendable {
  /// The file; any access mode will do.
  package let descriptor: OwnedDescriptor
  /// The id that it is to be published under.
  package let tableID: String

  /// Takes over the descriptor of a finished output.
  package init(_ descriptor: consuming OwnedDescriptor, tableID: String) {
    self.descriptor = descriptor
    self.tableID = tableID
  }
}
