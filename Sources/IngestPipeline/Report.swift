// SPDX-License-Identifier: Apache-2.0

import IngestTables
package import UploadVerification
import Validation
import WorkerProtocol

/// What is worth knowing about how an upload was read, as it is stored and answered.
package struct Report: Codable, Sendable, Hashable {
  /// One content inside of a container.
  package struct Member: Codable, Sendable, Hashable {
    package var name: String?
    package var bytes: UInt64
    package var accepted: Bool
    package var code: String?
    package var detail: String?
  }

  /// How one table was read.
  package struct Table: Codable, Sendable, Hashable {
    package struct NoteReport: Codable, Sendable, Hashable {
      /// A word that was read as null, and how often.
      package struct Word: Codable, Sendable, Hashable {
        package var word: String
        package var count: UInt64
      }

      package var kind: String
      package var column: String?
      package var count: UInt64
      package var line: UInt64?
      package var byteOffset: UInt64?
      package var example: String?
      /// The most frequent words that were read as null; nil in other notes.
      package var words: [Word]?
      package var message: String

      enum CodingKeys: String, CodingKey {
        case kind, column, count, line, example, words, message
        case byteOffset = "byte_offset"
      }
    }

    package var member: String?
    package var dialect: DialectReport
    package var records: UInt64
    package var rows: UInt64
    /// nil in reports of before records could be rejected.
    package var rejected: UInt64?
    package var setAside: UInt64
    package var notes: [NoteReport]
    /// The first lines above and below the table; nil where there are none.
    package var lines: [LineReport]?

    enum CodingKeys: String, CodingKey {
      case member, dialect, records, rows, rejected, notes
      case setAside = "set_aside"
      case lines = "set_aside_lines"
    }
  }

  package var format: String?
  package var detectedType: String?
  package var sandboxLevel: String?
  package var workerBytes: UInt64?
  package var members: [Member]
  /// Entries of an archive that are no members: folders, a packer's by-products, what was not asked for; nil where there
  /// are none.
  package var passedOver: UInt64?
  package var tables: [Table]
  /// The version whose rejects were sent again, as `name@version`; nil for an upload.
  package var repairs: String?

  enum CodingKeys: String, CodingKey {
    case format, members, tables, repairs
    case detectedType = "detected_type"
    case sandboxLevel = "sandbox_level"
    case workerBytes = "worker_private_bytes"
    case passedOver = "passed_over"
  }
}

extension Report {
  /// The report of a file that no worker looked at.
  package static let empty = Report(members: [], tables: [])

  package init(_ outcome: ReadOutcome) {
    if case .accepted(let found) = outcome.verdict { format = found.rawValue }
    detectedType = outcome.content?.magicType.description
    sandboxLevel = outcome.level?.rawValue
    workerBytes = outcome.workerBytes == 0 ? nil : outcome.workerBytes
    members = outcome.members.map(Member.init)
    passedOver = outcome.passedOver == 0 ? nil : outcome.passedOver
    tables = outcome.tables.map(Table.init)
  }
}

extension Report.Member {
  package init(_ finding: MemberFinding) {
    name = finding.name
    bytes = finding.bytes
    accepted = finding.verdict.code == nil
    if case .rejected(let rejection) = finding.verdict {
      code = rejection.code.rawValue
      detail = rejection.detail
    }
  }
}

extension Report.Table {
  package init(_ read: ReadTable) {
    let findings = read.table.findings
    member = read.member
    dialect = DialectReport(findings.dialect)
    records = findings.records
    rows = read.table.rows
    rejected = findings.rejects
    setAside = findings.setAside
    notes = findings.notes.map { NoteReport($0, schema: read.table.schema, rows: read.table.rows) }
    lines = findings.lines.isEmpty ? nil : findings.lines.map(LineReport.init)
  }
}

