// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Foundation
import Glibc
import IngestTables
import IngestTesting
import Readers
import Testing
import Validation
import WorkerProtocol

/// A table as a reader made it: verified and read back like the service does it.
struct ReadTable {
  let schema: Schema
  let findings: TableFindings
  /// The rows of its rejects, value by value; none where it has none.
  private(set) var rejects: [[Value]] = []
  /// The rows of each batch.
  let batchRows: [Int]
  let columns: [[Value]]

  var rowCount: Int { batchRows.reduce(0, +) }
  var types: [ColumnType] { schema.fields.map(\.type) }
  var names: [String] { schema.fields.map(\.name) }

  /// The text of every cell, row by row; nil for null.
  var texts: [[String?]] {
    (0..<rowCount).map { row in columns.map { $0[row] == .null ? nil : $0[row].text } }
  }

  func note(_ kind: Note.Kind) -> Note? { findings.notes.first { $0.kind == kind } }

  /// Reads a text.
  init(
    _ text: String, _ options: ReadOptions = ReadOptions(), by reader: any TableReader.Type = CSVReader.self,
    limits: Limits = Limits(), sizes: PassSizes = PassSizes(), threads: ParsingThreads = .alone
  ) throws {
    try self.init(bytes: Array(text.utf8), options, by: reader, limits: limits, sizes: sizes, threads: threads)
  }

  /// Reads bytes in whatever encoding they are found to be.
  init(encoded bytes: [UInt8], _ options: ReadOptions = ReadOptions(), limits: Limits = Limits()) throws {
    try self.init(encoded: bytes, options, by: CSVReader.self, limits: limits)
  }

  init<Reader: TableReader>(
    encoded bytes: [UInt8], _ options: ReadOptions, by reader: Reader.Type, limits: Limits = Limits()
  ) throws {
    let scratch = try makeFile()
    try self.init { output in
      try EncodedReader<Reader>(MappedBytes(bytes), options: options, limits: ReadLimits(limits)).read(
        to: output, scratch: scratch, at: 0)
    }
  }

  init(
    bytes: [UInt8], _ options: ReadOptions = ReadOptions(), by reader: any TableReader.Type = CSVReader.self,
    limits: Limits = Limits(), sizes: PassSizes = PassSizes(), threads: ParsingThreads = .alone,
    progress: @escaping (UInt64, UInt64) throws -> Void = { _, _ in }
  ) throws {
    try self.init(progress: progress) { output in
      try reader.init(
        MappedBytes(bytes), options: options, limits: ReadLimits(limits), threads: threads, sizes: sizes, originals: nil
      ).read(to: output)
    }
  }

  /// All tables of a text, in their order.
  static func all(_ text: String, _ options: ReadOptions) throws -> [ReadTable] {
    var written: [OwnedDescriptorBox] = []
    var tables: [ReadTable] = []
    let output = ReaderOutput(
      open: { role in
        let file = try makeFile()
        let box = OwnedDescriptorBox(try file.duplicate())
        // A table that is begun anew takes the place of what was written of it.
        if Int(role.table) < written.count { written[Int(role.table)] = box } else { written.append(box) }
        return file
      },
      finish: { tables.append(try ReadTable($0, $1, $2, written[tables.count].take())) },
      finishRejects: { _ in }, progress: { _, _ in })
    try CSVReader(MappedBytes(Array(text.utf8)), options: options, limits: ReadLimits(Limits())).read(to: output)
    return tables
  }

  private init(
    progress: @escaping (UInt64, UInt64) throws -> Void = { _, _ in }, _ read: (ReaderOutput) throws -> Void
  ) throws {
    var written: [OutputRole: OwnedDescriptorBox] = [:]
    var result: (Schema, [BatchShape], TableFindings)?
    var rejects: [BatchShape]?
    let output = ReaderOutput(
      open: { role in
        let file = try makeFile()
        written[role] = OwnedDescriptorBox(try file.duplicate())
        return file
      },
      finish: { result = ($0, $1, $2) }, finishRejects: { rejects = $0 }, progress: progress)
    try read(output)
    guard let file = written[.firstTable], let (schema, shapes, findings) = result else { throw NoTable() }
    try self.init(schema, shapes, findings, file.take())
    guard let rejects, let file = written[OutputRole.firstTable.rejects] else { return }
    let table = try Self(RejectsTable.schema, rejects, findings, file.take())
    self.rejects = (0..<table.rowCount).map { row in table.columns.map { $0[row] } }
  }

  private struct NoTable: Error {}

  private init(
    _ schema: Schema, _ shapes: [BatchShape], _ findings: TableFindings, _ file: consuming OwnedDescriptor
  ) throws {
    let layout = try ArrowLayout(schema: schema, shapes: shapes)
    var verifier = BodyVerifier(reading: try file.duplicate())
    let bodies = try verifier.verify(layout)
    var contents = TableContents(schema, batchCount: layout.batches.count)
    for (index, (body, batch)) in zip(bodies, layout.batches).enumerated() {
      contents.add(body, of: batch, at: index)
    }
    try file.pwrite((ArrowLayout.magic + ArrowMetadata.schemaMessage(schema)).span, at: 0)
    for (batch, body) in zip(layout.batches, bodies) {
      try file.pwrite(ArrowMetadata.batchMessage(batch, nulls: body.nulls).span, at: UInt64(batch.messageOffset))
    }
    let end = ArrowMetadata.endOfStream + ArrowMetadata.footer(schema, layout)
    try file.pwrite(end.span, at: UInt64(layout.endOfStream))
    let table = try Table(contentsOf: TableFile(reading: file, checksums: contents.checksums))
    self.schema = table.schema
    self.findings = findings
    batchRows = table.batches.map(\.rowCount)
    columns = schema.fields.indices.map { column in
      table.batches.flatMap { batch in (0..<batch.rowCount).map { batch.columns[column][$0] } }
    }
    #expect(contents.columns.map(\.bounds) == columns.map { ColumnBounds(slowly: $0) })
  }
}

/// Keeps a descriptor for a closure.
private final class OwnedDescriptorBox {
  private var number: Int32

  init(_ descriptor: consuming OwnedDescriptor) { number = descriptor.release() }

  func take() -> OwnedDescriptor {
    let descriptor = OwnedDescriptor(owning: number)
    number = -1
    return descriptor
  }
}

func makeFile() throws -> OwnedDescriptor {
  let directory = try OwnedDescriptor.open(FileManager.default.temporaryDirectory.path, flags: O_RDONLY | O_DIRECTORY)
  return try directory.makeUnnamedFile()
}

/// What a reader refused, or nil where it made a table.
func rejection(of text: String, limits: Limits = Limits()) throws -> Rejection? {
  try rejection(of: Array(text.utf8), limits: limits)
}

func rejection(
  of bytes: [UInt8], _ options: ReadOptions = ReadOptions(), by reader: any TableReader.Type = CSVReader.self,
  limits: Limits = Limits(), sizes: PassSizes = PassSizes(), threads: ParsingThreads = .alone
) throws -> Rejection? {
  do {
    _ = try ReadTable(bytes: bytes, options, by: reader, limits: limits, sizes: sizes, threads: threads)
    return nil
  } catch let rejection as Rejection { return rejection }
}
