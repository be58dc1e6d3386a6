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
}

extension CSVReader {
  /// Reads into files in memory.
  ///
  /// - Throws: what is no `Rejection`: a fault of the reader.
  package func reading() throws -> Reading {
    var number: Int32 = -1
    var said: (Schema, [BatchShape], TableFindings)?
    let output = ReaderOutput(
      open: {
        if number >= 0 { Self.close(OwnedDescriptor(owning: number)) }
        let file = try OwnedDescriptor.inMemory()
        number = try file.duplicate().release()
        return file
      },
      finish: { said = ($0, $1, $2) }, progress: { _, _ in })
    defer { if number >= 0 { Self.close(OwnedDescriptor(owning: number)) } }
    do { try read(to: output) } catch let rejection as Rejection { return .refused(rejection) }
    guard let said else { throw NoTable() }
    number = number < 0 ? try OwnedDescriptor.inMemory().release() : number
    let file = OwnedDescriptor(owning: number)
    number = -1
    return .table(ReadTable(schema: said.0, shapes: said.1, findings: said.2, file: try file.contents()))
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
    let table = try OutputVerifier(nameBytes: nameBytes).verify(said, writtenTo: .inMemory(file))
    try TableReading(TableFile(reading: try table.file.duplicate())).require(cells)
    return cells
  }

  /// Requires that every record of the text is a row or was set aside.
  package func requireConservation() {
    let rows = shapes.reduce(0) { $0 + $1.rows }
    require(
      findings.records >= findings.setAside && findings.records - findings.setAside == rows,
      "\(findings.records) records, \(rows) rows, \(findings.setAside) set aside")
  }
}
