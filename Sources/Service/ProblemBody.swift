// SPDX-License-Identifier: Apache-2.0

import IngestTables
import Validation

/// The body of an error answer: `application/problem+json` (RFC 9457) with the members of `DESIGN.md` section 5.
struct ProblemBody {
  static let mediaType = "application/problem+json"

  let status: Int
  /// The JSON text.
  let bytes: [UInt8]

  /// What is wrong with a request.
  init(_ problem: RequestProblem) {
    status = problem.code.httpStatus
    bytes = Self.object(problem).line
  }

  /// What is wrong with a request, to be a part of another answer.
  static func object(_ problem: RequestProblem) -> JSONObject {
    let code = problem.code
    var object = JSONObject(problem: code.rawValue, title: code.meaning, status: code.httpStatus)
    object.add("detail", "\(problem.detail ?? code.meaning). \(code.remedy)")
    object.add("limit", problem.limit)
    return object
  }

  /// Why a file was refused.
  ///
  /// - Parameter upload: the id under which the refusal was recorded; nil for one made before anything was read.
  init(_ rejection: Rejection, upload: String?) {
    status = rejection.code.httpStatus
    var object = JSONObject(problem: rejection.code.rawValue, title: rejection.code.meaning, status: status)
    object.add("detail", rejection.detail)
    object.add("limit", rejection.limit)
    object.add("actual", rejection.actual)
    object.add("line", rejection.line)
    object.add("column", rejection.column)
    object.add("byte_offset", rejection.byteOffset)
    object.add("violation", rejection.violation?.rawValue)
    if !rejection.tableLines.isEmpty { object.add("table_lines", rejection.tableLines) }
    object.add("upload", upload)
    bytes = object.line
  }
}

extension JSONObject {
  /// The members that every problem has.
  fileprivate init(problem code: String, title: String, status: Int) {
    self.init()
    add("type", "urn:ingest:problem:\(code)")
    add("title", title)
    add("status", UInt64(status))
    add("code", code)
  }
}
