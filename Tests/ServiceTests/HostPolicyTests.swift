// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Testing

@testable import Service

@Suite("Who may ask")
struct HostPolicyTests {
  private let policy = HostPolicy(allowing: ["tables.example.org", "other.example.org:8443", "not a host"])

  @Test(
    "C47 known hosts pass",
    arguments: [
      "localhost", "localhost:8080", "LOCALHOST:1", "127.0.0.1", "127.0.0.1:8080", "[::1]", "[::1]:8080",
      "localhost.:80",
      "tables.example.org", "tables.example.org:9000", "other.example.org:8443",
    ])
  func knownHosts(_ host: String) {
    #expect(policy.problem(method: .get, authority: host, fields: [:]) == nil)
  }

  @Test(
    "C47 unknown hosts are refused, on safe methods too",
    arguments: [
      nil, "", ":80", "evil.org", "evil.org:8080", "localhost.evil.org", "evil-localhost", "127.0.0.1.evil.org",
      "127.0.0.2", "0.0.0.0", "[::2]", "[::1", "::1", "localhost:", "localhost:99999", "localhost:-1",
      "localhost:80:80",
      "user@localhost", "localhost/", "localhost evil", "other.example.org", "other.example.org:80", "not a host", "*",
    ])
  func unknownHosts(_ host: String?) {
    #expect(policy.problem(method: .get, authority: host, fields: [:])?.code == .hostNotAllowed)
  }

  @Test(
    "C47 unsafe requests from our own pages or from programs pass",
    arguments: [
      [:], ["Origin": "http://localhost:8080"], ["Origin": "http://LOCALHOST:8080", "Sec-Fetch-Site": "same-origin"],
      ["Sec-Fetch-Site": "none"],
    ] as [[String: String]])
  func sameSite(_ fields: [String: String]) throws {
    let fields = try HTTPFields(named: fields)
    #expect(policy.problem(method: .put, authority: "localhost:8080", fields: fields) == nil)
  }

  @Test("C47 a page behind a proxy that speaks https passes") func proxied() throws {
    let fields = try HTTPFields(named: ["Origin": "https://tables.example.org"])
    #expect(policy.problem(method: .post, authority: "tables.example.org:443", fields: fields) == nil)
    #expect(policy.problem(method: .post, authority: "tables.example.org:80", fields: fields)?.code == .crossSite)
  }

  @Test(
    "C47 unsafe requests from foreign pages are refused",
    arguments: [
      ["Origin": "http://evil.org"], ["Origin": "null"], ["Origin": ""], ["Origin": "http://localhost:3000"],
      ["Origin": "http://127.0.0.1:8080"], ["Origin": "file://"], ["Origin": "http://localhost:8080.evil.org"],
      ["Origin": "http://localhost:8080/"], ["Sec-Fetch-Site": "cross-site"], ["Origin": "ftp://localhost:8080"],
      ["Origin": "http://localhost:8080", "Sec-Fetch-Site": "cross-site"],
    ])
  func crossSite(_ fields: [String: String]) throws {
    let fields = try HTTPFields(named: fields)
    for method in [HTTPRequest.Method.put, .post, .delete, .patch] {
      #expect(policy.problem(method: method, authority: "localhost:8080", fields: fields)?.code == .crossSite)
    }
    #expect(policy.problem(method: .get, authority: "localhost:8080", fields: fields) == nil)
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
