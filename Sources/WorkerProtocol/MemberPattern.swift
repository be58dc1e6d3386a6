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
    // By scalars, since a combining mark after a slash makes another character of it.
    let parts = name.unicodeScalars.split(separator: "/").drop { $0.elementsEqual(["."]) }.map { String($0) }
    let whole = parts.joined(separator: "/")
    var letters = Letters()
    let pattern = letters.numbers(of: text)
    return letters.match(pattern, letters.numbers(of: text.unicodeScalars.contains("/") ? whole : parts.last ?? ""))
  }
}

/// Numbers for characters: comparing two characters takes their composed forms, and is done once for each here.
private struct Letters {
  private var numbers: [Character: Int] = ["*": star, "?": any]
  private static let star = 0
  private static let any = 1

  mutating func numbers(of text: String) -> [Int] {
    text.map { character in
      if let known = numbers[character] { return known }
      numbers[character] = numbers.count
      return numbers.count - 1
    }
  }

  /// Where the text does not fit behind the last star, the star takes one character more.
  func match(_ pattern: [Int], _ text: [Int]) -> Bool {
    var (position, index) = (0, 0)
    var retry: (position: Int, index: Int)?
    while index < text.count {
      if position < pattern.count, pattern[position] == Self.star {
        retry = (position + 1, index)
        position += 1
      } else if position < pattern.count, pattern[position] == Self.any || pattern[position] == text[index] {
        position += 1
        index += 1
      } else if let last = retry {
        retry = (last.position, last.index + 1)
        (position, index) = (last.position, last.index + 1)
      } else {
        return false
      }
    }
    return pattern[position...].allSatisfy { $0 == Self.star }
  }
}
