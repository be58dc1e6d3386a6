// SPDX-License-Identifier: Apache-2.0

/// Parts of a text's encoding, dialect and structure that the sender states; what is nil is found out.
public struct DialectOptions: Sendable, Hashable {
  /// What stands around quoted cells.
  public enum Quote: String, Sendable, CaseIterable {
    case double = "\""
    case apostrophe = "'"
    /// Every quote is text.
    case none
  }

  /// The one or two ASCII characters between two cells.
  public private(set) var delimiter: String?
  /// What stands around quoted cells.
  public private(set) var quote: Quote?
  /// How a quote stands inside of a quoted cell.
  public private(set) var escape: Dialect.Escape?
  /// What lines of comment start with.
  public private(set) var comment: String?
  /// The lines above the table.
  public private(set) var skipRows: UInt32?
  /// The records that name the columns; 0 where none does.
  public private(set) var headerRows: UInt8?
  /// How the characters are written.
  public private(set) var encoding: TextEncoding?
  /// What becomes of bytes that stand for no character.
  public private(set) var encodingErrors = EncodingErrors.refuse
  /// Which tables of the text are read, where it is not the first alone.
  public private(set) var table: TableChoice?

  /// Which of the tables of a text, which stand one below the other, are read.
  public enum TableChoice: Sendable, Hashable {
    /// One of them, from 2.
    case number(UInt8)
    case all

    var text: String {
      switch self {
      case .number(let number): "\(number)"
      case .all: "all"
      }
    }
  }
  /// The value of a JSON text that holds the table.
  public private(set) var jsonPointer: JSONPointer?
  /// How deep the objects of a JSON record are taken apart, where it is not `usualFlattenDepth`.
  public private(set) var flattenDepth: UInt8?

  /// A value that an option cannot have.
  public struct Fault: Error, Equatable {
    /// What the option takes.
    public let message: String
  }

  /// The options, by the names that they bear in a request.
  public enum Key: String, Sendable, CaseIterable {
    case delimiter, quote, escape, comment, encoding
    case encodingErrors = "encoding_errors"
    case skipRows = "skip_rows"
    case headerRows = "header_rows"
    case table
    case jsonPointer = "json_pointer"
    case flattenDepth = "flatten_depth"
  }

  /// Nothing is stated.
  public init() {}

  /// What texts say, by the names of the options.
  ///
  /// - Throws: a `Fault` that says what an option takes.
  public init(_ texts: [Key: String]) throws(Fault) {
    for key in Key.allCases {
      if let text = texts[key] { try set(key, to: text) }
    }
  }

  /// Sets one option to what a text says.
  ///
  /// - Throws: a `Fault` that says what the option takes.
  public mutating func set(_ key: Key, to text: String) throws(Fault) {
    switch key {
    case .delimiter:
      delimiter = try Self.mark(text == "tab" || text == "\\t" ? "\t" : text, atMost: 2, "delimiter takes one or two")
    case .comment: comment = try Self.mark(text, atMost: 4, "comment takes one to four")
    case .quote:
      guard let value = Quote(rawValue: text) else { throw Fault(message: "quote must be \", ' or none") }
      quote = value
    case .escape:
      guard let value = Dialect.Escape(rawValue: text) else {
        throw Fault(message: "escape must be doubled or backslash")
      }
      escape = value
    case .skipRows:
      guard let value = UInt32(text) else { throw Fault(message: "skip_rows must be a number of lines") }
      skipRows = value
    case .headerRows:
      guard let value = UInt8(text), value <= Dialect.mostHeaderRows else {
        throw Fault(message: "header_rows must be a number from 0 to \(Dialect.mostHeaderRows)")
      }
      headerRows = value
    case .encoding:
      guard let value = TextEncoding(label: text) else {
        throw Fault(
          message: "encoding takes a name such as utf-8, utf-16, windows-1252, iso-8859-2, koi8-r or shift_jis; UTF-7 "
            + "is never read")
      }
      encoding = value
    case .encodingErrors:
      guard let value = EncodingErrors(rawValue: text) else {
        throw Fault(message: "encoding_errors must be refuse or replace")
      }
      encodingErrors = value
    case .table: table = try Self.choice(text)
    case .jsonPointer:
      guard text.utf8.count <= Self.longestPointer, let value = JSONPointer(text) else {
        throw Fault(
          message: "json_pointer takes a JSON Pointer (RFC 6901) of at most \(Self.longestPointer) bytes, such as "
            + "/data/rows")
      }
      jsonPointer = value
    case .flattenDepth:
      guard let value = UInt8(text), (1...Self.mostFlattenDepth).contains(value) else {
        throw Fault(message: "flatten_depth must be a number from 1 to \(Self.mostFlattenDepth)")
      }
      flattenDepth = value == Self.usualFlattenDepth ? nil : value
    }
  }