extension Report.Table.NoteReport {
  init(_ note: Note, schema: Schema, rows: UInt64) {
    kind = note.kind.rawValue
    column = note.column.flatMap { number in
      schema.fields.indices.contains(Int(number) - 1) ? schema.fields[Int(number) - 1].name : nil
    }
    count = note.count
    line = note.line
    byteOffset = note.byteOffset
    example = note.example.isEmpty ? nil : note.example.escapedForDisplay
    words = note.words.isEmpty ? nil : note.words.map { Word(word: $0.text.escapedForDisplay, count: $0.count) }
    message = Self.message(note, column: column?.escapedForDisplay ?? "", rows: rows)
  }

  /// `5 words in `x` were read as null: `NA` 3, `-` 2`, with what is left where there are more.
  private static func message(ofWords note: Note, column: String) -> String {
    var shown = note.words.map { "`\($0.text.escapedForDisplay)` \($0.count)" }
    let told = note.words.reduce(UInt64(0)) { $0 &+ $1.count }
    if told < note.count, !shown.isEmpty { shown.append("others \(note.count - told)") }
    let place = column.isEmpty ? "further columns" : "`\(column)`"
    let list = shown.isEmpty ? "" : ": \(shown.joined(separator: ", "))"
    return "\(note.count) words in \(place) were read as null\(list)"
  }

  /// One sentence: what was found, where, and what was done.
  private static func message(_ note: Note, column: String, rows: UInt64) -> String {
    let place = note.line.map { "line \($0)" }
    let example = note.example.isEmpty ? nil : "`\(note.example.escapedForDisplay)`"
    let first = [place, example].compactMap(\.self).joined(separator: ", ")
    let suffix = first.isEmpty ? "" : "; the first: \(first)"
    switch note.kind {
    case .nearMiss:
      return "`\(column)` would be \(note.type?.name ?? "typed") but for \(note.count) of \(rows) cells: \(first)"
    case .ambiguousDates:
      return "`\(column)` stays text: its dates read both as day/month and as month/day\(suffix)"
    case .ambiguousNumbers:
      return
        "`\(column)` stays text: nothing shows whether its marks stand between thousands or before decimals\(suffix)"
    case .numbersWithUnits: return "`\(column)` stays text: its numbers have signs of a unit\(suffix)"
    case .booleanWords: return "`\(column)` stays text: its words may mean true and false\(suffix)"
    case .nullWords: return message(ofWords: note, column: column) + suffix
    case .offsetsNormalised: return "\(note.count) timestamps in `\(column)` were converted to UTC\(suffix)"
    case .shortRecords: return "\(note.count) records have fewer cells than columns; the missing ones are null\(suffix)"
    case .longRecords:
      return "\(note.count) records have more cells than columns; what is not empty stands in the last column\(suffix)"
    case .strayQuotes: return "\(note.count) quotes inside of cells were kept as text\(suffix)"
    case .unclosedQuote: return "a quote is never closed and was kept as text\(suffix)"
    case .commentLines: return "\(note.count) lines of comment were skipped\(suffix)"
    case .blankLines: return "\(note.count) blank lines were skipped\(suffix)"
    case .renamedColumns: return "\(note.count) column names were empty or stood twice and were changed"
    case .emptyTrailingColumns: return "\(note.count) empty columns at the end were dropped"
    case .otherTables:
      return
        "\(note.count) more tables stand in the text and were set aside; each is read by its number (table=2, …)\(suffix)"
    case .assumedEncoding:
      return "the file is not UTF-8 and was read as Windows-1252 (\(note.count) characters beyond ASCII); "
        + "if they look wrong, state its encoding or save it as UTF-8"
    case .unmarkedEncoding:
      return "the file has no byte order mark; its bytes show that it is \(note.example.escapedForDisplay)"
    case .replacedBytes:
      return "\(note.count) sequences of bytes stand for no character and became U+FFFD\(suffix)"
    case .controlCharacters:
      return "\(note.count) bytes from 80 to 9F are control characters in \(note.example.escapedForDisplay); "
        + "if they should be letters or marks, state another encoding, such as windows-1252"
    }
  }
}
