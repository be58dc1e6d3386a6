// SPDX-License-Identifier: Apache-2.0

import FileDescriptors
package import Fuzzing
import IngestTables
import IngestTesting

extension FuzzTarget {
  /// A file of the store that may be damaged anywhere: raw bytes, or a table of ours with some bytes changed.
  package static let storedTable = FuzzTarget(name: "fuzz-stored-table") { bytes in
    do {
      let stored = bytes.starts(with: ArrowLayout.magic.prefix(4)) ? bytes : try damagedTable(FuzzInput(bytes))
      let file = try TableFile(reading: .inMemory(stored))
      try TableReading(file).requireTexts()
    } catch is TableFileError {
      // A damaged file is this error, and nothing else is.
    }
  }
}

private func damagedTable(_ input: FuzzInput) throws -> [UInt8] {
  var input = input
  let table = SampleTable(choosing: &input)
  var bytes = try table.file()
  let isUntouched = input.isEmpty
  for _ in 0..<64 where !input.isEmpty {
    let place = Int(input.integer(UInt32.self)) % bytes.count
    // From the end, too: the footer is short and lies there.
    bytes[input.flag() ? place : bytes.count - 1 - place % min(bytes.count, 1_024)] = input.byte()
  }
  if isUntouched { try TableReading(TableFile(reading: .inMemory(bytes))).require(table.batches) }
  return bytes
}
