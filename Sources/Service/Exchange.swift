// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1

/// One request and its answer, as the connection sees them.
///
/// Pure: `ConnectionGate` does the I/O.
struct Exchange {
  /// What happens to the connection once the answer is out.
  enum Ending: Equatable {
    /// The next request may follow.
    case keepAlive
    /// No more is answered; what still arrives is discarded within bounds.
    case linger
  }

  private let isHead: Bool
  private let version: HTTPVersion
  private var awaitsContinue: Bool
  private var mayKeepAlive: Bool
  /// Whether the handler has asked for the body.
  private(set) var isBodyWanted = false
  /// Whether the whole request is here.
  private(set) var isRequestComplete = false
  /// Whether an answer, other than an informational one, has begun.
  private(set) var isAnswered = false

  init(_ head: HTTPRequestHead) {
    isHead = head.method == .HEAD
    version = head.version
    awaitsContinue = head.version == .http1_1 && head.headers.contains(name: "expect")
    mayKeepAlive = head.version == .http1_1 && head.isKeepAlive
  }

  /// Whether bytes may be read from the connection: nothing of a body that nobody asked for.
  var mayRead: Bool { isBodyWanted || isRequestComplete }

  /// The handler wants the body.
  ///
  /// - Returns: whether the client waits for `100 Continue` (RFC 9110 section 10.1.1).
  mutating func wantBody() -> Bool {
    isBodyWanted = true
    defer { awaitsContinue = false }
    return awaitsContinue && !isAnswered
  }

  /// Body bytes came: the client did not wait, or no longer does.
  mutating func bodyArrived() { awaitsContinue = false }

  mutating func requestEnded() { isRequestComplete = true }

  /// Nothing may follow the answer of this exchange.
  mutating func endConnection() { mayKeepAlive = false }

  /// An answer begins; makes its fields say how it ends, and what becomes of the connection.
  ///
  /// Does what NIO's encoder leaves to us: that does not know the method, and would send a last chunk after HEAD.
  mutating func answer(_ head: inout HTTPResponseHead) {
    isAnswered = true
    head.headers.remove(name: "transfer-encoding")
    let status = head.status.code
    if status == 204 || status == 304 {
      head.headers.remove(name: "content-length")
    } else if !head.headers.contains(name: "content-length"), !isHead {
      // A client of HTTP/1.0 finds the end of the body at the end of the connection, as for all its answers.
      if version == .http1_1 { head.headers.add(name: "transfer-encoding", value: "chunked") }
    }
    if !isRequestComplete { mayKeepAlive = false }
    if !mayKeepAlive { head.headers.replaceOrAdd(name: "connection", value: "close") }
  }

  /// The answer is complete.
  func answerEnded() -> Ending { mayKeepAlive ? .keepAlive : .linger }
}
