// SPDX-License-Identifier: Apache-2.0

/// The field `Accept-Encoding`: how much each content coding is wanted (RFC 9110 section 12.5.3).
package struct AcceptEncodingField: Sendable {
  /// More elements than any client has reason to send are not looked at.
  private static let mostElements = 64

  /// In thousandths, by coding.
  private var weights: [String: Int] = [:]

  /// Reads the field; an element that is malformed does not count, and of several for a coding the first does.
  package init(_ untrusted: String) {
    for element in untrusted.split(separator: ",").prefix(Self.mostElements) {
      guard let field = FieldParameters(element.utf8), !field.value.isEmpty, let weight = field.weight else { continue }
      // RFC 9110 section 8.4.1.3: an old name.
      let coding = field.value == "x-gzip" ? "gzip" : field.value
      if weights[coding] == nil { weights[coding] = weight }
    }
  }

  /// Whether gzip may be sent, and is wanted at least as much as the bytes as they are.
  ///
  /// Where nothing is said of the latter, they are a last resort.
  package var prefersGzip: Bool {
    let gzip = weights["gzip"] ?? weights["*"] ?? 0
    return gzip > 0 && gzip >= weights["identity"] ?? 0
  }

  /// Whether gzip may be sent.
  package var acceptsGzip: Bool { weights["gzip"] ?? weights["*"] ?? 0 > 0 }
}
