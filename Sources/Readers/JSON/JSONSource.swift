// SPDX-License-Identifier: Apache-2.0

import IngestTables
import Validation
import WorkerProtocol

/// A table of a JSON text: where its records lie, of what form they are, and which keys they have as far as is known.
struct JSONSource: RecordSource {
  typealias Reader = JSONBlockReader
  typealias Starts = JSONBlockStart

  let bytes: MappedBytes
  let range: Range<Int>
  let form: JSONForm
  let mostRejects: UInt64
  var tree = KeyTree()

  /// A key without a column has to get one.
  var listsSurplus: Bool { false }

  /// What a string may not hold, the scan refuses.
  func checkText(_ range: Range<Int>) throws(Rejection) {
    var check = UTF8Validator()
    if let index = bytes.withSpan(range, { check.consume($0) }) {
      throw Rejection(.invalidEncoding, byteOffset: UInt64(range.lowerBound + index))
    }
    guard check.isAtBoundary else { throw Rejection(.invalidEncoding, byteOffset: UInt64(range.upperBound)) }
  }

  func check(_ findings: PassFindings) throws {}
}
