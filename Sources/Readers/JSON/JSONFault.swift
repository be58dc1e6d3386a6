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
    var rejection = Rejection(.jsonMalformed, byteOffset: UInt64(offset))
    rejection.jsonProblem = problem
    switch Int(code) {
    case INGEST_JSON_NO_RECORD: rejection.code = .notTabular
    case INGEST_JSON_TOO_DEEP: (rejection.code, rejection.limit) = (.jsonTooDeep, UInt64(form.depth))
    // Where the union of all keys has one too many follows from how the text was divided.
    case INGEST_JSON_TOO_MANY_COLUMNS: rejection = Rejection(.tooManyColumns, limit: UInt64(form.columns))
    case INGEST_JSON_LONG_CELL: (rejection.code, rejection.limit) = (.cellTooLarge, UInt64(form.cellBytes))
    case INGEST_JSON_LONG_RECORD: (rejection.code, rejection.limit) = (.recordTooLarge, UInt64(form.recordBytes))
    default: break
    }
    return rejection
  }

  /// What is wrong; nil where a cap is broken.
  var problem: JSONProblem? {
    switch Int(code) {
    case INGEST_JSON_CUT: .cut
    case INGEST_JSON_NO_VALUE: .noValue
    case INGEST_JSON_NO_KEY: .noKey
    case INGEST_JSON_NO_COLON: .noColon
    case INGEST_JSON_NO_COMMA: .noComma
    case INGEST_JSON_BAD_NUMBER: .badNumber
    case INGEST_JSON_CONTROL: .controlCharacter
    case INGEST_JSON_OPEN_STRING: .openString
    case INGEST_JSON_BAD_ESCAPE: .badEscape
    case INGEST_JSON_BAD_SURROGATE: .badSurrogate
    case INGEST_JSON_TRAILING: .trailing
    case INGEST_JSON_NO_RECORD: .noRecord
    default: nil
    }
  }
}

extension Rejection {
  /// The refusal of JSON that is no table.
  init(notTabular problem: JSONProblem, at offset: Int? = nil) {
    self.init(.notTabular, byteOffset: offset.map { UInt64($0) })
    jsonProblem = problem
  }
}
