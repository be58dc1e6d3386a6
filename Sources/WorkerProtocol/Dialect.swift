// SPDX-License-Identifier: Apache-2.0

/// How the cells of a delimited text are told apart, and what of it is the table.
public struct Dialect: Sendable, Hashable {
  /// How lines end.
  public enum Newline: String, Sendable, CaseIterable {
    case lf, crlf, cr, mixed, none
  }
  /// Whether the first record names the columns.
  public enum HeaderFinding: String, Sendable, CaseIterable {
    case present
    /// Nothing spoke for or against it, so the first record was taken as the header.
    case assumed
    case absent
  }
  /// How a quote stands inside of a quoted cell.
  public enum Escape: String, Sendable, CaseIterable {
    case doubled, backslash
  }

  /// Where a table of a text stands, and how large it is.
  public struct TablePlace: Sendable, Hashable {
    /// The line on which it starts, from 1; a title above it is no part of it.
    public var line: UInt64
    /// Its records, a header included.
    public var records: UInt64
    /// The cells of most of its records.
    public var columns: UInt32

    package init(line: UInt64, records: UInt64, columns: UInt32) {
      self.line = line
      self.records = records
      self.columns = columns
    }
  }

  /// How a JSON text writes its table.
  public enum JSONShape: String, Sendable, CaseIterable {
    /// A value on each line.
    case lines
    /// One list of all records.
    case list
    /// An object of lists, each of which is a column.
    case columns
    /// One object, which is the only record.
    case record
  }

  /// Where a JSON text has its table.
  public struct JSONFinding: Sendable, Hashable {
    /// How it is written.
    public var shape: JSONShape
    /// The value that holds it, as a JSON Pointer; empty for the whole text.
    ///
    /// It comes from the file.
    public var pointer: String

    package init(shape: JSONShape, pointer: String) {
      self.shape = shape
      self.pointer = pointer.cut(toBytes: Dialect.longestPointer)
    }
  }

  /// A dialect that fits nearly as well.
  public struct RunnerUp: Sendable, Hashable {
    /// The one or two characters between two cells.
    public var delimiter: String
    /// What stands around quoted cells.
    public var quote: String?

    package init(delimiter: String, quote: String?) {
      self.delimiter = delimiter
      self.quote = quote
    }
  }

  /// The one or two characters between two cells.
  public var delimiter: String
  /// What stands around quoted cells; nil where there are none.
  public var quote: String?
  /// How a quote stands inside of a quoted cell; nil where nothing is quoted or escaped.
  public var escape: Escape?
  /// What lines of comment start with.
  public var comment: String?
  /// How lines end.
  public var newline: Newline
  /// Whether the first record names the columns.
  public var header: HeaderFinding
  /// The records that name the columns.
  public var headerRows: UInt8
  /// The records above the table that were set aside.
  public var preambleRows: UInt64 = 0
  /// The records below the table that were set aside as notes.
  public var footnoteRows: UInt64 = 0
  /// Which of the text's tables this is, from 1.
  public var table: UInt8 = 1
  /// All tables of the text, in order, where there are several.
  public var tables: [TablePlace] = []
  /// How sure the dialect is, from 0 to 1000.
  public var confidence: UInt16 = 0
  /// What spoke for it, in short texts.
  public var reasons: [String] = []
  /// The next best dialect, where it is close.
  public var runnerUp: RunnerUp?
  /// How the table is written in a JSON text; nil for delimited text, which all but line ends and encoding is about.
  public var json: JSONFinding?
  /// Whether a byte order mark stands before the text.
  public var hasByteOrderMark: Bool
  /// How the file's characters are written.
  public var encoding: TextEncoding

  package init(
    delimiter: String, quote: String? = nil, newline: Newline, header: HeaderFinding, hasByteOrderMark: Bool,
    encoding: TextEncoding = .utf8
  ) {
    self.delimiter = delimiter
    self.quote = quote
    escape = quote == nil ? nil : .doubled
    self.newline = newline
    self.header = header
    headerRows = header == .absent ? 0 : 1
    self.hasByteOrderMark = hasByteOrderMark
    self.encoding = encoding
  }
}

