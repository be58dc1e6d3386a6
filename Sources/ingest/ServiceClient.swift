// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore
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
  func send(_ method: String, _ path: String) async throws -> Answer {
    let bytes: [UInt8]
    do {
      bytes = try await exchange("\(method) \(path) HTTP/1.1\r\nHost: \(authority)\r\nConnection: close\r\n\r\n")
    } catch let error as Unanswered { throw error } catch {
      throw Unanswered(description: "no service answers at http://\(authority)")
    }
    guard let answer = Answer(bytes) else {
      throw Unanswered(description: "what answers at http://\(authority) is no service of this program")
    }
    return answer
  }

  private func exchange(_ request: String) async throws -> [UInt8] {
    let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .connectTimeout(.seconds(5))
      .connect(host: host, port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    // A service that does not answer is given up.
    let deadline = channel.channel.eventLoop.scheduleTask(in: .seconds(30)) { channel.channel.close(promise: nil) }
    defer { deadline.cancel() }
    return try await channel.executeThenClose { inbound, outbound in
      try await outbound.write(ByteBuffer(string: request))
      var bytes: [UInt8] = []
      for try await part in inbound {
        bytes += part.readableBytesView
        guard bytes.count <= Self.longestAnswer else { throw Unanswered(description: "the answer is too long") }
      }
      return bytes
    }
  }
}

extension ServiceClient.Answer {
  /// A whole answer with a body of the length that it states; nil for anything else.
  fileprivate init?(_ bytes: [UInt8]) {
    let head = bytes.firstRange(of: Array("\r\n\r\n".utf8))
    guard let head else { return nil }
    let lines = String(decoding: bytes[..<head.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
    let words = lines[0].split(separator: " ")
    let length = lines.dropFirst().lazy.compactMap { line -> Int? in
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, parts[0].lowercased() == "content-length" else { return nil }
      return Int(parts[1].trimmingCharacters(in: .whitespaces))
    }.first
    guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]),
      bytes.count - head.upperBound == length
    else { return nil }
    self.status = status
    body = Array(bytes[head.upperBound...])
  }
}
