// SPDX-License-Identifier: Apache-2.0

import CKernel
package import FileDescriptors
import Glibc
package import IngestTables
package import WorkerProtocol

/// What a worker says that it wrote to one output.
///
/// Nothing of it is believed.
package struct UntrustedOutput: Sendable {
  package var fields: [Field] = []
  package var rows: [UInt64] = []
  package var sizes: [UInt64] = []
  /// Nil until the table is complete, and always for rejects.
  package var findings: TableFindings?
  package var rejectsAreFinished = false

  package init() {}

  var isFinished: Bool { findings != nil || rejectsAreFinished }

  fileprivate func shape(_ batch: Int, _ sizesPerBatch: Int) -> BatchShape {
    BatchShape(rows: rows[batch], sizes: Array(sizes[batch * sizesPerBatch..<(batch + 1) * sizesPerBatch]))
  }
}

/// Why an output is no table.
///
/// Each of these means that the worker lied.
package enum OutputFault: Error, Equatable {
  /// Somebody can still write to the file.
  case stillWritable
  case emptySchema
  /// With its metadata it is larger than all tables of the upload may be.
  case tooLarge
  case invalidName(column: Int)
  case duplicateName(column: Int)
  /// Rows, rejects, set-aside records and records do not add up.
  case recordsDoNotAddUp
  /// A row of the rejects cannot be.
  case reject(row: UInt64)
  case layout(ArrowLayoutError)
  case body(BodyFault)
}

/// What a file came to once its metadata was written.
struct CompletedFile {
  let rows: UInt64
  let bytes: UInt64
  let contents: TableContents
}

/// A complete, verified Arrow file.
package final class VerifiedTable: Sendable {
  package let file: OwnedDescriptor
  package let schema: Schema
  package let rows: UInt64
  package let fileBytes: UInt64
  package let findings: TableFindings
  package let contents: TableContents

  init(
    file: consuming OwnedDescriptor, schema: Schema, _ completed: CompletedFile, findings: TableFindings
  ) {
    self.file = file
    self.schema = schema
    rows = completed.rows
    fileBytes = completed.bytes
    contents = completed.contents
    self.findings = findings
  }
}

/// The complete, verified Arrow file of a table's rejects.
package final class VerifiedRejects: Sendable {
  package let file: OwnedDescriptor
  package let rows: UInt64
  package let fileBytes: UInt64
  package let checksums: BatchChecksums

  init(file: consuming OwnedDescriptor, _ completed: CompletedFile) {
    self.file = file
    rows = completed.rows
    fileBytes = completed.bytes
    checksums = completed.contents.checksums
  }
}

