// SPDX-License-Identifier: Apache-2.0

import CJSON
import Validation

/// Where a text stops being what it should be, and why.
struct JSONFault {
  /// `INGEST_JSON_…`.
  let code: Int32
  let offset: Int

  init?(_ code: Int32, at offset: Int) {
    guard code != Int32(INGEST_JSON_SOUND) else { return nil }
    self.code = code
    self.offset = offset
  }

  /// Whether the text is no JSON, rather than more of it than may be.
  var isMalformation: Bool { code <= Int32(INGEST_JSON_TRAILING) }

  /// Whether a record is JSON, but none of the table's kind.
  var isNoRecord: Bool { code == Int32(INGEST_JSON_NO_RECORD) }

  /// The refusal of a text for it.
  func rejection(_ form: JSONForm) -> Rejection {
    var rejection = Rejection(.jsonMalformed, reason: reason, byteOffset: UInt64(offset))
    switch Int(code) {
    case INGEST_JSON_NO_RECORD:
      rejection.code = .notTabular
      rejection.reason = form.hasArrays ? "A record is no list, as the others are" : "A record is no object"
    case INGEST_JSON_TOO_DEEP: (rejection.code, rejection.limit) = (.jsonTooDeep, UInt64(form.depth))
    // Where the union of all keys has one too many follows from how the text was divided.
    case INGEST_JSON_TOO_MANY_COLUMNS: rejection = Rejection(.tooManyColumns, limit: UInt64(form.columns))
    case INGEST_JSON_LONG_CELL: (rejection.code, rejection.limit) = (.cellTooLarge, UInt64(form.cellBytes))
    case INGEST_JSON_LONG_RECORD: (rejection.code, rejection.limit) = (.recordTooLarge, UInt64(form.recordBytes))
    default: break
    }
    return rejection
  }

  /// What is wrong with a text that is no JSON; nil for anything else.
  var reason: String? {
    let what: String
    switch Int(code) {
    case INGEST_JSON_CUT: what = "the text ends within a value"
    case INGEST_JSON_NO_VALUE: what = "a value is expected here"
    case INGEST_JSON_NO_KEY: what = "a key in double quotes is expected here"
    case INGEST_JSON_NO_COLON: what = "a colon is expected here"
    case INGEST_JSON_NO_COMMA: what = "a comma or a closing bracket is expected here"
    case INGEST_JSON_BAD_NUMBER: what = "this is no number as JSON writes them"
    case INGEST_JSON_CONTROL: what = "a control character stands in a string"
    case INGEST_JSON_OPEN_STRING: what = "a string is not closed on its line"
    case INGEST_JSON_BAD_ESCAPE: what = "this is no escape sequence"
    case INGEST_JSON_BAD_SURROGATE: what = "half of a surrogate pair stands for no character"
    case INGEST_JSON_TRAILING: what = "something follows the value"
    default: return nil
    }
    return "The text is no JSON: \(what)"
  }
}
