// SPDX-License-Identifier: Apache-2.0

package import FileDescriptors

/// Why a table file cannot be read.
public enum TableFileError: Error, Equatable {
  /// The file is no table of this program, or was damaged.
  case damaged(String)
  /// The operating system refused; the text names the call and the error.
  case unreadable(String)
}

/// A published table: an Arrow IPC file that this program wrote.
///
/// Reads with `pread`, so a file that is cut off while it is open is an error and never a signal.
///
/// The file's metadata is believed only where it is, byte for byte, what this program writes for such a table.
public final class TableFile: Sendable {
  /// The columns.
  public let schema: Schema
  /// The length of the file, in bytes.
  public let size: UInt64
  let file: OwnedDescriptor
  let blocks: [ArrowMetadata.Block]
  let seals: BodySeals

  /// The number of record batches.
  public var batchCount: Int { blocks.count }

  /// The byte range of the IPC stream in the file: the file itself without its magic and footer.
  package var streamRange: Range<UInt64> {
    let end = blocks.last?.end ?? ArrowLayout.magic.count + ArrowMetadata.schemaMessage(schema).count
    return UInt64(ArrowLayout.magic.count)..<UInt64(clamping: end + ArrowMetadata.endOfStream.count)
  }

  /// Opens a table by its path.
  ///
  /// - Throws: `TableFileError`.
  public convenience init(path: String) throws(TableFileError) {
    let file: OwnedDescriptor
    do { file = try OwnedDescriptor.open(path, flags: 0) } catch { throw .unreadable(error.description) }
    try self.init(reading: file)
  }

  /// Takes over an open file.
  ///
  /// - Parameter checksums: of the bodies as they were published; a batch that has another is damaged, which is found when
  ///   something of it is first read. Nil where nobody knows.
  /// - Throws: `TableFileError`.
  package init(reading file: consuming OwnedDescriptor, checksums: BatchChecksums? = nil) throws(TableFileError) {
    let size: UInt64
    do { size = try file.size() } catch { throw .unreadable(error.description) }
    let tail = try Self.read(file, size < 10 ? 0..<0 : Int(clamping: size) - 10..<Int(clamping: size))
    guard tail.count == 10, tail[4...].elementsEqual(ArrowLayout.magic.prefix(6)) else {
      throw .damaged("no footer")
    }
    let length = Int(tail.span.integer(at: 0, as: Int32.self))
    let end = Int(clamping: size) - 10
    guard length > 0, length < end else { throw .damaged("footer length") }
    let footer = try Self.read(file, end - length..<end)
    do {
      (schema, blocks) = try ArrowMetadata.readFooter(footer)
    } catch { throw .damaged("footer") }
    if let checksums, checksums.values.count != blocks.count { throw .damaged("the number of batches") }
    seals = BodySeals(checksums)
    self.size = size
    self.file = file
    let head = ArrowLayout.magic + ArrowMetadata.schemaMessage(schema)
    guard try Self.read(self.file, 0..<min(head.count, Int(clamping: size))) == head else {
      throw .damaged("schema message")
    }
    // No batch may be missing, and the end of the stream and the footer must follow the last one.
    var next = head.count
    for block in blocks {
      guard block.messageOffset == next else { throw .damaged("footer") }
      next = block.end
    }
    let ending = ArrowMetadata.endOfStream + ArrowMetadata.footer(schema, blocks)
    guard ending.count == Int(clamping: size) - next,
      try Self.read(self.file, next..<Int(clamping: size)) == ending
    else { throw .damaged("footer") }
  }

  /// Reads batch `index`, from 0.
  ///
  /// - Throws: `TableFileError`, also for an index that the table does not have.
  public func batch(_ index: Int) throws(TableFileError) -> RecordBatch {
    let (batch, nulls) = try place(index)
    let body = try Self.read(file, batch.bodyOffset..<batch.bodyEnd)
    guard
      zip(batch.columns, nulls).allSatisfy({ $0.agrees(with: body.span, from: batch.bodyOffset, rows: batch.rows, $1) })
    else { throw .damaged("batch \(index)") }
    try seals.verify(batch.checksum(of: body.span), ofBatch: index)
    return RecordBatch(schema: schema, batch: batch, nulls: nulls, body: body)
  }

  /// Counts the rows, from the batches' metadata alone.
  ///
  /// - Throws: `TableFileError`.
  public func countRows() throws(TableFileError) -> UInt64 {
    var rows: UInt64 = 0
    for index in 0..<batchCount { rows += UInt64(try place(index).batch.rows) }
    return rows
  }

