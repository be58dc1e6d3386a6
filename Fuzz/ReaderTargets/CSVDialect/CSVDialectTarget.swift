// SPDX-License-Identifier: Apache-2.0

package import Fuzzing
import IngestTables
import ReaderFuzzing
import Readers
import UploadVerification
import Validation
import WorkerProtocol

extension FuzzTarget {
  /// How a text is taken apart: any bytes, any bytes many times over, and tables that are well-formed.
  package static let csvDialect = FuzzTarget(name: "fuzz-csv-dialect") { bytes in
    var input = FuzzInput(bytes)
    switch input.choice(16) {
    case 0..<8: try takeApart(&input)
    case 8..<14: try requireCells(of: WrittenTable(choosing: &input), &input)
    default: try requireLinear(&input)
    }
  }
}

private func limits() -> Limits {
  var limits = Limits()
  limits.outputBase = ByteCount(bytes: 16 << 20)
  return limits
}

private func reading(_ bytes: [UInt8], _ options: ReadOptions) throws -> Reading {
  try CSVReader(ReusedMemory.filled(with: bytes), options: options, limits: ReadLimits(limits())).reading()
}

/// What a sender may state of a dialect.
private func dialect(_ input: inout FuzzInput) throws -> DialectOptions {
  var dialect = DialectOptions()
  let stated = input.byte()
  if stated & 1 != 0 {
    try dialect.set(.delimiter, to: input.element(of: [",", ";", "tab", "|", " ", "||", ", ", "#"]))
  }
  if stated & 2 != 0 { try dialect.set(.quote, to: input.element(of: ["\"", "'", "none"])) }
  if stated & 4 != 0 { try dialect.set(.escape, to: input.element(of: ["doubled", "backslash"])) }
  if stated & 8 != 0 { try dialect.set(.comment, to: input.element(of: ["#", "//", "%", "\t"])) }
  if stated & 16 != 0 { try dialect.set(.skipRows, to: "\(input.choice(8))") }
  if stated & 32 != 0 { try dialect.set(.headerRows, to: "\(input.choice(4))") }
  return dialect
}

/// Any text makes a table of lists that the service accepts, or is refused.
private func takeApart(_ input: inout FuzzInput) throws {
  var options = ReadOptions(isVerbatim: true)
  options.dialect = try dialect(&input)
  let bytes = input.remainder()
  guard case .table(let table) = try reading(bytes, options) else { return }
  try table.requireVerified(nameBytes: limits().longestColumnName)
  try table.requireConservation()
  try requireOthers(of: table, bytes, options)
}

/// Each further table of a text can be read, and leaves as many records and the same tables; one more is refused.
private func requireOthers(of table: ReadTable, _ bytes: [UInt8], _ options: ReadOptions) throws {
  let count = max(1, table.findings.dialect.tables.count)
  var options = options
  for number in 2...min(count + 1, 5) where number <= Dialect.mostTables {
    try options.dialect.set(.table, to: "\(number)")
    switch try reading(bytes, options) {
    case .table(let other):
      try other.requireConservation()
      try other.requireVerified(nameBytes: limits().longestColumnName)
      try require(
        number <= count && other.findings.records == table.findings.records
          && other.findings.dialect.tables == table.findings.dialect.tables, "table \(number): \(other.findings)")
    case .refused(let rejection):
      try require(number > count && rejection.code == .tableMissing, "table \(number) of \(count): \(rejection)")
    }
  }
}

private func requireLinear(_ input: inout FuzzInput) throws {
  var options = ReadOptions(isVerbatim: input.flag())
  options.dialect = try dialect(&input)
  let unit = Int(input.byte())
  try Linearity.require(input.remainder(), repeatingLast: unit) { _ = try reading($0, options) }
}

/// Every cell of a well-formed table comes back as it was written, whether its delimiter is stated or found out.
private func requireCells(of written: WrittenTable, _ input: inout FuzzInput) throws {
  var options = ReadOptions(isVerbatim: true)
  let isStated = input.flag()
  if isStated { try options.dialect.set(.delimiter, to: written.delimiter) }
  let text = input.flag() ? [0xEF, 0xBB, 0xBF] + written.bytes : written.bytes
  guard case .table(let table) = try reading(text, options) else { return try require(false, "a table is refused") }
  let cells = try table.requireVerified(nameBytes: limits().longestColumnName).flatMap { $0.first ?? [] }
  let expected = written.records.map { Value.list($0) }
  guard cells != expected else { return }
  let row = zip(cells, expected).enumerated().first { $1.0 != $1.1 }?.offset ?? min(cells.count, expected.count)
  try require(
    false,
    "record \(row) of \(expected.count): \(cells.count > row ? "\(cells[row])" : "none"), of"
      + " \(String(decoding: text, as: UTF8.self).debugDescription), as \(table.findings.dialect)")
}
