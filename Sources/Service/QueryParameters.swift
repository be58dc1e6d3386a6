// SPDX-License-Identifier: Apache-2.0

/// The parameters of a query.
///
/// One that is unknown or repeated is an error: a misspelt option must not be ignored.
struct QueryParameters {
  private let pairs: [(name: String, value: String)]

  init(_ untrusted: [(name: String, value: String)]) { pairs = untrusted }

  /// Looks up each name.
  ///
  /// - Returns: the untrusted values by name.
  /// - Throws: `invalid_request` for a name that is not among `names`, or comes twice.
  func values(_ names: String...) throws(RequestProblem) -> [String: String] { try values(names) }

  /// The values of the parameters that an address takes.
  func values(_ names: [String]) throws(RequestProblem) -> [String: String] {
    var values: [String: String] = [:]
    for pair in pairs {
      guard names.contains(pair.name) else {
        let known = names.isEmpty ? "takes no parameters" : "takes the parameters \(names.joined(separator: ", "))"
        throw RequestProblem(.invalidRequest, "The query has an unknown parameter; this address \(known)")
      }
      guard values.updateValue(pair.value, forKey: pair.name) == nil else {
        throw RequestProblem(.invalidRequest, "The parameter \(pair.name) is given twice")
      }
    }
    return values
  }
}
