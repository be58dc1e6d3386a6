// SPDX-License-Identifier: Apache-2.0

package import FileDescriptors

extension TableFile {
  private static let copiedBytes = 1 << 20

  /// Writes the batches of a table and then those of others of the same columns as one table.
  ///
  /// Batches are copied as they lie: a body is found relative to its own message, and each ends at a multiple of the
  /// alignment, so that only the footer has to be made anew.
  ///
  /// - Parameter file: an empty file.
  /// - Returns: the length of the file.
  /// - Throws: `TableFileError`, or a failure to write.
  package func write(followedBy others: [TableFile], to file: borrowing OwnedDescriptor) throws -> UInt64 {
    precondition(others.allSatisfy { $0.schema == schema }, "tables of other columns")
    let head = UInt64(ArrowLayout.magic.count + ArrowMetadata.schemaMessage(schema).count)
    var end = try copy(0..<batchesEnd, to: file, at: 0)
    var blocks = blocks
    for other in others {
      blocks += other.blocks.map { $0.moved(by: Int(end) - Int(head)) }
      end = try other.copy(head..<other.batchesEnd, to: file, at: end)
    }
    let closing = ArrowMetadata.endOfStream + ArrowMetadata.footer(schema, blocks)
    try file.pwrite(closing.span, at: end)
    return end + UInt64(closing.count)
  }

  private var batchesEnd: UInt64 { streamRange.upperBound - UInt64(ArrowMetadata.endOfStream.count) }

  /// - Returns: where the copy ends.
  private func copy(
    _ range: Range<UInt64>, to file: borrowing OwnedDescriptor, at offset: UInt64
  ) throws -> UInt64 {
    var start = range.lowerBound
    while start < range.upperBound {
      let bytes = try read(start..<min(start + UInt64(Self.copiedBytes), range.upperBound))
      try file.pwrite(bytes.span, at: offset + start - range.lowerBound)
      start += UInt64(bytes.count)
    }
    return offset + UInt64(range.count)
  }
}

extension ArrowMetadata.Block {
  fileprivate func moved(by distance: Int) -> ArrowMetadata.Block {
    ArrowMetadata.Block(
      messageOffset: messageOffset + distance, messageLength: messageLength, bodyLength: bodyLength)
  }
}