  /// Reads bytes of the file as they lie; fewer than `range` holds at the end of the file.
  ///
  /// - Throws: `TableFileError`, also where a batch of which they are a part is damaged elsewhere.
  package func read(_ range: Range<UInt64>) throws(TableFileError) -> [UInt8] {
    var index = firstBatch(endingBehind: range.lowerBound)
    while index < blocks.count, UInt64(clamping: blocks[index].messageOffset) < range.upperBound {
      try settle(index)
      index += 1
    }
    return try readUnsettled(range)
  }

  /// Makes sure once that a batch is the one that was published, in windows of bounded size.
  func settle(_ index: Int) throws(TableFileError) {
    try seals.settle(index) { () throws(TableFileError) in
      let (batch, _) = try place(index)
      do {
        return try batch.checksum(in: file)
      } catch BodyFault.unreadable(let error) {
        throw .unreadable(error.description)
      } catch { throw .damaged("batch \(index): \(error)") }
    }
  }

  private func firstBatch(endingBehind offset: UInt64) -> Int {
    var candidates = 0..<blocks.count
    while let middle = candidates.isEmpty ? nil : candidates.lowerBound + candidates.count / 2 {
      if UInt64(clamping: blocks[middle].end) > offset {
        candidates = candidates.lowerBound..<middle
      } else {
        candidates = middle + 1..<candidates.upperBound
      }
    }
    return candidates.lowerBound
  }

  /// Reads bytes of batches that are settled, or need not be.
  func readUnsettled(_ range: Range<UInt64>) throws(TableFileError) -> [UInt8] {
    try Self.read(file, Int(clamping: range.lowerBound)..<Int(clamping: min(range.upperBound, size)))
  }

  /// Where a batch lies, once its metadata is what this program writes.
  func place(_ index: Int) throws(TableFileError) -> (batch: ArrowLayout.Batch, nulls: [NullCount]) {
    guard blocks.indices.contains(index) else { throw .damaged("batch \(index) does not exist") }
    let block = blocks[index]
    let (end, overflowed) = block.messageOffset.addingReportingOverflow(block.messageLength)
    guard !overflowed, block.messageLength > 8, end <= Int(clamping: size) else {
      throw .damaged("footer: batch \(index)")
    }
    let message = try Self.read(file, block.messageOffset..<end)
    do {
      let (shape, nulls) = try ArrowMetadata.readBatch(Array(message.dropFirst(8)), schema: schema)
      var cursor = LayoutCursor(schema: schema, from: block.messageOffset)
      let batch = try cursor.place(shape)
      guard ArrowMetadata.batchMessage(batch, nulls: nulls) == message, batch.bodyEnd == block.end,
        batch.bodyEnd <= Int(clamping: size)
      else {
        throw TableFileError.damaged("batch \(index)")
      }
      return (batch, nulls)
    } catch let error as TableFileError {
      throw error
    } catch { throw .damaged("batch \(index)") }
  }

  private static func read(_ file: borrowing OwnedDescriptor, _ range: Range<Int>) throws(TableFileError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: range.count)
    guard !range.isEmpty else { return bytes }
    var span = bytes.mutableSpan
    let count: Int
    do {
      count = try file.pread(into: &span, at: UInt64(range.lowerBound))
    } catch { throw .unreadable(error.description) }
    guard count == range.count else { throw .damaged("cut off at byte \(range.lowerBound + count)") }
    return bytes
  }
}

extension ColumnPlace {
  /// Whether the numbers of the batch's metadata are those of its body, which starts at `offset` of the file: they
  /// could be damaged and still fit.
  func agrees(with bytes: Span<UInt8>, from offset: Int, rows: Int, _ nulls: NullCount) -> Bool {
    guard type != .null else { return true }
    func ends(_ offsets: Range<Int>, at end: Int) -> Bool {
      Int(bytes.integer(at: offsets.upperBound - offset - 4, as: Int32.self)) == end
    }
    func count(_ bits: Range<Int>) -> Int {
      (bits.lowerBound - offset..<bits.upperBound - offset).reduce(0) { $0 + bytes[$1].nonzeroBitCount }
    }
    guard count(validity) == rows - nulls.rows else { return false }
    if type == .utf8 { return ends(values, at: text.count) }
    guard let elements else { return true }
    return ends(values, at: elements.count) && ends(elements.offsets, at: elements.text.count)
      && count(elements.validity) == elements.count - nulls.elements
  }
}
