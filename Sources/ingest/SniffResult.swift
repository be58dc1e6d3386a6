// SPDX-License-Identifier: Apache-2.0

import IngestPipeline
import IngestTables
import UploadVerification
import Validation

/// What `ingest sniff` says about one table.
struct SniffResult: Encodable {
  struct Column: Encodable {
    let name: String
    let type: String
  }

  private let file: String
  private let member: String?
  private let dialect: Report.Table.DialectReport
  private let columns: [Column]

  init(file: String, _ read: ReadTable) {
    let report = Report.Table(read)
    self.file = file.escapedForDisplay
    member = report.member
    dialect = report.dialect
    columns = read.table.schema.fields.map { Column(name: $0.name, type: $0.type.name) }
  }

  enum CodingKeys: String, CodingKey {
    case delimiter, quote, escape, newline, encoding, comment, columns, confidence, reasons, table, tables, json
    case headerRows = "header_rows"
    case preambleRows = "preamble_rows"
    case footnoteRows = "footnote_rows"
    case runnerUp = "runner_up"
  }

  /// Every key is always there; what is absent is null.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(dialect.delimiter, forKey: .delimiter)
    try container.encode(dialect.quote, forKey: .quote)
    try container.encode(dialect.escape, forKey: .escape)
    try container.encode(dialect.newline, forKey: .newline)
    try container.encode(dialect.encoding, forKey: .encoding)
    try container.encode(dialect.headerRows, forKey: .headerRows)
    try container.encode(dialect.preambleRows, forKey: .preambleRows)
    try container.encode(dialect.footnoteRows, forKey: .footnoteRows)
    try container.encode(dialect.comment, forKey: .comment)
    try container.encode(columns, forKey: .columns)
    try container.encode(dialect.confidence, forKey: .confidence)
    try container.encode(dialect.reasons, forKey: .reasons)
    try container.encode(dialect.runnerUp, forKey: .runnerUp)
    try container.encode(dialect.table, forKey: .table)
    try container.encode(dialect.tables ?? [], forKey: .tables)
    try container.encode(dialect.json, forKey: .json)
  }

  /// For people: what was found, a line for each thing.
  var text: String {
    let name = member.map { "\(file), \($0.escapedForDisplay)" } ?? file
    let confidence = dialect.confidence.map { " (confidence \($0))" } ?? ""
    var lines = ["\(name)", "  delimiter: \(Self.shown(dialect.delimiter))\(confidence)"]
    if let json = dialect.json {
      let place = json.pointer.isEmpty ? "the whole text" : json.pointer
      lines = ["\(name)", "  JSON: \(json.shape), \(place)"]
    }
    lines.append("  quote: \(Self.shown(dialect.quote)), escape: \(dialect.escape ?? "none")")
    lines.append("  newline: \(dialect.newline), encoding: \(dialect.encoding ?? "unknown")")
    lines.append("  header: \(dialect.header), \(dialect.headerRows ?? 0) rows")
    if let comment = dialect.comment { lines.append("  comments: lines that start with \(Self.shown(comment))") }
    if let rows = dialect.preambleRows, rows > 0 { lines.append("  preamble: \(rows) rows") }
    if let rows = dialect.footnoteRows, rows > 0 { lines.append("  footnotes: \(rows) rows") }
    lines += (dialect.tables ?? []).map { "  \($0.text(read: dialect.table))" }
    for reason in dialect.reasons ?? [] { lines.append("  because: \(reason)") }
    if let other = dialect.runnerUp { lines.append("  runner-up: \(Self.shown(other.delimiter))") }
    lines += columns.map { "  column: \($0.name.escapedForDisplay) \($0.type)" }
    return lines.joined(separator: "\n")
  }

  private static func shown(_ mark: String?) -> String {
    guard let mark else { return "none" }
    return mark == "\t" ? "tab" : "`\(mark.escapedForDisplay)`"
  }
}
