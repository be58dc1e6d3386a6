// SPDX-License-Identifier: Apache-2.0

import IngestTesting

/// A table as `SampleTable.init(choosing:)` reads it.
private func table(types: [UInt8], batches: [UInt8], nulls: UInt8 = 1) -> [UInt8] {
  // More columns or batches than there can be would be taken modulo.
  var bytes: [UInt8] = [UInt8(types.count - 1)]
  for type in types { bytes += [0, type] }
  bytes += [7, 0, 0, 0, 0, 0, 0, 0, UInt8(batches.count)]
  for batch in batches { bytes += [batch, nulls] }
  return bytes
}

private let typeCount = UInt8(SampleTable.types.count)

/// Honest outputs of every type, and each kind of lie about one.
let outputSeeds: [Seed] = {
  let honest: UInt8 = 0
  let mixed = table(types: [2, 8, 9], batches: [9, 3])
  var seeds = (0..<typeCount).map { Seed("type_\($0)", [honest] + table(types: [$0], batches: [9])) }
  seeds += [
    Seed("mixed", [honest] + mixed), Seed("no_batch", [honest] + table(types: [2], batches: [])),
    Seed("no_row", [honest] + table(types: [2, 8, 9], batches: [0, 0])),
    Seed("no_null", [honest] + table(types: [1, 2, 5, 8], batches: [238, 240], nulls: 0)),
    Seed("two_windows", [honest] + table(types: [8], batches: [255], nulls: 1) + [8]),
  ]
  seeds += (0..<UInt8(16)).map { kind in
    Seed("lie_\(kind)", [honest] + mixed + [kind] + [0x85, 2, 0, 0] + [2, 1, 7, 0, 1])
  }
  let anything: UInt8 = 1
  // One int64 column, three rows, no sizes, findings that add up, of the right length.
  seeds.append(
    Seed("anything", [anything, 1, 0, 2, 1, 3, 0, 0, 1] + [7] + [UInt8](repeating: 0, count: 63) + [1, 2, 3]))
  seeds.append(Seed("anything_of_text", [anything, 1, 0, 8, 1, 2, 1, 4, 0, 1] + [3]))
  return seeds
}()

/// Files as the store holds them.
///
/// Those of real tables are made by `tools/fuzz-seeds`.
func storedTableSeeds() throws -> [Seed] {
  var seeds = [
    Seed("every_type.arrow", try SampleTable.everyType(rows: 3).file()),
    Seed("no_row.arrow", try SampleTable.everyType(rows: 0).file()),
    Seed("changed_mixed", table(types: [2, 8, 9], batches: [9, 3])),
    Seed("changed_footer", table(types: [2, 8, 9], batches: [9, 3]) + [40, 0, 0, 0, 0, 9]),
    Seed("changed_body", table(types: [2, 8, 9], batches: [9, 3]) + [0x85, 2, 0, 0, 1, 9]),
  ]
  seeds += (0..<typeCount).map { Seed("changed_type_\($0)", table(types: [$0], batches: [9])) }
  return seeds
}
