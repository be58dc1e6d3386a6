// SPDX-License-Identifier: Apache-2.0

/// Which members of an archive are wanted, by their names: `*` stands for any characters, `?` for one.
///
/// A pattern without a slash is held against the last part of a name, one with a slash against the whole of it. Case
/// counts. Takes time in the product of both lengths at most, and no regular expression (C36).
public struct MemberPattern: Sendable, Hashable {
  /// The pattern as it was given.
  public let text: String

  /// The longest pattern, in bytes of UTF-8.
  public static let longest = 1_024

  /// nil where it is empty, too long, or holds a control character.
  public init?(_ text: String) {
    guard (1...Self.longest).contains(text.utf8.count), !text.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
      return nil
    }
    self.text = text
  }

  /// Whether a member of this name is wanted.
  package func matches(_ name: String) -> Bool {
    let name = name.split(separator: "/", omittingEmptySubsequences: true).drop { $0 == "." }
    let whole = name.joined(separator: "/")
    let subject = text.contains("/") ? whole : name.last.map(String.init) ?? ""
    return Self.matches(Array(text), Array(subject))
  }

  /// Where the text does not fit behind the last star, the star takes one character more.
  private static func matches(_ pattern: [Character], _ text: [Character]) -> Bool {
    var (position, index) = (0, 0)
    var retry: (position: Int, index: Int)?
    while index < text.count {
      if position < pattern.count, pattern[position] == "*" {
        retry = (position + 1, index)
        position += 1
      } else if position < pattern.count, pattern[position] == "?" || pattern[position] == text[index] {
        position += 1
        index += 1
      } else if let last = retry {
        retry = (last.position, last.index + 1)
        (position, index) = (last.position, last.index + 1)
      } else {
        return false
      }
    }
    return pattern[position...].allSatisfy { $0 == "*" }
  }
}
