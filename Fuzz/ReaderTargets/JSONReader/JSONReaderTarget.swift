// SPDX-License-Identifier: Apache-2.0

package import Fuzzing
import IngestTables
import ReaderFuzzing
import Readers
import UploadVerification
import Validation
import WorkerProtocol

/// Started once: they wait between the tables.
private let three = ParsingThreads(count: 3)

extension FuzzTarget {
  /// A text of any bytes, read as JSON in two ways: with all of it as the sample, and by three threads with tiny samples and
  /// pieces.
  ///
  /// Both must agree in every byte of the table and of its rejects and in every finding, or in why there is none; of several
  /// faults either may name the one that a pass over all keys meets first, if the sample made that pass necessary. A table
  /// must be what the service accepts, and the text JSON by a grammar that was written apart; a text that is refused as
  /// malformed must be none.
  package static let jsonReader = FuzzTarget(name: "fuzz-json-reader") { bytes in
    var input = FuzzInput(bytes)
    try check(JSONChoices(&input))
  }
}

private func check(_ choices: JSONChoices) throws {
  let bytes = ReusedMemory.filled(with: choices.text)
  func read(_ threads: ParsingThreads, sample: Int, piece: Int) throws -> Reading {
    let block = max(choices.block, choices.text.count / 64)
    let sizes = PassSizes(block: { _ in block }, sample: sample...sample, piece: piece)
    let limits = ReadLimits(choices.limits)
    guard choices.linesOnly else {
      return try JSONReader(bytes, options: choices.options, limits: limits, threads: threads, sizes: sizes).reading()
    }
    return try JSONLinesReader(bytes, options: choices.options, limits: limits, threads: threads, sizes: sizes)
      .reading()
  }
  let expected = try read(.alone, sample: 1 << 20, piece: 128 << 10)
  let reading = try read(three, sample: choices.sample, piece: choices.piece)
  try require(
    reading == expected || haveSeveralFaults(reading, expected),
    "by three threads: \(brief(reading)), not \(brief(expected))")
  switch expected {
  case .table(let table):
    try table.requireVerified(nameBytes: choices.limits.longestColumnName)
    let rows = table.shapes.reduce(0) { $0 + $1.rows }
    let findings = table.findings
    try require(findings.records == findings.setAside + rows + findings.rejects, "records that are nowhere")
    try requireJSON(choices, lines: findings.dialect.json?.shape == .lines, rejects: findings.rejects)
  case .refused(let rejection):
    guard rejection.code == .jsonMalformed, !choices.linesOnly else { return }
    try require(!JSONGrammar.isText(choices.unmarked, deepest: choices.limits.jsonDepth), "\(rejection.detail)")
  }
}

/// Requires that a table comes from JSON: as many lines that are none as there are rejects at most.
private func requireJSON(_ choices: JSONChoices, lines: Bool, rejects: UInt64) throws {
  let deepest = choices.limits.jsonDepth
  guard lines else {
    return try require(JSONGrammar.isText(choices.unmarked, deepest: deepest), "what is no JSON is a table")
  }
  let blanks: Set<UInt8> = [0x20, 0x09, 0x0D]
  let texts = choices.unmarked.split(separator: 0x0A).filter { !blanks.isSuperset(of: $0) }
  let bad = texts.count { !JSONGrammar.isText(Array($0), deepest: deepest) }
  try require(bad <= rejects, "\(bad) lines are no JSON, and \(rejects) were rejected")
}

private func haveSeveralFaults(_ one: Reading, _ other: Reading) -> Bool {
  guard case .refused(let one) = one, case .refused(let other) = other else { return false }
  return !Set([one.code, other.code]).isDisjoint(with: [.invalidEncoding, .tooManyColumns, .columnMissing])
}

private func brief(_ reading: Reading) -> String {
  switch reading {
  case .table(let table): "a table of \(table.schema), \(table.shapes) and \(table.findings)"
  case .refused(let rejection): "\(rejection)"
  }
}
