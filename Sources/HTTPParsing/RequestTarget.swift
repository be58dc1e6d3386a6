// SPDX-License-Identifier: Apache-2.0

import Validation

/// The path and query of a request, split and percent-decoded; everything in it is untrusted.
package struct RequestTarget: Sendable {
  /// The path's segments as bytes: a file name need not be UTF-8.
  package let segments: [[UInt8]]
  /// The query's names and values, in order.
  package let parameters: [(name: String, value: String)]

  /// Splits a target such as `/v1/tables/sales?limit=10`; nil where an escape is malformed, or the query no UTF-8.
  package init?(_ untrusted: String) {
    let bytes = Array(untrusted.utf8.prefix { $0 != UInt8(ascii: "#") })
    let mark = bytes.firstIndex(of: UInt8(ascii: "?")) ?? bytes.count
    guard bytes.first == UInt8(ascii: "/") else { return nil }
    var segments: [[UInt8]] = []
    for segment in bytes[1..<max(1, mark)].split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
      guard let decoded = Self.percentDecoded(segment) else { return nil }
      segments.append(decoded)
    }
    self.segments = segments
    guard let parameters = Self.query(bytes[mark...].dropFirst()) else { return nil }
    self.parameters = parameters
  }

  private static func query(_ bytes: ArraySlice<UInt8>) -> [(name: String, value: String)]? {
    var parameters: [(name: String, value: String)] = []
    for pair in bytes.split(separator: UInt8(ascii: "&")) {
      let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = parts.first.flatMap(text), let value = parts.count == 2 ? text(parts[1]) : "" else { return nil }
      parameters.append((name, value))
    }
    return parameters
  }

  /// Forms write a space as `+`.
  private static func text(_ bytes: ArraySlice<UInt8>) -> String? {
    percentDecoded(bytes.map { $0 == UInt8(ascii: "+") ? 0x20 : $0 }[...])
      .flatMap { String(validating: $0, as: UTF8.self) }
  }

  private static func percentDecoded(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
    var decoded: [UInt8] = []
    var rest = bytes
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        decoded.append(byte)
        continue
      }
      guard let high = rest.popFirst()?.hexDigitValue, let low = rest.popFirst()?.hexDigitValue else { return nil }
      decoded.append(high << 4 | low)
    }
    return decoded
  }
}
