// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import IngestTables
import Validation

/// The file that threads write a table's batches to, each where `ArrowLayout` puts it.
///
/// All metadata is the service's.
final class BatchOutput: Sendable {
  /// The bytes that the file may have.
  let limit: UInt64
  private let file: OwnedDescriptor
  private let state: Monitor<State>
  private let dropped: Int

  private struct State {
    var cursor: LayoutCursor
    var shapes: [BatchShape] = []
  }

  /// - Parameter dropped: the columns at the end that are not written.
  init(to file: consuming OwnedDescriptor, schema: Schema, limit: UInt64, droppingColumns dropped: Int) {
    self.file = file
    self.limit = limit
    self.dropped = dropped
    state = Monitor(State(cursor: LayoutCursor(schema: schema)))
  }

  /// The shapes of the batches, in file order.
  var shapes: [BatchShape] { state.withState { $0.shapes } }

  /// Where the last of them ends in the file.
  var bytes: UInt64 { UInt64(clamping: state.withState { $0.cursor.offset }) }

  /// Gives the next place in the file to a block's rows.
  ///
  /// - Throws: `output_too_large`.
  func place(_ table: BlockRows) throws -> ArrowLayout.Batch {
    let sizes = table.columns.dropLast(dropped).flatMap { $0.sink?.sizes ?? [] } + (table.extra?.sizes ?? [])
    let shape = BatchShape(rows: UInt64(table.rows), sizes: sizes)
    return try state.withState { state in
      let batch = try state.cursor.place(shape)
      guard UInt64(batch.bodyEnd) <= limit else {
        throw Rejection(.outputTooLarge, limit: limit, actual: UInt64(batch.bodyEnd))
      }
      state.shapes.append(shape)
      return batch
    }
  }

  /// Writes a block's rows to their place.
  func write(_ table: BlockRows, at place: ArrowLayout.Batch) throws {
    var writer = BodyWriter(at: place.bodyOffset)
    for column in table.columns.dropLast(dropped) {
      try column.sink?.withBuffers { try writer.append($0, to: file) }
    }
    try table.extra?.withBuffers { try writer.append($0, to: file) }
    try writer.finish(to: file)
    precondition(writer.offset == place.bodyEnd, "buffers and shape disagree")
  }
}

/// Writes buffers one behind the other, each from a multiple of 64 bytes on: short ones together, long ones as they lie.
struct BodyWriter {
  /// Buffers of this length and more are not copied.
  private static let longBuffer = 32 << 10
  private static let mostStaged = 256 << 10

  /// The file offset behind what was appended.
  private(set) var offset: Int
  private var staged: [UInt8] = []

  init(at offset: Int) { self.offset = offset }

  mutating func append(_ buffer: Span<UInt8>, to file: borrowing OwnedDescriptor) throws {
    var rest = 0
    if buffer.count >= Self.longBuffer {
      try finish(to: file)
      rest = buffer.count & ~(ArrowLayout.alignment - 1)
      try file.pwrite(buffer.extracting(first: rest), at: UInt64(offset))
      offset += rest
    }
    let tail = buffer.extracting(rest..<buffer.count)
    tail.append(to: &staged)
    // Written, not skipped: the file must end where the last body does.
    let padding = tail.count.roundedUp(to: ArrowLayout.alignment) - tail.count
    staged.append(contentsOf: repeatElement(0, count: padding))
    offset += tail.count + padding
    if staged.count >= Self.mostStaged { try finish(to: file) }
  }

  /// Writes what is held back.
  mutating func finish(to file: borrowing OwnedDescriptor) throws {
    guard !staged.isEmpty else { return }
    try file.pwrite(staged.span, at: UInt64(offset - staged.count))
    staged.removeAll(keepingCapacity: true)
  }
}

extension Span<UInt8> {
  /// Appends the bytes to an array.
  fileprivate func append(to array: inout [UInt8]) {
    // SAFETY: the buffer is this span's, and the array copies it.
    unsafe withUnsafeBufferPointer { unsafe array.append(contentsOf: $0) }
  }
}
