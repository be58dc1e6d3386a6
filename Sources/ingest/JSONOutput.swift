// SPDX-License-Identifier: Apache-2.0

import Foundation

extension DataOutput {
  /// Writes a value as JSON for people and programs: keys sorted, a line for each member.
  static func json(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    try line(String(decoding: try encoder.encode(value), as: UTF8.self))
  }
}
