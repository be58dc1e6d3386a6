// SPDX-License-Identifier: Apache-2.0

/// What one of a table's versions is called beside its number: a letter, then letters, digits, `_` and `-` of ASCII, at
/// most 64.
///
/// It can be neither a number nor the suffix of a file, and is compared byte for byte.
public struct TableTag: Sendable, Hashable {
  /// The tag as it is shown.
  public let text: String

  /// The longest tag, in characters.
  public static let maximumLength = 64

  /// Accepts a tag that keeps the rules; nil otherwise.
  public init?(_ text: String) {
    let bytes = text.utf8
    guard let first = bytes.first, first.isASCIILetter, bytes.count <= Self.maximumLength,
      bytes.allSatisfy({ $0.isASCIILetter || $0.isASCIIDigit || [UInt8(ascii: "_"), UInt8(ascii: "-")].contains($0) })
    else { return nil }
    self.text = text
  }
}

/// How a version of a named table is asked for.
public enum VersionSelector: Sendable, Hashable {
  /// The newest that is shown: `sales`.
  case latest
  /// The one of this number, from 1: `sales@3`.
  case number(Int)
  /// The one that bears the tag: `sales@latest-good`.
  case tag(TableTag)
}

/// How a table is asked for: by name, by name and version or tag, or by id.
public enum TableReference: Sendable, Hashable {
  /// `sales`, `sales@3`, `sales@latest-good`.
  case named(TableName, VersionSelector)
  /// 64 lower-case hexadecimal digits.
  case id(String)

  /// Reads a reference; nil where the text can be none.
  public init?(_ text: String) {
    if text.utf8.count == 64, text.utf8.allSatisfy(\.isLowercaseHexDigit) {
      self = .id(text)
      return
    }
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let name = parts.first.flatMap(TableName.init(exactly:)) else { return nil }
    guard parts.count == 2 else {
      self = .named(name, .latest)
      return
    }
    if let number = Int(parts[1]), number > 0 {
      self = .named(name, .number(number))
    } else if let tag = TableTag(parts[1]) {
      self = .named(name, .tag(tag))
    } else {
      return nil
    }
  }
}

extension UInt8 {
  fileprivate var isASCIILetter: Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self)
  }

  fileprivate var isASCIIDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

  fileprivate var isLowercaseHexDigit: Bool {
    isASCIIDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self)
  }
}
