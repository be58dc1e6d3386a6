// SPDX-License-Identifier: Apache-2.0

/// What a request's header alone decides: whether all on the way must agree where the request ends and for whom it is
/// (RFC 9112 sections 3.2 and 6.3), and whether its body could be read.
///
/// The HTTP parser refuses most of control 11 itself; this refuses what that lets through. It does not see the bytes of
/// the message, only the fields.
package struct RequestFraming {
  /// The versions of HTTP that are spoken.
  package enum Version: Sendable, CaseIterable {
    case http1_0
    case http1_1
  }

  /// What is wrong with a header.
  ///
  /// The connection must be closed then.
  package enum Fault: Sendable, Equatable {
    /// It can be read in two ways, or in none; says how.
    case malformed(String)
    /// It expects something other than to continue.
    case expectation
    /// The body is encoded (control 15: the service never decompresses).
    case encoding
  }

  private let version: Version?
  private let untrustedTarget: String
  private let values: (String) -> [String]

  /// A header that is to be judged.
  ///
  /// - Parameters:
  ///   - version: nil for any other than those that are spoken.
  ///   - values: the values of every field of a name, which is given in lower case.
  package init(version: Version?, target untrustedTarget: String, values: @escaping (String) -> [String]) {
    self.version = version
    self.untrustedTarget = untrustedTarget
    self.values = values
  }

  /// What is wrong, if anything.
  package var fault: Fault? {
    guard version != nil else { return .malformed("The version is neither HTTP/1.0 nor HTTP/1.1") }
    return lengthFault ?? targetFault ?? expectationFault ?? encodingFault
  }

  private var lengthFault: Fault? {
    let lengths = values("content-length")
    let codings = values("transfer-encoding")
    guard lengths.count <= 1 else { return .malformed("There is more than one Content-Length") }
    guard lengths.isEmpty || codings.isEmpty else {
      return .malformed("Content-Length and Transfer-Encoding are both given")
    }
    if let length = lengths.first, UInt64(length) == nil || !length.utf8.allSatisfy(\.isDigit) {
      return .malformed("Content-Length is not a number")
    }
    guard let coding = codings.first else { return nil }
    guard codings.count == 1, coding.utf8.asciiLowercased == "chunked", version == .http1_1 else {
      return .malformed("Transfer-Encoding is not chunked alone")
    }
    return nil
  }

  private var targetFault: Fault? {
    let hosts = values("host")
    guard hosts.count <= 1 else { return .malformed("There is more than one Host") }
    guard !hosts.isEmpty || version == .http1_0 else { return .malformed("There is no Host") }
    // An absolute target would name a second host, and only proxies get one.
    guard untrustedTarget.utf8.first == UInt8(ascii: "/") else { return .malformed("The target is not a path") }
    return nil
  }

  private var expectationFault: Fault? {
    values("expect").allSatisfy { $0.utf8.asciiLowercased == "100-continue" } ? nil : .expectation
  }

  private var encodingFault: Fault? {
    values("content-encoding").allSatisfy { $0.utf8.asciiLowercased == "identity" } ? nil : .encoding
  }
}

extension UInt8 {
  /// An ASCII digit.
  var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
