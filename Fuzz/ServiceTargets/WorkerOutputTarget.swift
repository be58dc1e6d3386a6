// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
package import Fuzzing
import IngestTables
import IngestTesting
import UploadVerification

extension FuzzTarget {
  /// What a worker may leave behind: an honest output and lies about it, or anything at all.
  ///
  /// The verifier must accept exactly what the reference accepts; what it accepts must read back cell for cell.
  package static let workerOutput = FuzzTarget(name: "fuzz-worker-output") { bytes in
    var input = FuzzInput(bytes)
    var claimed: ClaimedOutput
    if input.flag() {
      claimed = ClaimedOutput(choosing: &input)
    } else {
      claimed = try ClaimedOutput(SampleTable(choosing: &input))
      for _ in 0..<16 where !input.isEmpty { claimed.change(by: &input) }
    }
    try check(claimed)
  }
}

private func check(_ claimed: ClaimedOutput) throws {
  let nameBytes = 320
  let expected = Result { () throws(ReferenceVerifier.Lie) in
    try ReferenceVerifier.cells(of: claimed.said, in: claimed.bytes, nameBytes: nameBytes)
  }
  let file = try OwnedDescriptor.inMemory(claimed.bytes)
  let table: VerifiedTable
  do {
    table = try OutputVerifier(nameBytes: nameBytes).verify(claimed.said, writtenTo: file)
  } catch let fault as OutputFault {
    if case .success = expected { try require(false, "an honest output is refused: \(fault)") }
    return
  }
  let cells = try expected.get()
  try require(table.rows == claimed.said.rows.reduce(0, +), "rows")
  let length = try table.file.size()
  try require(length == table.fileBytes, "length")
  let published = try TableFile(reading: try table.file.duplicate())
  try require(published.schema == Schema(fields: claimed.said.fields), "schema")
  try TableReading(published).require(cells)
}
