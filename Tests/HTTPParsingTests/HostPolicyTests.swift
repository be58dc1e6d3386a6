// SPDX-License-Identifier: Apache-2.0

import HTTPParsing
import Testing

@Suite("Who may ask")
struct HostPolicyTests {
  private let policy = HostPolicy(allowing: [
    "tables.example.org", "desk.example.org", "other.example.org:8443", "not a host",
  ])

  @Test(
    "C47 known hosts pass",
    arguments: [
      "localhost", "localhost:8080", "LOCALHOST:1", "127.0.0.1", "127.0.0.1:8080", "[::1]", "[::1]:8080",
      "localhost.:80",
      "tables.example.org", "tables.example.org:9000", "other.example.org:8443",
    ])
  func knownHosts(_ host: String) {
    #expect(policy.refusal(of: HostPolicy.Origin(authority: host), isSafe: true) == nil)
  }

  @Test(
    "C47 unknown hosts are refused, on safe methods too",
    arguments: [
      nil, "", ":80", "evil.org", "evil.org:8080", "localhost.evil.org", "evil-localhost", "127.0.0.1.evil.org",
      "127.0.0.2", "0.0.0.0", "[::2]", "[::1", "::1", "localhost:", "localhost:99999", "localhost:-1",
      "localhost:80:80",
      "user@localhost", "localhost/", "localhost evil", "des\u{212A}.example.org", "other.example.org",
      "other.example.org:80", "not a host", "*",
    ])
  func unknownHosts(_ host: String?) {
    #expect(policy.refusal(of: HostPolicy.Origin(authority: host), isSafe: true) == .hostNotAllowed)
  }

  @Test(
    "C47 unsafe requests from our own pages or from programs pass",
    arguments: [
      ([], []), (["http://localhost:8080"], []), (["http://LOCALHOST:8080"], ["same-origin"]), ([], ["none"]),
    ] as [([String], [String])])
  func sameSite(_ origins: [String], _ fetchSites: [String]) {
    let origin = HostPolicy.Origin(authority: "localhost:8080", origins: origins, fetchSites: fetchSites)
    #expect(policy.refusal(of: origin, isSafe: false) == nil)
  }

  @Test("C47 a page behind a proxy that speaks https passes") func proxied() {
    let origins = ["https://tables.example.org"]
    let standard = HostPolicy.Origin(authority: "tables.example.org:443", origins: origins)
    let other = HostPolicy.Origin(authority: "tables.example.org:80", origins: origins)
    #expect(policy.refusal(of: standard, isSafe: false) == nil)
    #expect(policy.refusal(of: other, isSafe: false) == .crossSite)
  }

  @Test(
    "C47 unsafe requests from foreign pages are refused",
    arguments: [
      (["http://evil.org"], []), (["null"], []), ([""], []), (["http://localhost:3000"], []),
      (["http://127.0.0.1:8080"], []), (["file://"], []), (["http://localhost:8080.evil.org"], []),
      (["http://localhost:8080/"], []), ([], ["cross-site"]), (["ftp://localhost:8080"], []),
      (["http://localhost:8080"], ["cross-site"]), (["http://localhost:8080", "http://evil.org"], []),
      ([], ["same-origin", "cross-site"]),
    ] as [([String], [String])])
  func crossSite(_ origins: [String], _ fetchSites: [String]) {
    let origin = HostPolicy.Origin(authority: "localhost:8080", origins: origins, fetchSites: fetchSites)
    #expect(policy.refusal(of: origin, isSafe: false) == .crossSite)
    #expect(policy.refusal(of: origin, isSafe: true) == nil)
  }
}
