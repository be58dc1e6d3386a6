// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// Asks a running service; only what this program's own service answers is understood.
struct ServiceClient {
  /// Why there is no answer.
  struct Unanswered: Error, CustomStringConvertible {
    let description: String
  }

  struct Answer {
    let status: Int
    let body: [UInt8]
  }

  private static let longestAnswer = 1 << 20

  private let host: String
  private let port: Int
  private let authority: String

  /// - Parameter url: `http://HOST:PORT`.
  /// - Throws: `ExitStatus.Usage`.
  init(url: String) throws {
    guard let parts = URLComponents(string: url), parts.scheme == "http", let host = parts.host, !host.isEmpty,
      ["", "/"].contains(parts.path), parts.query == nil, parts.user == nil
    else { throw ExitStatus.Usage(message: "--url takes http://HOST:PORT, such as http://127.0.0.1:8080") }
    self.host = host.trimmingCharacters(in: ["[", "]"])
    port = parts.port ?? 80
    authority = parts.port.map { "\(host):\($0)" } ?? host
  }

  /// Sends a request without a body.
  ///
  /// - Throws: `Unanswered`.
  func send(_ method: HTTPMethod, _ path: String) async throws -> Answer {
    let full: NIOHTTPClientResponseFull?
    do {
      full = try await exchange(HTTPRequestHead(version: .http1_1, method: method, uri: path, headers: headers))
    } catch let error as NIOHTTPObjectAggregatorError where error == .frameTooLong {
      throw Unanswered(description: "the answer is too long")
    } catch is HTTPParserError { throw stranger } catch {
      throw Unanswered(description: "no service answers at http://\(authority)")
    }
    // Without a length nobody could tell that an answer was cut off.
    guard let full, full.head.headers.contains(name: "content-length") else { throw stranger }
    return Answer(status: Int(full.head.status.code), body: Array(full.body?.readableBytesView ?? ByteBufferView()))
  }

  private var headers: HTTPHeaders { ["Host": authority, "Connection": "close"] }

  private var stranger: Unanswered {
    Unanswered(description: "what answers at http://\(authority) is no service of this program")
  }

  /// - Returns: nil where the connection ends without an answer.
  private func exchange(_ request: HTTPRequestHead) async throws -> NIOHTTPClientResponseFull? {
    let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .connectTimeout(.seconds(5))
      .connect(host: host, port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHTTPClientHandlers()
          try channel.pipeline.syncOperations.addHandler(
            NIOHTTPClientResponseAggregator(maxContentLength: Self.longestAnswer))
          return try NIOAsyncChannel<NIOHTTPClientResponseFull, HTTPClientRequestPart>(
            wrappingChannelSynchronously: channel)
        }
      }
    // A service that does not answer is given up.
    let deadline = channel.channel.eventLoop.scheduleTask(in: .seconds(30)) { channel.channel.close(promise: nil) }
    defer { deadline.cancel() }
    return try await channel.executeThenClose { inbound, outbound in
      try await outbound.write(.head(request))
      try await outbound.write(.end(nil))
      var answers = inbound.makeAsyncIterator()
      return try await answers.next()
    }
  }
}
