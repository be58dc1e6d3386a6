// SPDX-License-Identifier: Apache-2.0

import IngestTables
import WorkerProtocol

/// How repaired records are read: by the types that their table has, and by all that was asked for when it was read.
struct RepairContract {
  /// The options; the columns must come out as the table has them.
  let options: ReadOptions

  /// - Throws: `PipelineFailure.invalidRequest` for a table with more columns than a contract can name.
  init(
    _ schema: Schema, readWith original: ReadOptions, _ dialect: Report.Table.DialectReport, rejects: UInt64
  ) throws(PipelineFailure) {
    guard dialect.json == nil else { throw .invalidRequest("the rejects of a JSON text cannot be mended as a table") }
    var options = original
    let asked = Dictionary(original.cells.rules.map { ($0.name, $0) }) { first, _ in first }
    options.cells.rules = schema.fields.compactMap { field in
      guard let type = field.type.requested else { return nil }
      var rule = asked[field.name] ?? CellOptions.Rule(name: field.name, type: type)
      rule.type = type
      return rule
    }
    options.cells.isAllText = false
    options.maxRejects = min(rejects, ReadOptions.mostRejects)
    do { options.dialect = try Self.dialect(original.dialect, dialect) } catch {
      throw .invalidRequest("the dialect of the table's file cannot be stated")
    }
    options.header = .auto
    options.member = nil
    guard options.cells.areValid else {
      throw .invalidRequest("the table has more columns than a repair can state types for")
    }
    self.options = options
  }

  /// What the records were found to be written in, whatever was stated of their file; the header is one record.
  private static func dialect(
    _ stated: DialectOptions, _ found: Report.Table.DialectReport
  ) throws(DialectOptions.Fault) -> DialectOptions {
    var dialect = DialectOptions()
    try dialect.set(.delimiter, to: found.delimiter)
    if let quote = found.quote ?? stated.quote?.rawValue { try dialect.set(.quote, to: quote) }
    if let escape = found.escape { try dialect.set(.escape, to: escape) }
    if let comment = stated.comment { try dialect.set(.comment, to: comment) }
    try dialect.set(.headerRows, to: "1")
    return dialect
  }
}

extension ColumnType {
  /// What to ask for to get this type again; nil where nothing can be asked for.
  fileprivate var requested: RequestedType? {
    switch self {
    case .null, .listOfUTF8: nil
    case .bool: .bool
    case .int64: .int64
    case .uint64: .uint64
    case .float64: .float64
    case .date: .date
    case .time: .time
    case .timestamp: .timestamp
    case .timestampNanoseconds: .timestampNanoseconds
    case .decimal(let precision, let scale): .decimal(precision: precision, scale: scale)
    case .utf8: .text
    }
  }
}
