// SPDX-License-Identifier: Apache-2.0

public import IngestTables

/// Something that people should know about how a table was read.
public struct Note: Sendable, Hashable {
  /// The stable kinds of notes.
  public enum Kind: String, Sendable, CaseIterable {
    /// The column would have another type but for a few cells.
    case nearMiss = "near_miss"
    /// Every cell is a date in more than one order of day and month.
    case ambiguousDates = "ambiguous_dates"
    /// Every cell is a number with thousands or a decimal comma, and none shows which.
    case ambiguousNumbers = "ambiguous_numbers"
    /// Every cell is a number with a percent sign or a currency's.
    case numbersWithUnits = "numbers_with_units"
    /// Every cell is a word such as `yes` or `f`.
    case booleanWords = "boolean_words"
    /// Words such as `NA` were read as null.
    case nullWords = "null_words"
    /// Offsets from UTC differ; all were converted to UTC.
    case offsetsNormalised = "offsets_normalised"
    /// Records with fewer cells than the table has columns; the missing ones are null.
    case shortRecords = "short_records"
    /// Records with more cells than the table has columns; what is not empty stands in `_extra`.
    case longRecords = "long_records"
    /// Quotes inside of cells, kept as text.
    case strayQuotes = "stray_quotes"
    /// A quote that is never closed, kept as text.
    case unclosedQuote = "unclosed_quote"
    /// Lines of comment within the table, skipped.
    case commentLines = "comment_lines"
    /// Blank lines, skipped.
    case blankLines = "blank_lines"
    /// Column names that were empty or stood twice and were changed.
    case renamedColumns = "renamed_columns"
    /// A last column without a name or any cell, dropped.
    case emptyTrailingColumns = "empty_trailing_columns"
    /// The text holds further tables, which are read by their numbers.
    case otherTables = "other_tables"
    /// The text is not UTF-8 and says nothing of its encoding, so it was read as Windows-1252.
    case assumedEncoding = "assumed_encoding"
    /// The text has no byte order mark, and its bytes show that they are wide characters; the example is the encoding.
    case unmarkedEncoding = "unmarked_encoding"
    /// Bytes that stand for no character became U+FFFD, as was asked for.
    case replacedBytes = "replaced_bytes"
    /// Bytes from 80 to 9F were read as the control characters that the stated encoding, the example, has them be.
    case controlCharacters = "c1_controls"
  }

  /// A word that was read as null, and how often.
  public struct Word: Sendable, Hashable {
    /// The word, cut to 32 bytes; it comes from the file, so it is escaped where it is shown.
    public var text: String
    /// How many cells it was.
    public var count: UInt64

    package init(_ text: String, count: UInt64) {
      self.text = text
      self.count = count
    }
  }

  /// What it is about.
  public var kind: Kind
  /// The column, from 1; nil where it is about records.
  public var column: UInt32?
  /// How many cells or records it concerns.
  public var count: UInt64
  /// The line of the first one, from 1.
  public var line: UInt64?
  /// The byte offset of the first one, from 0.
  public var byteOffset: UInt64?
  /// The type that was nearly inferred.
  public var type: ColumnType?
  /// The first such cell, cut to 64 bytes; it comes from the file, so it is escaped where it is shown.
  public var example: String
  /// The most frequent words that were read as null.
  public var words: [Word]

  package init(
    _ kind: Kind, column: UInt32? = nil, count: UInt64, line: UInt64? = nil, byteOffset: UInt64? = nil,
    type: ColumnType? = nil, example: String = "", words: [Word] = []
  ) {
    self.kind = kind
    self.column = column
    self.count = count
    self.line = line
    self.byteOffset = byteOffset
    self.type = type
    self.example = example
    self.words = words
  }
}