/// Turns what a worker left behind into a table, or finds the lie (DESIGN section 2, step 3).
package struct OutputVerifier: Sendable {
  private let nameBytes: Int

  /// - Parameter nameBytes: the longest name of a column, in bytes.
  package init(nameBytes: Int) { self.nameBytes = nameBytes }

  /// Verifies an output whose worker has exited, and writes all metadata into it.
  ///
  /// - Parameters:
  ///   - writer: the last descriptor that can write to the file.
  ///   - limit: what the whole file may take, metadata included: a worker that states many empty batches writes nothing
  ///     itself.
  /// - Throws: `OutputFault`, or `SystemCallError` where the machine fails.
  package func verify(
    _ untrusted: UntrustedOutput, writtenTo writer: consuming OwnedDescriptor, limit: UInt64 = .max
  ) throws -> VerifiedTable {
    let file = try Self.seal(writer)
    guard let findings = untrusted.findings else { throw OutputFault.recordsDoNotAddUp }
    let schema = Schema(fields: untrusted.fields)
    try check(schema)
    let completed = try complete(untrusted, schema, file, limit: limit) { rows in
      rows.adding(findings.rejects, findings.setAside) == findings.records
    }
    return VerifiedTable(file: file, schema: schema, completed, findings: findings)
  }

  /// Verifies the rejects of a table whose findings tell how many there are.
  ///
  /// - Throws: as `verify`.
  package func verifyRejects(
    _ untrusted: UntrustedOutput, of table: VerifiedTable, writtenTo writer: consuming OwnedDescriptor,
    limit: UInt64 = .max
  ) throws -> VerifiedRejects {
    let file = try Self.seal(writer)
    let completed = try complete(untrusted, RejectsTable.schema, file, limit: limit) { rows in
      rows > 0 && rows == table.findings.rejects
    }
    try RejectsVerifier(of: table.schema).verify(try TableFile(reading: try file.duplicate()))
    return VerifiedRejects(file: file, completed)
  }

  /// Verifies the bodies of a file that nobody can write to any more, and writes all metadata into it.
  ///
  /// - Parameter addsUp: whether so many rows are as many as there must be.
  private func complete(
    _ untrusted: UntrustedOutput, _ schema: Schema, _ file: borrowing OwnedDescriptor, limit: UInt64,
    addsUp: (UInt64) -> Bool
  ) throws -> CompletedFile {
    let end = try layOut(untrusted, schema)
    guard UInt64(end.offset) <= limit else { throw OutputFault.tooLarge }
    guard addsUp(end.rows) else { throw OutputFault.recordsDoNotAddUp }
    let number = ingest_open_read_write_again(file.rawValue)
    guard number >= 0 else { throw SystemCallError(call: "open", errno: -number) }
    let metadata = OwnedDescriptor(owning: number)
    let (blocks, contents) = try verifyBodies(untrusted, schema, end, file, writingTo: metadata)
    let closing = ArrowMetadata.endOfStream + ArrowMetadata.footer(schema, blocks)
    try metadata.pwrite((ArrowLayout.magic + ArrowMetadata.schemaMessage(schema)).span, at: 0)
    try metadata.pwrite(closing.span, at: UInt64(end.offset))
    let size = UInt64(end.offset + closing.count)
    // Gives back the room behind the end that was found for more.
    if size >= WriteBack.leastWithRoom { try metadata.truncate(to: size) }
    return CompletedFile(rows: end.rows, bytes: size, contents: contents)
  }

  /// Where the bodies end, once every number that the worker stated has been laid out.
  private struct BodiesEnd {
    /// The file's length as the worker must have left it.
    var length = 0
    /// The offset behind the last body.
    var offset: Int
    var rows: UInt64 = 0
  }

  private func layOut(_ untrusted: UntrustedOutput, _ schema: Schema) throws -> BodiesEnd {
    let perBatch = schema.variableSizes
    guard untrusted.sizes.count == untrusted.rows.count * perBatch else {
      throw OutputFault.layout(.wrongNumberOfSizes(batch: untrusted.rows.count))
    }
    var cursor = LayoutCursor(schema: schema)
    var end = BodiesEnd(offset: cursor.offset)
    for index in untrusted.rows.indices {
      do {
        let batch = try cursor.place(untrusted.shape(index, perBatch))
        // Columns without any value have no body, so such a batch leaves no byte in the file.
        if batch.bodyLength > 0 { end.length = batch.bodyEnd }
      } catch { throw OutputFault.layout(error) }
    }
    end.offset = cursor.offset
    end.rows = cursor.rows
    return end
  }

  /// Verifies all bodies, and writes each batch's message.
  private func verifyBodies(
    _ untrusted: UntrustedOutput, _ schema: Schema, _ end: BodiesEnd, _ file: borrowing OwnedDescriptor,
    writingTo metadata: borrowing OwnedDescriptor
  ) throws -> (blocks: [ArrowMetadata.Block], contents: TableContents) {
    do {
      try BodyVerifier.checkLength(of: file, end.length)
      let perBatch = schema.variableSizes
      let batches = BatchVerification(
        try file.duplicate(), writingTo: try metadata.duplicate(), schema: schema, count: untrusted.rows.count
      ) { untrusted.shape($0, perBatch) }
      return try batches.run(length: end.length)
    } catch let fault as BodyFault { throw OutputFault.body(fault) }
  }

  /// Opens the file for reading, closes the writer, and makes sure by a lease that no other is left.
  static func seal(_ writer: consuming OwnedDescriptor) throws -> OwnedDescriptor {
    let file = try writer.openForReading()
    Self.close(writer)
    let lease = Self.lease(file)
    guard lease != -EAGAIN else { throw OutputFault.stillWritable }
    // A file system without leases: the worker is dead, and its descriptors with it.
    if lease == 0 { _ = ingest_release_lease(file.rawValue) }
    return file
  }

  private static func close(_ descriptor: consuming OwnedDescriptor) {}

  /// Takes the lease, for up to two seconds: a process that this one is just starting holds copies of all descriptors
  /// until its `exec`.
  ///
  /// Whoever means to keep one does so for longer.
  private static func lease(_ file: borrowing OwnedDescriptor) -> Int32 {
    for _ in 0..<2000 {
      let answer = ingest_read_lease(file.rawValue)
      if answer != -EAGAIN { return answer }
      usleep(1000)
    }
    return -EAGAIN
  }

  private func check(_ schema: Schema) throws {
    guard !schema.fields.isEmpty else { throw OutputFault.emptySchema }
    var names: Set<String> = []
    for (column, field) in schema.fields.enumerated() {
      guard !field.name.isEmpty, field.name.utf8.count <= nameBytes else {
        throw OutputFault.invalidName(column: column)
      }
      guard names.insert(field.name).inserted else { throw OutputFault.duplicateName(column: column) }
    }
  }
}

extension UInt64 {
  /// The sum; nil where it is beyond 64 bits.
  fileprivate func adding(_ others: UInt64...) -> UInt64? {
    others.reduce(self as UInt64?) { sum, next in
      guard let (total, overflowed) = sum?.addingReportingOverflow(next), !overflowed else { return nil }
      return total
    }
  }
}
