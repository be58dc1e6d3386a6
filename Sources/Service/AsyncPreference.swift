// SPDX-License-Identifier: Apache-2.0

import HTTPParsing
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
    return fields[values: name].contains { PreferField($0).states(text) }
  }
}
