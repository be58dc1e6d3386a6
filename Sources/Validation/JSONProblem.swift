// SPDX-License-Identifier: Apache-2.0

/// What exactly keeps a JSON text from being one, or from being a table.
public enum JSONProblem: String, Sendable, CaseIterable, Hashable {
  // No JSON
  case cut
  case noValue = "no_value"
  case noKey = "no_key"
  case noColon = "no_colon"
  case noComma = "no_comma"
  case badNumber = "bad_number"
  case controlCharacter = "control_character"
  case openString = "open_string"
  case badEscape = "bad_escape"
  case badSurrogate = "bad_surrogate"
  case trailing
  // No table
  case noRecord = "no_record"
  case noList = "no_list"
  case severalLists = "several_lists"
  case unequalColumns = "unequal_columns"
  case noPointer = "no_pointer"
  case noKeys = "no_keys"

  /// The documented meaning, as a phrase that ends a sentence.
  public var meaning: String {
    switch self {
    case .cut: "it ends within a value"
    case .noValue: "a value is expected here"
    case .noKey: "a key in double quotes is expected here"
    case .noColon: "a colon is expected here"
    case .noComma: "a comma or a closing bracket is expected here"
    case .badNumber: "this is no number as JSON writes them"
    case .controlCharacter: "a control character stands in a string"
    case .openString: "a string is not closed on its line"
    case .badEscape: "this is no escape sequence"
    case .badSurrogate: "half of a surrogate pair stands for no character"
    case .trailing: "something follows the value"
    case .noRecord: "a record is not of the kind that the others are"
    case .noList: "it is no list of objects or of lists"
    case .severalLists: "it holds several lists of records, and nothing says which is the table"
    case .unequalColumns: "the lists that would be columns are not of one length"
    case .noPointer: "it has no value at the pointer that was stated"
    case .noKeys: "no record has a value"
    }
  }
}
