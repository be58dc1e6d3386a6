// SPDX-License-Identifier: Apache-2.0

/// Why a file was refused: a stable code for programs, a position, and the cap that it broke.
///
/// A rejection is an ordinary outcome of judging a file. The program's own failures are thrown errors.
public struct Rejection: Sendable, Hashable {
  /// The stable code that callers match.
  public var code: Code
  /// What exactly is wrong, for people, when the code alone does not say it.
  ///
  /// Holds nothing of the file.
  public var reason: String?
  /// The line in the file, from 1, where one is known.
  public var line: UInt64?
  /// The column of the table, from 1; of a JSON text that is none, the character in the line.
  public var column: UInt64?
  /// The offset in the file's bytes, from 0.
  public var byteOffset: UInt64?
  /// The cap that was broken.
  public var limit: UInt64?
  /// The value that broke it, as far as it was counted.
  public var actual: UInt64?
  /// What was asked for: the name of a type, or of an encoding.
  public var expected: String?
  /// Which rule the record breaks, where it is one.
  public var violation: RejectCode?
  /// What keeps a JSON text from being one, or from being a table.
  public var jsonProblem: JSONProblem?
  /// The text that is at fault, cut to `longestExample` bytes; it comes from the file, so `detail` escapes it.
  public var example: String?

  /// The lines on which the tables of a text start, from 1, where one was asked for that is not there.
  public var tableLines: [UInt64] = []

  /// The longest text of the file that a rejection carries, in bytes.
  public static let longestExample = 64

  /// A rejection with what is known about its place and cause.
  public init(
    _ code: Code, reason: String? = nil, line: UInt64? = nil, column: UInt64? = nil, byteOffset: UInt64? = nil,
    limit: UInt64? = nil, actual: UInt64? = nil
  ) {
    self.code = code
    self.reason = reason
    self.line = line
    self.column = column
    self.byteOffset = byteOffset
    self.limit = limit
    self.actual = actual
  }

  /// One sentence: what is wrong, where, and what to do about it.
  public var detail: String {
    let isSum = code == .tooManyRejects
    var what = reason ?? (isSum ? code.meaning : violation?.meaning ?? code.meaning)
    if let jsonProblem { what += ": \(jsonProblem.meaning)" }
    if let limit {
      what += actual.map { " (\($0), at most \(limit) allowed)" } ?? " (at most \(limit) allowed)"
    }
    if isSum, let violation { what += "; one too many: \(violation.meaning)" }
    if code == .tableMissing { what += missingTable }
    if let example { what += ": `\(example.escapedForDisplay)`" }
    if let expected { what += " is no \(expected)" }
    let place = [
      line.map { "line \($0)" }, column.map { "column \($0)" }, byteOffset.map { "byte offset \($0)" },
    ].compactMap(\.self)
    let located = place.isEmpty ? what : "\(what), at \(place.joined(separator: ", "))"
    return "\(located). \(code.remedy)"
  }

  /// Which table is missing, and which ones there are.
  private var missingTable: String {
    let lines = tableLines.map { "\($0)" }.joined(separator: ", ")
    let found = tableLines.count == 1 ? "one, which starts on line" : "\(tableLines.count), which start on lines"
    return " (\(actual.map { "\($0)" } ?? "?"); it has \(found) \(lines))"
  }
}

extension Rejection {
  /// The codes of `docs/error-codes.md`.
  ///
  /// A code is never renamed, and never reused for something else.
  public enum Code: String, Sendable, CaseIterable, Hashable {
    // The name and the claims
    case nameInvalid = "name_invalid"
    case nameTooLong = "name_too_long"
    case extensionRefused = "extension_refused"
    case declaredTypeRefused = "declared_type_refused"
    // The content's kind
    case typeMismatch = "type_mismatch"
    case contentRefused = "content_refused"
    case formatUnsupported = "format_unsupported"
    // Size and source
    case tooLarge = "too_large"
    case empty
    case sourceChanged = "source_changed"
    // Text
    case invalidEncoding = "invalid_encoding"
    case encodingMismatch = "encoding_mismatch"
    case controlCharacter = "control_character"
    // Tables
    case tooManyColumns = "too_many_columns"
    case tooManyRows = "too_many_rows"
    case recordTooLarge = "record_too_large"
    case cellTooLarge = "cell_too_large"
    case headerNameTooLong = "header_name_too_long"
    case outputTooLarge = "output_too_large"
    // What was asked for
    case contractViolated = "contract_violated"
    case recordMalformed = "record_malformed"
    case tooManyRejects = "too_many_rejects"
    case columnMissing = "column_missing"
    case tableMissing = "table_missing"
    // JSON
    case jsonMalformed = "json_malformed"
    case jsonTooDeep = "json_too_deep"
    case notTabular = "not_tabular"
    // Containers
    case compressedCorrupt = "compressed_corrupt"
    case trailingData = "trailing_data"
    case expandedTooLarge = "expanded_too_large"
    case compressionRatio = "compression_ratio"
    case windowTooLarge = "window_too_large"
    case archiveMalformed = "archive_malformed"
    case archiveEncrypted = "archive_encrypted"
    case archiveEntryRefused = "archive_entry_refused"
    case archiveTooManyEntries = "archive_too_many_entries"
    case archiveNesting = "archive_nesting"
    case archiveNoTable = "archive_no_table"
    case memberMissing = "member_missing"
    // The worker that read it
    case workerTimeout = "worker_timeout"
    case workerMemory = "worker_memory"
    case workerCrashed = "worker_crashed"
    case workerViolation = "worker_violation"
    case workerLied = "worker_lied"
    // Workers that read it before
    case knownBad = "known_bad"
    // The store
    case storeFull = "store_full"
  }
}

/// A reader throws it to stop at the first reason; above the readers it is a value and never thrown.
extension Rejection: Error {}
