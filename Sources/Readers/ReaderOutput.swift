// SPDX-License-Identifier: Apache-2.0

package import FileDescriptors
package import IngestTables
package import WorkerProtocol

/// Where a reader's tables go.
///
/// The worker sends them over its channel; tests keep them.
package struct ReaderOutput {
  /// Gives a fresh file for the bodies of the next output.
  ///
  /// One that was given before and is not finished is thrown away.
  package var open: (OutputRole) throws -> OwnedDescriptor
  /// Takes the finished table's description.
  package var finish: (Schema, [BatchShape], TableFindings) throws -> Void
  /// Takes the description of the finished table's rejects, whose schema is `RejectsTable`'s.
  package var finishRejects: ([BatchShape]) throws -> Void
  /// Hears how many bytes of input and how many records are done.
  package var progress: (UInt64, UInt64) throws -> Void

  package init(
    open: @escaping (OutputRole) throws -> OwnedDescriptor,
    finish: @escaping (Schema, [BatchShape], TableFindings) throws -> Void,
    finishRejects: @escaping ([BatchShape]) throws -> Void,
    progress: @escaping (UInt64, UInt64) throws -> Void
  ) {
    self.open = open
    self.finish = finish
    self.finishRejects = finishRejects
    self.progress = progress
  }
}
