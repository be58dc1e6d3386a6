// SPDX-License-Identifier: Apache-2.0

/// Who may be asked, and from which pages (control 47): against DNS rebinding, and requests that a foreign web page
/// makes in the name of whoever looks at it.
///
/// Does not guard against programs, which send what they like.
package struct HostPolicy: Sendable {
  /// Why a request is not answered.
  package enum Refusal: Sendable, Equatable {
    /// The service is not known under that name.
    case hostNotAllowed
    /// The request comes from a page of another site.
    case crossSite
  }

  /// What a request says of where it goes to and comes from; all of it is untrusted.
  package struct Origin: Sendable {
    /// The field `Host`.
    package var authority: String?
    /// Every field `Origin`.
    package var origins: [String]
    /// Every field `Sec-Fetch-Site`.
    package var fetchSites: [String]

    package init(authority: String?, origins: [String] = [], fetchSites: [String] = []) {
      self.authority = authority
      self.origins = origins
      self.fetchSites = fetchSites
    }
  }

  private let allowed: [Authority]

  /// Allows this machine's own names, on any port, and what is configured.
  ///
  /// - Parameter names: hosts, each with or without a port; what is no host is left out.
  package init(allowing names: [String]) {
    allowed = (["localhost", "127.0.0.1", "[::1]"] + names).compactMap(Authority.init)
  }

  /// Why a request is not answered; nil where it may be.
  ///
  /// - Parameter isSafe: whether its method changes nothing (RFC 9110 section 9.2.1).
  package func refusal(of untrusted: Origin, isSafe: Bool) -> Refusal? {
    guard let authority = untrusted.authority, let host = Authority(authority),
      allowed.contains(where: { $0.covers(host) })
    else { return .hostNotAllowed }
    return isSafe || isSameSite(host, untrusted) ? nil : .crossSite
  }

  private func isSameSite(_ host: Authority, _ untrusted: Origin) -> Bool {
    guard untrusted.fetchSites.allSatisfy({ $0 != "cross-site" }) else { return false }
    return untrusted.origins.allSatisfy { origin in
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
package struct Authority: Equatable, Sendable {
  /// In lower case, without a dot at its end; an IPv6 address keeps its brackets.
  package let host: String
  package let port: Int?

  /// Reads `example.org`, `example.org:8080` or `[::1]:8080`; nil for anything else.
  package init?(_ untrusted: String) {
    let text = untrusted.utf8.asciiLowercased
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
  package func covers(_ other: Authority) -> Bool { host == other.host && (port == nil || port == other.port) }
}

extension UInt8 {
  fileprivate var isHostCharacter: Bool {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
    default: "-._[]:".utf8.contains(self)
    }
  }
}
