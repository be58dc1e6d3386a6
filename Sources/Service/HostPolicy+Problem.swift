// SPDX-License-Identifier: Apache-2.0

import HTTPParsing
import HTTPTypes

extension HostPolicy {
  private static let secFetchSite = HTTPField.Name("Sec-Fetch-Site")

  /// What is wrong with where a request comes from or goes to, if anything.
  func problem(method: HTTPRequest.Method, authority: String?, fields: HTTPFields) -> RequestProblem? {
    guard let fetchSites = Self.secFetchSite.map({ fields[values: $0] }) else { return RequestProblem(.crossSite) }
    let origin = Origin(authority: authority, origins: fields[values: .origin], fetchSites: fetchSites)
    return switch refusal(of: origin, isSafe: [.get, .head, .options, .trace].contains(method)) {
    case nil: nil
    case .hostNotAllowed: RequestProblem(.hostNotAllowed)
    case .crossSite: RequestProblem(.crossSite)
    }
  }
}
