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
    let code = problem.code
    status = code.httpStatus
    var object = ProblemObject(code: code.rawValue, title: code.meaning, status: status)
    object.add("detail", "\(problem.detail ?? code.meaning). \(code.remedy)")
    object.add("limit", problem.limit)
    bytes = object.closed()
  }

  /// Why a file was refused.
  ///
  /// - Parameter upload: the id under which the refusal was recorded; nil for one made before anything was read.
  init(_ rejection: Rejection, upload: String?) {
    status = rejection.code.httpStatus
    var object = ProblemObject(code: rejection.code.rawValue, title: rejection.code.meaning, status: status)
    object.add("detail", rejection.detail)
    object.add("limit", rejection.limit)
    object.add("actual", rejection.actual)
    object.add("line", rejection.line)
    object.add("column", rejection.column)
    object.add("byte_offset", rejection.byteOffset)
    object.add("upload", upload)
    bytes = object.closed()
  }
}

/// A JSON object under construction; members without a value are left out.
private struct ProblemObject {
  private var output: [UInt8] = [UInt8(ascii: "{")]

  init(code: String, title: String, status: Int) {
    add("type", "urn:ingest:problem:\(code)")
    add("title", title)
    add("status", UInt64(status))
    add("code", code)
  }

  mutating func add(_ key: String, _ text: String?) {
    guard let text else { return }
    addKey(key)
    JSONText.append(text.utf8, to: &output)
  }

  mutating func add(_ key: String, _ number: UInt64?) {
    guard let number else { return }
    addKey(key)
    output += Array(String(number).utf8)
  }

  consuming func closed() -> [UInt8] {
    output += [UInt8(ascii: "}"), UInt8(ascii: "\n")]
    return output
  }

  private mutating func addKey(_ key: String) {
    if output.count > 1 { output.append(UInt8(ascii: ",")) }
    JSONText.append(key.utf8, to: &output)
    output.append(UInt8(ascii: ":"))
  }
}
