// SPDX-License-Identifier: Apache-2.0

/// Why a record is not in its table: which rule its first wrong cell breaks.
///
/// A code is never renamed, and never reused for something else.
public enum RejectCode: String, Sendable, CaseIterable, Hashable {
  // What the cells must be
  case wrongType = "wrong_type"
  case valueRequired = "value_required"
  case outOfRange = "out_of_range"
  case tooShort = "too_short"
  case tooLong = "too_long"
  case notInEnumeration = "not_in_enumeration"
  // What a record must be, where reading is strict
  case tooFewCells = "too_few_cells"
  case tooManyCells = "too_many_cells"
  case strayQuote = "stray_quote"
  case unclosedQuote = "unclosed_quote"
  // What a line of JSON must be
  case jsonMalformed = "json_malformed"
  case notARecord = "not_a_record"
}

extension RejectCode {
  /// Whether the record itself is malformed, rather than a value in it wrong.
  public var isMalformation: Bool {
    switch self {
    case .tooFewCells, .tooManyCells, .strayQuote, .unclosedQuote, .jsonMalformed, .notARecord: true
    case .wrongType, .valueRequired, .outOfRange, .tooShort, .tooLong, .notInEnumeration: false
    }
  }

  /// The documented meaning, as a phrase that starts a sentence.
  public var meaning: String {
    switch self {
    case .wrongType: "A cell is not of the type that was asked for"
    case .valueRequired: "A cell that must have a value has none"
    case .outOfRange: "A value is below the minimum or above the maximum"
    case .tooShort: "A text has fewer characters than it must"
    case .tooLong: "A text has more characters than it may"
    case .notInEnumeration: "A value is none of those that are allowed"
    case .tooFewCells: "A record has fewer cells than the table has columns"
    case .tooManyCells: "A record has more cells than the table has columns"
    case .strayQuote: "A quote stands inside of a cell, or text behind a closing quote"
    case .unclosedQuote: "A quote is never closed"
    case .jsonMalformed: "A line is no JSON value"
    case .notARecord: "A line is a JSON value, but no record like the others"
    }
  }
}
