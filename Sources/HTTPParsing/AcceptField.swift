// SPDX-License-Identifier: Apache-2.0

/// The field `Accept`: how much each media type is wanted (RFC 9110 section 12.5.1).
package struct AcceptField: Sendable {
  /// More elements than any client has reason to send are not looked at.
  private static let mostElements = 64

  private let ranges: [MediaRange]

  /// Reads the field; an element that is malformed does not count.
  package init(_ untrusted: String) {
    ranges = untrusted.split(separator: ",").prefix(Self.mostElements).compactMap(MediaRange.init)
  }

  /// How much a type without parameters, `type/subtype`, is wanted: by the most specific element that matches.
  ///
  /// - Returns: thousandths; 0 where it is not acceptable.
  package func weight(of essence: String) -> Int {
    ranges.filter { $0.matches(essence) }.max { $0.specificity < $1.specificity }?.weight ?? 0
  }
}

/// One element of `Accept`, such as `text/*;q=0.5`.
private struct MediaRange {
  private let type: String
  /// In thousandths.
  let weight: Int

  init?(_ untrusted: Substring) {
    guard let field = FieldParameters(untrusted.utf8) else { return nil }
    type = field.value
    guard let weight = field.weight else { return nil }
    self.weight = weight
  }

  var specificity: Int { type == "*/*" ? 0 : type.hasSuffix("/*") ? 1 : 2 }

  func matches(_ essence: String) -> Bool {
    switch specificity {
    case 0: true
    case 1: essence.hasPrefix(type.dropLast())
    default: essence == type
    }
  }
}

extension FieldParameters {
  /// How much a value is wanted, by the parameter `q` (RFC 9110 section 12.4.2), in thousandths; nil where that is none.
  var weight: Int? {
    guard let quality = values(of: "q").first else { return 1_000 }
    guard let value = Double(String(decoding: quality, as: UTF8.self)), (0...1).contains(value) else { return nil }
    return Int(value * 1_000)
  }
}
