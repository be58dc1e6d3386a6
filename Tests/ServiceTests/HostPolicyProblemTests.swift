// SPDX-License-Identifier: Apache-2.0

import HTTPParsing
import HTTPTypes
import Testing

@testable import Service

@Suite("Who may ask")
struct HostPolicyProblemTests {
  private let policy = HostPolicy(allowing: ["tables.example.org"])

  @Test(
    "C47 the fields that a browser sends are looked at",
    arguments: [
      [:], ["Origin": "http://localhost:8080"], ["Sec-Fetch-Site": "none"], ["origin": "http://LOCALHOST:8080"],
    ] as [[String: String]])
  func sameSite(_ fields: [String: String]) throws {
    let fields = try HTTPFields(named: fields)
    #expect(policy.problem(method: .put, authority: "localhost:8080", fields: fields) == nil)
  }

  @Test(
    "C47 every method that changes something is kept from foreign pages",
    arguments: [["Origin": "http://evil.org"], ["Sec-Fetch-Site": "cross-site"], ["sec-fetch-site": "cross-site"]])
  func crossSite(_ fields: [String: String]) throws {
    let fields = try HTTPFields(named: fields)
    for method in [HTTPRequest.Method.put, .post, .delete, .patch] {
      #expect(policy.problem(method: method, authority: "localhost:8080", fields: fields)?.code == .crossSite)
    }
    #expect(policy.problem(method: .get, authority: "localhost:8080", fields: fields) == nil)
  }

  @Test("C47 an unknown host is refused") func unknownHost() {
    #expect(policy.problem(method: .get, authority: "evil.org", fields: [:])?.code == .hostNotAllowed)
  }
}

extension HTTPFields {
  struct BadName: Error {}

  init(named fields: [String: String]) throws {
    self.init()
    for (text, value) in fields {
      guard let name = HTTPField.Name(text) else { throw BadName() }
      append(HTTPField(name: name, value: value))
    }
  }
}
