// SPDX-License-Identifier: Apache-2.0

/// A strong entity tag (RFC 9110 section 8.8.3).
///
/// It is no capability: knowing it opens nothing.
package struct EntityTag: Equatable, Sendable {
  /// With its quotes.
  package let text: String

  /// The tag of what `identifier` names for ever.
  ///
  /// - Parameter identifier: letters, digits and hyphens, made by this program.
  package init(naming identifier: String) { text = "\"\(identifier)\"" }

  /// The tag of a short answer, by its bytes.
  package init(content: [UInt8]) {
    // FNV-1a over 64 bits: it tells apart the states of one description, and guards nothing.
    let hash = content.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    text = "\"d-\(String(hash, radix: 16))-\(content.count)\""
  }

  /// Whether the value of `If-None-Match` names this tag, weakly or strongly, or is `*`.
  package func isNamed(in untrusted: String) -> Bool {
    untrusted.utf8.split(separator: UInt8(ascii: ",")).contains { element in
      let tag = String(Substring(element.trimmingBlanks))
      return tag == "*" || tag == text || tag == "W/" + text
    }
  }
}

extension Substring.UTF8View {
  fileprivate var trimmingBlanks: Substring.UTF8View {
    guard let first = firstIndex(where: { !$0.isBlank }), let last = lastIndex(where: { !$0.isBlank }) else {
      return self[endIndex...]
    }
    return self[first...last]
  }
}
