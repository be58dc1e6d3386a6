// SPDX-License-Identifier: Apache-2.0

import Validation

/// libmagic's answer, taken apart.
///
/// It is made of the file's bytes, so it is checked like them.
struct MagicAnswer {
  let type: MediaType
  let charset: String

  /// Reads `type/subtype; charset=name`.
  ///
  /// What is no media type or no charset name counts as unknown, which is binary.
  init(_ untrustedAnswer: String?, unknown: MediaType) {
    let parts = (untrustedAnswer ?? "").split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, let type = MediaType(first) else {
      type = unknown
      charset = Self.binary
      return
    }
    self.type = type
    let parameter = parts.count > 1 ? parts[1].drop { $0 == " " } : ""
    let name = parameter.hasPrefix("charset=") ? String(parameter.dropFirst(8)) : ""
    charset = (1...64).contains(name.utf8.count) && name.utf8.allSatisfy(\.isToken) ? name.lowercased() : Self.binary
  }

  /// The answer for a text of which nothing else is known.
  init(text: MediaType, charset: String) {
    type = text
    self.charset = charset
  }

  /// The answer for what libmagic was not asked about, or could not tell.
  init(unknown: MediaType) {
    type = unknown
    charset = Self.binary
  }

  /// The charset of what is no text.
  static let binary = "binary"
}