  private static func choice(_ text: String) throws(Fault) -> TableChoice? {
    if text == "all" { return .all }
    guard let number = UInt8(text), (1...Dialect.mostTables).contains(Int(number)) else {
      throw Fault(message: "table must be a number from 1 to \(Dialect.mostTables), or all")
    }
    // The first one is what is read anyway, so that it has the same identity.
    return number == 1 ? nil : .number(number)
  }

  /// The number of the table that is read, from 1; nil where all are.
  package var tableNumber: Int? {
    switch table {
    case nil: 1
    case .number(let number): Int(number)
    case .all: nil
    }
  }

  /// The tables that a text may give.
  package var mostTables: Int { table == .all ? Dialect.mostTables : 1 }

  private static let longestPointer = 1024
  private static let mostFlattenDepth: UInt8 = 64
  private static let usualFlattenDepth: UInt8 = 8

  /// How deep the objects of a JSON record are taken apart: 1 stands for the record alone.
  package var flatDepth: Int { Int(flattenDepth ?? Self.usualFlattenDepth) }

  /// Takes back where the table starts.
  package mutating func startAnywhere() { skipRows = nil }

  /// Printable ASCII characters or TAB, but no letter, digit or quote where they stand alone.
  private static func mark(_ text: String, atMost limit: Int, _ rule: String) throws(Fault) -> String {
    let bytes = Array(text.utf8)
    guard (1...limit).contains(bytes.count), bytes.allSatisfy({ (0x20...0x7E).contains($0) || $0 == 0x09 }),
      bytes != [UInt8(ascii: "\"")], bytes != [UInt8(ascii: "'")], bytes != [UInt8(ascii: "\\")]
    else { throw Fault(message: "\(rule) ASCII characters, and no quote or backslash") }
    return text
  }

  /// What is stated, as texts that `set` takes, in one order.
  public var texts: [(key: Key, text: String)] {
    Key.allCases.compactMap { key in
      let text: String? =
        switch key {
        case .delimiter: delimiter
        case .quote: quote?.rawValue
        case .escape: escape?.rawValue
        case .comment: comment
        case .skipRows: skipRows.map(String.init)
        case .headerRows: headerRows.map(String.init)
        case .encoding: encoding?.rawValue
        case .encodingErrors: encodingErrors == .refuse ? nil : encodingErrors.rawValue
        case .table: table?.text
        case .jsonPointer: jsonPointer?.description
        case .flattenDepth: flattenDepth.map(String.init)
        }
      return text.map { (key, $0) }
    }
  }

  /// What is stated in one spelling, with free texts by their bytes: a delimiter may be a semicolon or an equals sign.
  var canonical: [String] {
    texts.map { key, text in
      let digits = Array("0123456789abcdef")
      let hex = text.utf8.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
      return "\(key.rawValue)=\(key.isFreeText ? String(hex) : text)"
    }
  }
}

extension DialectOptions {
  /// Sets one option to what `canonical` has for it; false where that is nothing that it wrote.
  mutating func set(canonical name: String, to text: String) -> Bool {
    guard let key = Key(rawValue: name) else { return false }
    var text = text
    if key.isFreeText {
      guard let mark = Self.text(ofHex: text) else { return false }
      text = mark
    }
    do { try set(key, to: text) } catch { return false }
    return true
  }

  private static func text(ofHex hex: String) -> String? {
    let digits = hex.compactMap(\.hexDigitValue)
    guard digits.count == hex.count, digits.count.isMultiple(of: 2) else { return nil }
    let bytes = stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    return String(validating: bytes, as: UTF8.self)
  }

  func write(to writer: inout MessageWriter) {
    let stated = texts
    writer.integer(UInt8(stated.count))
    for (key, text) in stated {
      writer.text(key.rawValue)
      writer.text(text)
    }
  }

  init(from reader: inout MessageReader) throws(MalformedMessage) {
    self.init()
    for _ in 0..<(try reader.count(atMost: Key.allCases.count)) {
      let key: Key = try reader.value()
      let text = try reader.text()
      do { try set(key, to: text) } catch { throw MalformedMessage() }
    }
  }
}

extension DialectOptions.Key {
  /// Whether any character may stand in the option's text, those that part options too.
  fileprivate var isFreeText: Bool {
    switch self {
    case .delimiter, .comment, .quote, .jsonPointer: true
    default: false
    }
  }
}
