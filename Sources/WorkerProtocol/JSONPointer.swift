// SPDX-License-Identifier: Apache-2.0

/// The place of a value within a JSON text (RFC 6901).
public struct JSONPointer: Sendable, Hashable, CustomStringConvertible {
  /// The keys and places on the way to the value, from the outermost on.
  public let tokens: [String]

  /// Reads a pointer: nothing, or tokens with a slash before each; `~0` stands for a tilde and `~1` for a slash.
  public init?(_ text: String) {
    guard text.isEmpty || text.hasPrefix("/") else { return nil }
    var tokens: [String] = []
    for part in text.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
      guard let token = Self.unescaped(part) else { return nil }
      tokens.append(token)
    }
    self.tokens = tokens
  }

  /// The pointer as it is written.
  public var description: String { tokens.map { "/" + Self.escaped($0) }.joined() }

  /// A key as it stands in a pointer.
  package static func escaped(_ token: String) -> String {
    var text = ""
    for scalar in token.unicodeScalars {
      switch scalar {
      case "~": text += "~0"
      case "/": text += "~1"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  private static func unescaped(_ part: Substring) -> String? {
    var text = ""
    var isEscaped = false
    for scalar in part.unicodeScalars {
      switch (isEscaped, scalar) {
      case (true, "0"): text += "~"
      case (true, "1"): text += "/"
      case (true, _): return nil
      case (false, "~"):
        isEscaped = true
        continue
      case (false, _): text.unicodeScalars.append(scalar)
      }
      isEscaped = false
    }
    return isEscaped ? nil : text
  }
}
