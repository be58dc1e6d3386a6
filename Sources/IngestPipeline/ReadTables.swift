// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
import UploadVerification
import WorkerProtocol

/// The tables of one reading, verified one after the other.
struct ReadTables {
  let derivation: Derivation
  let verifier: OutputVerifier
  /// What the files that are still to come may take, in bytes.
  var left: UInt64
  private(set) var tables: [ReadTable] = []

  init(derivation: Derivation, verifier: OutputVerifier, left: UInt64) {
    self.derivation = derivation
    self.verifier = verifier
    self.left = left
  }

  /// Verifies the next output: a table, or the rejects of the one before.
  ///
  /// - Throws: `OutputFault`, or the failure of the machine.
  mutating func add(_ output: WorkerOutput) throws {
    guard let writer = output.takeDescriptor() else { throw OutputFault.stillWritable }
    let id = derivation.tableID(ordinal: output.ordinal, output.role)
    switch output.role.part {
    case .rows:
      let table = try verifier.verify(output.said, writtenTo: writer, limit: left)
      left -= min(left, table.fileBytes)
      tables.append(
        ReadTable(
          ordinal: output.ordinal, number: output.role.table, member: output.member, id: id, table: table))
    case .rejects:
      guard let last = tables.last else { throw OutputFault.recordsDoNotAddUp }
      let rejects = try verifier.verifyRejects(output.said, of: last.table, writtenTo: writer, limit: left)
      left -= min(left, rejects.fileBytes)
      tables[tables.count - 1].rejects = ReadRejects(id: id, table: rejects)
    }
  }
}