/// What a reader found out about one table, beside its cells.
///
/// It comes from the worker: display data, never trusted.
package struct TableFindings: Sendable, Hashable {
  package static let mostNotes = 64
  /// The longest example of a note, in bytes.
  package static let longestExample = 64
  /// The words of a note, and the longest of them, in bytes: all notes together fit a message.
  package static let mostWords = 8
  package static let longestWord = 32

  package var dialect: Dialect
  /// The records in the file, the header included: rows, rejects, and what is set aside.
  package var records: UInt64
  /// The records that are in the table of rejects instead.
  package var rejects: UInt64
  /// Records that are neither rows nor rejects: the header, and what stands above and below the table.
  package var setAside: UInt64
  package var notes: [Note]
  /// The first lines that were set aside above and below the table.
  package var lines: [SetAsideLine]

  package init(
    dialect: Dialect, records: UInt64, rejects: UInt64 = 0, setAside: UInt64, notes: [Note],
    lines: [SetAsideLine] = []
  ) {
    self.dialect = dialect
    self.records = records
    self.rejects = rejects
    self.setAside = setAside
    self.notes = notes
    self.lines = lines
  }
}

extension TableFindings {
  func write(to writer: inout MessageWriter) {
    dialect.write(to: &writer)
    writer.integer(records)
    writer.integer(rejects)
    writer.integer(setAside)
    writer.integer(UInt16(min(notes.count, Self.mostNotes)))
    for note in notes.prefix(Self.mostNotes) {
      writer.text(note.kind.rawValue)
      writer.optional(note.column)
      writer.integer(note.count)
      writer.optional(note.line)
      writer.optional(note.byteOffset)
      writer.optional(note.type?.code)
      writer.text(note.example, limit: Self.longestExample)
      writer.integer(UInt8(min(note.words.count, Self.mostWords)))
      for word in note.words.prefix(Self.mostWords) {
        writer.text(word.text, limit: Self.longestWord)
        writer.integer(word.count)
      }
    }
    SetAsideLine.write(lines, to: &writer)
  }

  init(from reader: inout MessageReader) throws(MalformedMessage) {
    let dialect = try Dialect(from: &reader)
    self.init(
      dialect: dialect, records: try reader.integer(), rejects: try reader.integer(), setAside: try reader.integer(),
      notes: [])
    let count = Int(try reader.integer(UInt16.self))
    guard count <= Self.mostNotes else { throw MalformedMessage() }
    for _ in 0..<count {
      var note = Note(try reader.value(), column: try reader.optionalInteger(), count: try reader.integer())
      note.line = try reader.optionalInteger()
      note.byteOffset = try reader.optionalInteger()
      if let code: UInt32 = try reader.optionalInteger() { note.type = try ColumnType(code: code) }
      note.example = try reader.text()
      guard note.example.utf8.count <= Self.longestExample else { throw MalformedMessage() }
      for _ in 0..<(try reader.count(atMost: Self.mostWords)) {
        let word = Note.Word(try reader.text(), count: try reader.integer())
        guard word.text.utf8.count <= Self.longestWord else { throw MalformedMessage() }
        note.words.append(word)
      }
      notes.append(note)
    }
    lines = try SetAsideLine.list(from: &reader)
  }
}

extension ColumnType {
  /// The type as one number: its kind, and for a decimal its precision and scale above that.
  var code: UInt32 {
    switch self {
    case .null: 0
    case .bool: 1
    case .int64: 2
    case .uint64: 3
    case .float64: 4
    case .date: 5
    case .timestamp(let isUTC): isUTC ? 7 : 6
    case .utf8: 8
    case .listOfUTF8: 9
    case .timestampNanoseconds(let isUTC): isUTC ? 11 : 10
    case .time: 12
    case .decimal(let precision, let scale):
      Self.decimalCode | UInt32(truncatingIfNeeded: precision & 0xFF) << 8
        | UInt32(truncatingIfNeeded: scale & 0xFF) << 16
    }
  }

  private static let decimalCode: UInt32 = 13

  init(code: UInt32) throws(MalformedMessage) {
    let types: [ColumnType] = [
      .null, .bool, .int64, .uint64, .float64, .date, .timestamp(isUTC: false), .timestamp(isUTC: true), .utf8,
      .listOfUTF8, .timestampNanoseconds(isUTC: false), .timestampNanoseconds(isUTC: true), .time,
    ]
    if let index = Int(exactly: code), index < types.count {
      self = types[index]
      return
    }
    let (precision, scale) = (Int(code >> 8 & 0xFF), Int(code >> 16))
    guard code & 0xFF == Self.decimalCode, DecimalText.isValid(precision: precision, scale: scale) else {
      throw MalformedMessage()
    }
    self = .decimal(precision: precision, scale: scale)
  }
}
