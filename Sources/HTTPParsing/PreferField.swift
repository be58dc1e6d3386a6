// SPDX-License-Identifier: Apache-2.0

/// The field `Prefer`: what the client would rather have (RFC 7240 section 2).
package struct PreferField: Sendable {
  /// Each with its value where it has one, in lower case, without blanks and parameters.
  private let preferences: [String]

  /// Reads one field; a comma or semicolon within quotes is part of a value.
  package init(_ untrusted: String) {
    var preferences: [String] = []
    var preference = ""
    var (isQuoted, isEscaped, isParameter) = (false, false, false)
    for scalar in untrusted.unicodeScalars {
      switch scalar {
      case _ where isEscaped: isEscaped = false
      case "\\" where isQuoted: isEscaped = true
      case "\"": isQuoted.toggle()
      case "," where !isQuoted:
        preferences.append(preference)
        (preference, isParameter) = ("", false)
        continue
      case ";" where !isQuoted: isParameter = true
      case " ", "\t": if !isQuoted { continue }
      default: break
      }
      if !isParameter { preference.unicodeScalars.append(scalar) }
    }
    self.preferences = (preferences + [preference]).map(\.utf8.asciiLowercased)
  }

  /// Whether a preference that takes no value is stated; an empty value is none.
  ///
  /// - Parameter name: in lower case.
  package func states(_ name: String) -> Bool { preferences.contains { $0 == name || $0 == name + "=\"\"" } }
}