extension Dialect {
  package static let mostReasons = 8
  /// The longest reason, in bytes.
  package static let longestReason = 120
  /// The tables of a text that are told apart; what stands below belongs to the last of them.
  public static let mostTables = 100
  package static let mostHeaderRows: UInt8 = 16
  /// The longest pointer that is told, in bytes; a longer one is cut.
  package static let longestPointer = 1024
  /// The longest delimiter, quote or comment prefix, in bytes.
  private static let longestMark = 8

  func write(to writer: inout MessageWriter) {
    writer.text(delimiter, limit: Self.longestMark)
    writer.optional(quote)
    writer.optional(escape?.rawValue)
    writer.optional(comment)
    writer.text(newline.rawValue)
    writer.text(header.rawValue)
    writer.integer(min(headerRows, Self.mostHeaderRows))
    writer.integer(preambleRows)
    writer.integer(footnoteRows)
    writer.integer(table)
    writer.integer(UInt8(min(tables.count, Self.mostTables)))
    for table in tables.prefix(Self.mostTables) {
      writer.integer(table.line)
      writer.integer(table.records)
      writer.integer(table.columns)
    }
    writer.integer(min(confidence, 1000))
    writer.integer(UInt8(min(reasons.count, Self.mostReasons)))
    for reason in reasons.prefix(Self.mostReasons) { writer.text(reason, limit: Self.longestReason) }
    writer.optional(runnerUp?.delimiter)
    writer.optional(runnerUp?.quote)
    writer.integer(UInt8(hasByteOrderMark ? 1 : 0))
    writer.text(encoding.rawValue)
    writer.optional(json?.shape.rawValue)
    writer.optional(json?.pointer)
  }

  init(from reader: inout MessageReader) throws(MalformedMessage) {
    let delimiter = try Self.mark(try reader.text())
    let quote = try Self.optionalMark(try reader.optionalText())
    let escape = try reader.optionalText()
    let comment = try Self.optionalMark(try reader.optionalText())
    self.init(
      delimiter: delimiter, quote: quote, newline: try reader.value(), header: try reader.value(),
      hasByteOrderMark: false)
    self.escape = escape.flatMap { Escape(rawValue: $0) }
    guard (escape == nil) == (self.escape == nil) else { throw MalformedMessage() }
    self.comment = comment
    headerRows = try reader.integer()
    guard headerRows <= Self.mostHeaderRows else { throw MalformedMessage() }
    preambleRows = try reader.integer()
    footnoteRows = try reader.integer()
    table = try reader.integer()
    for _ in 0..<(try reader.count(atMost: Self.mostTables)) {
      tables.append(
        TablePlace(line: try reader.integer(), records: try reader.integer(), columns: try reader.integer()))
    }
    guard (1...max(1, tables.count)).contains(Int(table)) else { throw MalformedMessage() }
    confidence = try reader.integer()
    guard confidence <= 1000 else { throw MalformedMessage() }
    for _ in 0..<(try reader.count(atMost: Self.mostReasons)) {
      let reason = try reader.text()
      guard reason.utf8.count <= Self.longestReason else { throw MalformedMessage() }
      reasons.append(reason)
    }
    let runnerUp = try Self.optionalMark(try reader.optionalText())
    let runnerUpQuote = try Self.optionalMark(try reader.optionalText())
    guard runnerUp != nil || runnerUpQuote == nil else { throw MalformedMessage() }
    self.runnerUp = runnerUp.map { RunnerUp(delimiter: $0, quote: runnerUpQuote) }
    hasByteOrderMark = try reader.flag()
    encoding = try reader.value()
    let shape = try reader.optionalText()
    guard let pointer = try reader.optionalText() else {
      guard shape == nil else { throw MalformedMessage() }
      return
    }
    guard let shape = shape.flatMap(JSONShape.init), pointer.utf8.count <= Self.longestPointer else {
      throw MalformedMessage()
    }
    json = JSONFinding(shape: shape, pointer: pointer)
  }

  private static func mark(_ text: String) throws(MalformedMessage) -> String {
    guard (1...longestMark).contains(text.utf8.count) else { throw MalformedMessage() }
    return text
  }

  private static func optionalMark(_ text: String?) throws(MalformedMessage) -> String? {
    guard let text else { return nil }
    return try mark(text)
  }
}

extension MessageReader {
  /// Reads the length of a list of at most `limit` elements, written as one byte.
  mutating func count(atMost limit: Int) throws(MalformedMessage) -> Int {
    let count = Int(try integer(UInt8.self))
    guard count <= limit else { throw MalformedMessage() }
    return count
  }
}
