// SPDX-License-Identifier: Apache-2.0

package import FileDescriptors
package import IngestTables
package import WorkerProtocol

/// Where a reader's tables go.
///
/// The worker sends them over its channel; tests keep them.
package struct ReaderOutput {
  /// Gives a fresh file for the next table's bodies.
  ///
  /// One that was given before and is not finished is thrown away.
  package var open: () throws -> OwnedDescriptor
  /// Takes the finished table's description.
  package var finish: (Schema, [BatchShape], TableFindings) throws -> Void
  /// Hears how many bytes of input and how many records are done.
  package var progress: (UInt64, UInt64) throws -> Void

  package init(
    open: @escaping () throws -> OwnedDescriptor,
    finish: @escaping (Schema, [BatchShape], TableFindings) throws -> Void,
    progress: @escaping (UInt64, UInt64) throws -> Void
  ) {
    self.open = open
    self.finish = finish
    self.progress = progress
  }
}
