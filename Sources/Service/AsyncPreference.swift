// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

/// The preference `respond-async` of RFC 7240: the client would rather come back than wait.
enum AsyncPreference {
  /// As it is asked for in `Prefer`, and confirmed in `Preference-Applied`.
  static let text = "respond-async"
  /// Fails for no name; these two are tokens.
  static let appliedName = HTTPField.Name("Preference-Applied")
  private static let name = HTTPField.Name("Prefer")

  /// Whether a request's fields ask for it.
  static func isStated(in fields: HTTPFields) -> Bool {
    guard let name else { return false }
    return fields[values: name].contains { untrusted in
      elements(of: untrusted).contains { $0 == text || $0 == text + "=\"\"" }
    }
  }

  /// The preferences of one field, in lower case and without their parameters.
  ///
  /// A comma or semicolon within quotes is part of a value.
  private static func elements(of untrusted: String) -> [String] {
    var elements: [String] = []
    var element = ""
    var (isQuoted, isEscaped, isParameter) = (false, false, false)
    for scalar in untrusted.unicodeScalars {
      switch scalar {
      case _ where isEscaped: isEscaped = false
      case "\\" where isQuoted: isEscaped = true
      case "\"": isQuoted.toggle()
      case "," where !isQuoted:
        elements.append(element)
        (element, isParameter) = ("", false)
        continue
      case ";" where !isQuoted: isParameter = true
      case " ", "\t": if !isQuoted { continue }
      default: break
      }
      if !isParameter { element.unicodeScalars.append(scalar) }
    }
    return (elements + [element]).map { $0.lowercased() }
  }
}
