// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOHTTP1

/// What a request's header alone decides: whether all on the way must agree where the request ends and for whom it is
/// (RFC 9112 sections 3.2 and 6.3), and whether its body could be read.
///
/// NIO's parser refuses most of control 11 itself; this refuses what it lets through. It does not see the bytes of the
/// message, only the fields.
enum RequestFraming {
  /// What is wrong with a request's header, if anything.
  ///
  /// The connection must be closed then.
  static func problem(_ head: HTTPRequestHead) -> RequestProblem? {
    guard [.http1_0, .http1_1].contains(head.version) else {
      return malformed("The version is neither HTTP/1.0 nor HTTP/1.1")
    }
    return lengthProblem(head) ?? targetProblem(head) ?? expectationProblem(head) ?? encodingProblem(head)
  }

  private static func lengthProblem(_ head: HTTPRequestHead) -> RequestProblem? {
    let lengths = head.headers["content-length"]
    let codings = head.headers["transfer-encoding"]
    guard lengths.count <= 1 else { return malformed("There is more than one Content-Length") }
    guard lengths.isEmpty || codings.isEmpty else {
      return malformed("Content-Length and Transfer-Encoding are both given")
    }
    if let length = lengths.first, UInt64(length) == nil || !length.utf8.allSatisfy(\.isDigit) {
      return malformed("Content-Length is not a number")
    }
    guard let coding = codings.first else { return nil }
    guard codings.count == 1, coding.lowercased() == "chunked", head.version == .http1_1 else {
      return malformed("Transfer-Encoding is not chunked alone")
    }
    return nil
  }

  private static func targetProblem(_ head: HTTPRequestHead) -> RequestProblem? {
    let hosts = head.headers["host"]
    guard hosts.count <= 1 else { return malformed("There is more than one Host") }
    guard !hosts.isEmpty || head.version == .http1_0 else { return malformed("There is no Host") }
    // An absolute target would name a second host, and only proxies get one.
    guard head.uri.utf8.first == UInt8(ascii: "/") else { return malformed("The target is not a path") }
    return nil
  }

  private static func expectationProblem(_ head: HTTPRequestHead) -> RequestProblem? {
    head.headers["expect"].allSatisfy { $0.lowercased() == "100-continue" } ? nil : RequestProblem(.expectationFailed)
  }

  /// Control 15: the service never decompresses.
  private static func encodingProblem(_ head: HTTPRequestHead) -> RequestProblem? {
    let isPlain = head.headers["content-encoding"].allSatisfy { $0.lowercased() == "identity" }
    return isPlain ? nil : RequestProblem(.contentEncodingRefused)
  }

  private static func malformed(_ detail: String) -> RequestProblem { RequestProblem(.messageMalformed, detail) }
}

extension UInt8 {
  /// An ASCII digit.
  var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
