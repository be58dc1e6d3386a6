// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

/// Who may be asked, and from which pages (control 47): against DNS rebinding, and requests that a foreign web page
/// makes in the name of whoever looks at it.
///
/// Does not guard against programs, which send what they like.
struct HostPolicy: Sendable {
  private let allowed: [Authority]
  private let secFetchSite = HTTPField.Name("Sec-Fetch-Site")

  /// Allows this machine's own names, on any port, and what is configured.
  ///
  /// - Parameter names: hosts, each with or without a port; what is no host is left out.
  init(allowing names: [String]) {
    allowed = (["localhost", "127.0.0.1", "[::1]"] + names).compactMap(Authority.init)
  }

  /// What is wrong with where a request comes from or goes to, if anything.
  func problem(method: HTTPRequest.Method, authority: String?, fields: HTTPFields) -> RequestProblem? {
    guard let authority, let host = Authority(authority), allowed.contains(where: { $0.covers(host) }) else {
      return RequestProblem(.hostNotAllowed)
    }
    let isSafe = [.get, .head, .options, .trace].contains(method)
    return isSafe || isSameSite(host, fields) ? nil : RequestProblem(.crossSite)
  }

  private func isSameSite(_ host: Authority, _ fields: HTTPFields) -> Bool {
    guard secFetchSite.map({ fields[values: $0] })?.allSatisfy({ $0 != "cross-site" }) ?? false else { return false }
    return fields[values: .origin].allSatisfy { origin in
      ["http", "https"].contains { scheme in
        guard origin.hasPrefix("\(scheme)://"), let page = Authority(String(origin.dropFirst(scheme.count + 3))) else {
          return false
        }
        // A proxy may speak https with the browser, so the scheme is the page's and not ours.
        let standard = scheme == "http" ? 80 : 443
        return page.host == host.host && (page.port ?? standard) == (host.port ?? standard)
      }
    }
  }
}

/// A host with or without a port, as in the field `Host` (RFC 9110 section 7.2).
struct Authority: Equatable {
  /// In lower case, without a dot at its end; an IPv6 address keeps its brackets.
  let host: String
  let port: Int?

  /// Reads `example.org`, `example.org:8080` or `[::1]:8080`; nil for anything else.
  init?(_ untrusted: String) {
    let text = untrusted.lowercased()
    let end = text.hasPrefix("[") ? text.firstIndex(of: "]").map(text.index(after:)) : text.firstIndex(of: ":")
    let host = text[..<(end ?? text.endIndex)]
    let rest = text[host.endIndex...]
    guard (1...255).contains(host.utf8.count), host.utf8.allSatisfy(\.isHostCharacter) else { return nil }
    if rest.isEmpty {
      port = nil
    } else {
      guard rest.first == ":", rest.dropFirst().utf8.allSatisfy(\.isDigit), let port = UInt16(rest.dropFirst()) else {
        return nil
      }
      self.port = Int(port)
    }
    self.host = String(host.hasSuffix(".") ? host.dropLast() : host)
  }

  /// Whether this entry of the list allows `other`: the same host, and the same port where the entry has one.
  func covers(_ other: Authority) -> Bool { host == other.host && (port == nil || port == other.port) }
}

extension UInt8 {
  fileprivate var isHostCharacter: Bool {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
    default: "-._[]:".utf8.contains(self)
    }
  }
}
