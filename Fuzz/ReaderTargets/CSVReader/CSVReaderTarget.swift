// SPDX-License-Identifier: Apache-2.0

package import Fuzzing
import ReaderFuzzing
import Readers
import UploadVerification
import Validation
import WorkerProtocol

/// Started once: they wait between the tables.
private let three = ParsingThreads(count: 3)

extension FuzzTarget {
  /// A text of any bytes, read as a table in three ways: byte by byte with all of it as the sample, by vectors with the
  /// default sizes, and by three threads with tiny samples and pieces.
  ///
  /// All must agree in every byte of the table and of its rejects and in every finding, or in why there is none; both must
  /// be what the service accepts, which counts that rows, rejects and set-aside records are the records of the text.
  package static let csvReader = FuzzTarget(name: "fuzz-csv-reader") { bytes in
    var input = FuzzInput(bytes)
    try check(ReaderChoices(&input))
  }
}

private func check(_ choices: ReaderChoices) throws {
  let bytes = ReusedMemory.filled(with: choices.text)
  func read(_ limits: Limits, _ threads: ParsingThreads, sample: Int, piece: Int) throws -> Reading {
    try CSVReader(
      bytes, options: choices.options, limits: ReadLimits(limits), threads: threads,
      sizes: choices.sizes(sample: sample, piece: piece)
    ).reading()
  }
  // No piece is as short as such a record may be, so none is scanned by vectors.
  var slow = choices.limits
  slow.recordBytes = ByteCount(bytes: 100_000)
  let expected = try read(slow, .alone, sample: 1 << 20, piece: 128 << 10)
  if case .table(let table) = expected {
    try table.requireVerified(nameBytes: choices.limits.longestColumnName)
    try table.requireConservation()
  }
  try requireSame(read(choices.limits, .alone, sample: 256 << 10, piece: 128 << 10), expected, "by vectors")
  try requireSame(
    read(choices.limits, three, sample: choices.sample, piece: choices.piece), expected, "by three threads")
}

private func requireSame(_ reading: Reading, _ expected: Reading, _ how: String) throws {
  guard reading != expected else { return }
  guard case .table(let table) = reading, case .table(let other) = expected else {
    return try require(false, "\(how): \(brief(reading)), not \(brief(expected))")
  }
  try require(table.schema == other.schema, "\(how): \(table.schema), not \(other.schema)")
  try require(table.shapes == other.shapes, "\(how): \(table.shapes), not \(other.shapes)")
  try require(table.findings == other.findings, "\(how): \(table.findings), not \(other.findings)")
  try require(table.file == other.file, "\(how): other cells of \(table.schema)")
  try require(table.rejects == other.rejects, "\(how): other rejects")
}

private func brief(_ reading: Reading) -> String {
  switch reading {
  case .table(let table): "a table of \(table.schema) and \(table.shapes)"
  case .refused(let rejection): "\(rejection)"
  }
}
