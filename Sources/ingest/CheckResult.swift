// SPDX-License-Identifier: Apache-2.0

import Foundation
import IngestPipeline
import Validation

/// What `ingest check` says about one file.
struct CheckResult: Encodable {
  struct SandboxReport: Encodable {
    /// nil where no worker was needed.
    let level: String?

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(level, forKey: .level)
    }

    enum CodingKeys: CodingKey { case level }
  }

  struct Witnesses: Encodable {
    let signature: String?
    let magicType: String?
    let magicCharset: String?
    let isBlank: Bool?
    /// The encoding that the bytes show, though no mark says so.
    let unmarkedEncoding: String?
    let `extension`: String?
    let declaredType: String?
    let members: [Report.Member]
    let passedOver: UInt64?
    let tables: [Report.Table]

    enum CodingKeys: String, CodingKey {
      case signature, `extension`, members, tables
      case magicType = "magic_type"
      case magicCharset = "magic_charset"
      case isBlank = "is_blank"
      case unmarkedEncoding = "unmarked_encoding"
      case declaredType = "declared_type"
      case passedOver = "passed_over"
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(signature, forKey: .signature)
      try container.encode(magicType, forKey: .magicType)
      try container.encode(magicCharset, forKey: .magicCharset)
      try container.encode(isBlank, forKey: .isBlank)
      try container.encode(unmarkedEncoding, forKey: .unmarkedEncoding)
      try container.encode(`extension`, forKey: .extension)
      try container.encode(declaredType, forKey: .declaredType)
      try container.encode(members, forKey: .members)
      try container.encodeIfPresent(passedOver, forKey: .passedOver)
      try container.encode(tables, forKey: .tables)
    }
  }

  let file: String
  let accepted: Bool
  let code: String?
  let detail: String?
  let `extension`: String?
  let declaredType: String?
  let detectedType: String?
  let format: String?
  let bytes: UInt64?
  let sha256: String?
  let line: UInt64?
  let column: UInt64?
  let byteOffset: UInt64?
  /// Which rule the record breaks, where it is one.
  let violation: String?
  /// Where the tables of the text start, where one was asked for that is not there.
  let tableLines: [UInt64]?
  let sandbox: SandboxReport
  let witnesses: Witnesses

  enum CodingKeys: String, CodingKey {
    case file, accepted, code, detail, `extension`, format, bytes, sha256, line, column, violation, sandbox, witnesses
    case declaredType = "declared_type"
    case detectedType = "detected_type"
    case byteOffset = "byte_offset"
    case tableLines = "table_lines"
  }

  init(_ file: Examination.File, _ reading: ReadingOptions) {
    switch file.outcome {
    case .read(let source, let hash, let request, let outcome):
      var rejection: Rejection?
      if case .rejected(let why) = outcome.verdict { rejection = why }
      let report = Report(outcome)
      self.init(
        file: file.path, rejection: rejection, claims: request.claims, content: outcome.content,
        format: report.format, bytes: source.bytes, sha256: hash.description, level: report.sandboxLevel,
        report: report)
    case .refused(let rejection):
      self.init(
        file: file.path, rejection: rejection,
        claims: UploadClaims(declaredType: reading.declaredType.flatMap { MediaType($0) }),
        content: nil, format: nil, bytes: nil, sha256: nil, level: nil, report: .empty)
    }
  }

  private init(
    file: String, rejection: Rejection?, claims: UploadClaims, content: ContentWitnesses?, format: String?,
    bytes: UInt64?, sha256: String?, level: String?, report: Report
  ) {
    self.file = file.escapedForDisplay
    accepted = rejection == nil
    code = rejection?.code.rawValue
    detail = rejection?.detail
    `extension` = claims.extension
    declaredType = claims.declaredType?.description
    detectedType = content?.magicType.description
    self.format = format
    self.bytes = bytes
    self.sha256 = sha256
    line = rejection?.line
    column = rejection?.column
    byteOffset = rejection?.byteOffset
    violation = rejection?.violation?.rawValue
    tableLines = rejection.flatMap { $0.tableLines.isEmpty ? nil : $0.tableLines }
    sandbox = SandboxReport(level: level)
    witnesses = Witnesses(
      signature: content?.signature.rawValue, magicType: detectedType, magicCharset: content?.magicCharset,
      isBlank: content?.isBlank, unmarkedEncoding: content?.wideText?.encoding.rawValue, extension: `extension`,
      declaredType: declaredType, members: report.members, passedOver: report.passedOver, tables: report.tables)
  }

  /// One object for one file, an array for several; what is absent is null.
  static func json(_ results: [CheckResult], isList: Bool) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    let data = results.count == 1 && !isList ? try encoder.encode(results[0]) : try encoder.encode(results)
    return String(decoding: data, as: UTF8.self)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(file, forKey: .file)
    try container.encode(accepted, forKey: .accepted)
    try container.encode(code, forKey: .code)
    try container.encode(detail, forKey: .detail)
    try container.encode(`extension`, forKey: .extension)
    try container.encode(declaredType, forKey: .declaredType)
    try container.encode(detectedType, forKey: .detectedType)
    try container.encode(format, forKey: .format)
    try container.encode(bytes, forKey: .bytes)
    try container.encode(sha256, forKey: .sha256)
    try container.encodeIfPresent(line, forKey: .line)
    try container.encodeIfPresent(column, forKey: .column)
    try container.encodeIfPresent(byteOffset, forKey: .byteOffset)
    try container.encodeIfPresent(violation, forKey: .violation)
    try container.encodeIfPresent(tableLines, forKey: .tableLines)
    try container.encode(sandbox, forKey: .sandbox)
    try container.encode(witnesses, forKey: .witnesses)
  }

  /// For people: one line, and the witnesses where they are asked for.
  func text(explaining: Bool) -> String {
    let verdict = accepted ? "accepted as \(format ?? "?")" : "refused: \(code ?? "?")"
    var lines = ["\(file): \(verdict)"]
    if let detail { lines.append("  \(detail)") }
    for table in witnesses.tables {
      let name = table.member.map { "\($0.escapedForDisplay): " } ?? ""
      let rejected = table.rejected.map { $0 == 0 ? "" : ", \($0) rejected" } ?? ""
      lines.append("  \(name)\(table.rows) rows\(rejected), header \(table.dialect.header)")
      lines += (table.dialect.tables ?? []).map { "  \($0.text(read: table.dialect.table))" }
      for note in table.notes { lines.append("  note: \(note.message)") }
    }
    if explaining { lines += explanation }
    return lines.joined(separator: "\n")
  }

  private var explanation: [String] {
    func shown(_ value: String?) -> String { value.map(\.escapedForDisplay) ?? "none" }
    var lines = [
      "  witness extension: \(shown(`extension`))", "  witness declared type: \(shown(declaredType))",
      "  witness signature: \(shown(witnesses.signature))",
      "  witness libmagic: \(shown(witnesses.magicType)), charset \(shown(witnesses.magicCharset))",
      "  witness unmarked encoding: \(shown(witnesses.unmarkedEncoding))",
      "  sha256: \(shown(sha256))", "  bytes: \(bytes.map(String.init) ?? "unknown")",
      "  sandbox: \(shown(sandbox.level))",
    ]
    for member in witnesses.members {
      let verdict = member.accepted ? "accepted" : "refused: \(member.code ?? "?")"
      lines.append("  member \(shown(member.name)): \(member.bytes) bytes, \(verdict)")
    }
    if let count = witnesses.passedOver { lines.append("  entries that were passed over: \(count)") }
    return lines
  }
}
