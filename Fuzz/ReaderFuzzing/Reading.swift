// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import Fuzzing
package import IngestTables
package import Readers
import UploadVerification
package import Validation
package import WorkerProtocol

/// What a reader made of a text: a table's bodies and what it says of them, or why there is no table.
package enum Reading: Equatable {
  case table(ReadTable)
  case refused(Rejection)
}

/// What a reader wrote and said.
package struct ReadTable: Equatable {
  package var schema: Schema
  package var shapes: [BatchShape]
  package var findings: TableFindings
  package var file: [UInt8]
  /// Its rejects; nil where it has none.
  package var rejects: ReadRejects?
}

/// What a reader wrote of a table's rejects.
package struct ReadRejects: Equatable {
  package var shapes: [BatchShape]
  package var file: [UInt8]
}

extension TableReader {
  /// Reads into files in memory.
  ///
  /// - Throws: what is no `Rejection`: a fault of the reader.
  package func reading() throws -> Reading {
    var written: [OutputRole: Int32] = [:]
    var said: (Schema, [BatchShape], TableFindings)?
    var rejects: [BatchShape]?
    let output = ReaderOutput(
      open: { role in
        if let number = written[role] { Self.close(OwnedDescriptor(owning: number)) }
        let file = try OwnedDescriptor.inMemory()
        written[role] = try file.duplicate().release()
        return file
      },
      finish: { said = ($0, $1, $2) }, finishRejects: { rejects = $0 }, progress: { _, _ in })
    defer { for number in written.values { Self.close(OwnedDescriptor(owning: number)) } }
    do { try read(to: output) } catch let rejection as Rejection { return .refused(rejection) }
    guard let said else { throw NoTable() }
    func contents(_ role: OutputRole) throws -> [UInt8] {
      guard let number = written.removeValue(forKey: role) else { return [] }
      let file = OwnedDescriptor(owning: number)
      return try file.contents()
    }
    var table = ReadTable(schema: said.0, shapes: said.1, findings: said.2, file: try contents(.firstTable))
    if let rejects {
      table.rejects = ReadRejects(shapes: rejects, file: try contents(OutputRole.firstTable.rejects))
    }
    return .table(table)
  }

  private static func close(_ descriptor: consuming OwnedDescriptor) {}
}

/// The reader neither refused the text nor handed a table over.
private struct NoTable: Error {}

extension ReadTable {
  /// Requires that the service's verifier accepts the table, and that what was published reads back.
  ///
  /// - Returns: the cells of each column of each batch, as the slow reference reads them.
  @discardableResult
  package func requireVerified(nameBytes: Int) throws -> [[[Value]]] {
    var said = UntrustedOutput()
    said.fields = schema.fields
    said.rows = shapes.map(\.rows)
    said.sizes = shapes.flatMap(\.sizes)
    said.findings = findings
    let cells = try ReferenceVerifier.cells(of: said, in: file, nameBytes: nameBytes)
    let verifier = OutputVerifier(nameBytes: nameBytes)
    let table = try verifier.verify(said, writtenTo: .inMemory(file))
    try TableReading(TableFile(reading: try table.file.duplicate())).require(cells)
    try require((rejects == nil) == (findings.rejects == 0), "rejects that did not come, or that nobody announced")
    if let rejects { try verifier.requireVerified(rejects, of: table) }
    return cells
  }

  /// Requires that every record of the text is a row, was rejected or was set aside.
  package func requireConservation() throws {
    let rows = shapes.reduce(0) { $0 + $1.rows }
    try require(
      rows &+ findings.rejects &+ findings.setAside == findings.records,
      "\(findings.records) records, \(rows) rows, \(findings.rejects) rejects, \(findings.setAside) set aside")
  }
}

extension OutputVerifier {
  /// Requires that rejects are what the service accepts, as many as their table says.
  fileprivate func requireVerified(_ rejects: ReadRejects, of table: VerifiedTable) throws {
    var said = UntrustedOutput()
    said.fields = RejectsTable.schema.fields
    said.rows = rejects.shapes.map(\.rows)
    said.sizes = rejects.shapes.flatMap(\.sizes)
    said.rejectsAreFinished = true
    let verified = try verifyRejects(said, of: table, writtenTo: .inMemory(rejects.file))
    try TableReading(TableFile(reading: try verified.file.duplicate())).requireTexts()
  }
}
