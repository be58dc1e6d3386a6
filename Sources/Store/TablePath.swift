// SPDX-License-Identifier: Apache-2.0

import Catalog

/// Where the table of an id lies below `tables/`: made of hexadecimal digits only, so it can leave nothing.
struct TablePath: Hashable, Sendable {
  /// The first two digits, so that no directory grows without bound.
  let folder: String
  /// The file in that folder.
  let file: String

  /// The path of `id`; nil unless it is 64 lower-case hexadecimal digits.
  init?(id: String) {
    guard id.isLowercaseHex(digits: 64) else { return nil }
    folder = String(id.prefix(2))
    file = id + ".arrow"
  }
}

extension String {
  /// 32 random lower-case hexadecimal digits, from the system's generator.
  static func randomHex32() -> String {
    (0..<2).map { _ in
      let digits = String(UInt64.random(in: .min ... .max), radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}
