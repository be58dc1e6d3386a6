// SPDX-License-Identifier: Apache-2.0

/// How delimited text is taken apart: what stands between cells, around them, and in front of comments.
package struct CSVFormat: Sendable, Hashable {
  /// How a quote stands inside of a quoted cell.
  package enum Escape: Sendable, Hashable {
    /// Twice.
    case doubled
    /// Behind a backslash, which escapes delimiters and itself too, in quotes and outside; twice also counts.
    case backslash
  }

  /// The one or two bytes between two cells.
  package struct Delimiter: Sendable, Hashable {
    package let first: UInt8
    package let second: UInt8?

    package init(_ first: UInt8, _ second: UInt8? = nil) {
      self.first = first
      self.second = second
    }

    package var length: Int { second == nil ? 1 : 2 }
    package var bytes: [UInt8] { [first] + (second.map { [$0] } ?? []) }
    package var text: String { String(decoding: bytes, as: UTF8.self) }
  }

  package static let doubleQuote = UInt8(ascii: "\"")
  package static let apostrophe = UInt8(ascii: "'")
  static let backslash = UInt8(ascii: "\\")

  package var delimiter: Delimiter
  /// What stands around a quoted cell; nil where every quote is text.
  package var quote: UInt8?
  package var escape: Escape
  /// What a line of comment starts with; such lines are no records.
  package var comment: [UInt8]?
  /// Whether blanks may stand between a delimiter and the quotes of a cell; they are no part of it.
  package var padsQuotes = false
  /// Whether any number of blanks is one delimiter, and blanks at both ends of a line are none.
  package var mergesBlanks = false

  package init(
    delimiter: Delimiter, quote: UInt8? = CSVFormat.doubleQuote, escape: Escape = .doubled, comment: [UInt8]? = nil
  ) {
    self.delimiter = delimiter
    self.quote = quote
    self.escape = escape
    self.comment = comment
  }

  /// RFC 4180 with another delimiter.
  package init(delimiter: UInt8) { self.init(delimiter: Delimiter(delimiter)) }

  /// The bytes before which a backslash escapes; before any other byte it is text.
  static func isEscapable(_ byte: UInt8) -> Bool {
    switch byte {
    case backslash, doubleQuote, apostrophe, 0x09, UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "|"),
      UInt8(ascii: ":"), UInt8(ascii: "~"), UInt8(ascii: "^"), UInt8(ascii: "="), UInt8(ascii: "*"),
      UInt8(ascii: "#"):
      true
    default: false
    }
  }

  /// The same as a set: a bit for each byte.
  static let escapable: [UInt64] = (0..<4).map { word in
    (0..<64).reduce(0) { $0 | (isEscapable(UInt8(word * 64 + $1)) ? 1 << UInt64($1) : 0) }
  }
}
