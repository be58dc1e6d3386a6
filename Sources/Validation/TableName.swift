// SPDX-License-Identifier: Apache-2.0

@_spi(_Unicode) import Swift

/// A table's name: letters, digits, `_` and `-`, in normalization form C, at most 100 characters, unique ignoring case.
public struct TableName: Sendable, Hashable {
  /// The name as it is shown.
  public let text: String

  /// The longest name, in characters.
  public static let maximumLength = 100

  /// What names are compared by, byte for byte: `Sales` and `sales` are one table.
  package var folded: String {
    // Lower case can compose where upper case cannot: U+01F0 is a small letter only.
    String(String.UnicodeScalarView(text.lowercased()._nfc))
  }

  /// Accepts a name that already keeps the rules, in any normalization form; nil otherwise.
  public init?(exactly text: String) {
    // Equality is canonical, so what is kept must be the cleaned text: the catalog compares bytes.
    let cleaned = Self.cleaned(text)
    guard cleaned == text, !text.isEmpty else { return nil }
    self.text = cleaned
  }

  /// Makes a name of what a file is called: its stem, with every other character as `_`.
  ///
  /// - Parameter tableID: the hexadecimal id of the table; its first 8 digits name a table whose file had no name.
  package init(forFile name: String, tableID: String) {
    let cleaned = Self.cleaned(Self.stem(name))
    self.text = cleaned.contains { $0 != "_" } ? cleaned : "table-\(tableID.prefix(8))"
  }

  /// Makes this name differ from others: `-` and `suffix` end it, within the longest length.
  package func appending(_ suffix: String) -> TableName {
    TableName(unchecked: String(text.prefix(Self.maximumLength - suffix.count - 1)) + "-" + suffix)
  }

  /// Makes this the name of a further table of the same text: `_` and its number end it.
  package func numbered(_ number: Int) -> TableName {
    let suffix = "_\(number)"
    return TableName(unchecked: text.prefix(Self.maximumLength - suffix.count) + suffix)
  }

  private init(unchecked text: String) { self.text = text }

  private static func cleaned(_ text: String) -> String {
    let replaced = text._nfc.reduce(into: "") { name, scalar in
      let isKept =
        scalar.properties.isAlphabetic || scalar.properties.numericType == .decimal || scalar == "_"
        || scalar == "-" || scalar.properties.generalCategory == .nonspacingMark
      name.unicodeScalars.append(isKept ? scalar : "_")
    }
    return String(replaced.prefix(maximumLength))
  }

  private static let compressed = [Family.gzip, .bzip2, .xz, .zstd, .lz4].flatMap(\.extensions)
  private static let tables = [Family.delimitedText, .json, .zip, .tar, .sevenZip].flatMap(\.extensions)

  /// `sales.csv.gz` and `sales.csv` are both `sales`; other dots stay part of the name.
  private static func stem(_ name: String) -> String {
    var stem = Substring(name)
    for known in [Self.compressed, Self.tables] {
      guard let dot = stem.lastIndex(of: "."), dot != stem.startIndex,
        known.contains(stem[stem.index(after: dot)...].lowercased())
      else { continue }
      stem = stem[..<dot]
    }
    return String(stem)
  }
}
