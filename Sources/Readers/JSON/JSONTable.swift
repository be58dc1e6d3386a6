// SPDX-License-Identifier: Apache-2.0

import WorkerProtocol

/// Where in a JSON text its table is, and what stands there.
struct JSONTable {
  /// How the table is written.
  let shape: Dialect.JSONShape
  /// The records, without the brackets around them; of lists that are columns, the object that holds them.
  let range: Range<Int>
  /// Whether records are arrays.
  let hasArrays: Bool
  /// The value that holds them, as a JSON Pointer (RFC 6901); empty where that is the whole text.
  var pointer = ""
}
