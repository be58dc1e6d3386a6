// SPDX-License-Identifier: Apache-2.0

package import FileDescriptors
package import IngestTables
import Validation

/// Writes the bodies of a table's batches to where `ArrowLayout` puts them.
///
/// All metadata is the service's.
package struct TableWriter: ~Copyable {
  private let file: OwnedDescriptor
  private var cursor: LayoutCursor
  private let outputLimit: UInt64
  package private(set) var shapes: [BatchShape] = []

  /// A writer to a fresh file.
  ///
  /// - Parameter outputLimit: the bytes that the file may have.
  package init(to file: consuming OwnedDescriptor, schema: Schema, outputLimit: UInt64) {
    self.file = file
    self.outputLimit = outputLimit
    cursor = LayoutCursor(schema: schema)
  }

  /// Writes the next batch.
  ///
  /// - Parameter buffers: calls its argument once for each buffer, in file order.
  /// - Throws: `output_too_large`, or a failure to write.
  package mutating func write(_ shape: BatchShape, buffers: ((Span<UInt8>) throws -> Void) throws -> Void) throws {
    let batch = try cursor.place(shape)
    guard UInt64(batch.bodyEnd) <= outputLimit else {
      throw Rejection(.outputTooLarge, limit: outputLimit, actual: UInt64(batch.bodyEnd))
    }
    var offset = batch.bodyOffset
    try buffers { buffer in
      try file.pwrite(buffer, at: UInt64(offset))
      let end = offset + buffer.count
      offset = end.roundedUp(to: ArrowLayout.alignment)
      // Written, not skipped: the file must end where the last body does.
      if end < offset { try file.pwrite([UInt8](repeating: 0, count: offset - end).span, at: UInt64(end)) }
    }
    precondition(offset == batch.bodyEnd, "buffers and shape disagree")
    shapes.append(shape)
  }
}
