// SPDX-License-Identifier: Apache-2.0

import NIOCore
import ServiceLifecycle
import Testing

@testable import Service

@Suite("Connections", .timeLimit(.minutes(2)))
struct ConnectionTests {
  private static let put = "PUT / HTTP/1.1\r\nHost: localhost\r\n"
  private static let get = "GET / HTTP/1.1\r\nHost: localhost\r\n"

  /// What follows the first lines of a PUT.
  private static let ambiguousBodies: [String] = [
    "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
    "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
    "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    "Content-Length: 3, 3\r\n\r\nabc",
    "Content-Length: +3\r\n\r\nabc",
    "Content-Length: -3\r\n\r\nabc",
    "Content-Length: 0x3\r\n\r\nabc",
    "Content-Length: 99999999999999999999999\r\n\r\nabc",
    "Content-Length:\r\n\r\nabc",
    "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
    "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "Transfer-Encoding: \u{0b}chunked\r\n\r\n0\r\n\r\n",
    // The Kelvin sign, whose lower case is a k.
    "Transfer-Encoding: chun\u{e2}\u{84}\u{aa}ed\r\n\r\n0\r\n\r\n",
    "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
    "Transfer-Encoding: chunked\r\n\r\n-1\r\nabc\r\n0\r\n\r\n",
    "Transfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n",
    "Transfer-Encoding: chunked\r\n\r\n3\nabc\n0\n\n",
    "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nabc\r\n0\r\n\r\n",
    "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
    "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
  ]

  /// What follows the first lines of a GET.
  private static let ambiguousFields: [String] = [
    "Host: localhost\r\n\r\n",
    "X: a\r\n b\r\n\r\n",
    "X: a\0b\r\n\r\n",
    "X: a\rb\r\n\r\n",
    "X Y: a\r\n\r\n",
  ]

  /// Whole messages.
  private static let ambiguousMessages: [String] = [
    "PUT / HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "GET / HTTP/1.1\r\n\r\n",
    "GET / HTTP/1.1\nHost: localhost\n\n",
    "GET http://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "CONNECT localhost:1 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "GET / HTTP/2.0\r\nHost: localhost\r\n\r\n",
    "GET /\r\n\r\n",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "\u{16}\u{03}\u{01}\u{02}",
  ]

  @Test(
    "C11 ambiguous messages are 400, and the connection is closed",
    arguments: ambiguousBodies.map { put + $0 } + ambiguousFields.map { get + $0 } + ambiguousMessages)
  func ambiguous(_ message: String) async throws {
    try await withServer { port, _ in
      // What follows would be a second request to whoever reads the first one differently.
      let answer = try await ask(port, message + Self.get + "\r\n")
      #expect(answer.statuses == [400])
      #expect(answer.contains("\"code\":\"message_malformed\"") && answer.lowercased().contains("connection: close"))
    }
  }

  @Test("C12 large headers are 431", arguments: [(1, 17_000), (4, 10_000), (101, 1)])
  func largeHeader(_ count: Int, _ length: Int) async throws {
    try await withServer { port, _ in
      let value = String(repeating: "x", count: length)
      let fields = (0..<count).map { "X\($0): \(value)\r\n" }.joined()
      try await expect([431], from: port, to: Self.get + fields + "\r\n")
    }
  }

  @Test("C12 an endless target is 431") func endlessTarget() async throws {
    try await withServer { port, _ in
      try await expect([431], from: port, to: "GET /" + String(repeating: "x", count: 100_000))
    }
  }

  @Test("C15 encoded bodies are 415, unread", arguments: ["gzip", "GZIP", "identity, gzip", "br", "x", ""])
  func encoded(_ coding: String) async throws {
    try await withServer { port, _ in
      let fields = "Content-Encoding: \(coding)\r\nContent-Length: 1000000000\r\n\r\n"
      try await expect([415], from: port, to: Self.put + fields)
    }
  }

  @Test("C15 the identity coding is none") func identity() async throws {
    try await withServer { port, _ in
      let fields = "Content-Encoding: identity\r\nContent-Length: 1\r\nConnection: close\r\n\r\na"
      try await expect([201], from: port, to: Self.put + fields)
    }
  }

  @Test("C9 100 Continue is sent once the body is wanted, and not before a refusal") func continues() async throws {
    try await withServer { port, _ in
      let expecting = "Expect: 100-continue\r\nContent-Length: 3\r\nConnection: close\r\n\r\n"
      try await expect([201], from: port, to: Self.put + expecting + "abc")
      let waiting = try await RawClient.connect(to: port).talk([Self.put + expecting, "abc"]) {
        try await Task.sleep(for: .milliseconds(200))
      }
      #expect(waiting.statuses == [100, 201])
      let refused = "PUT /refuse HTTP/1.1\r\nHost: localhost\r\n"
      try await expect([404], from: port, to: refused + expecting)
      let other = try await ask(port, Self.put + "Expect: 200-ok\r\nContent-Length: 3\r\n\r\n")
      #expect(other.statuses == [417])
    }
  }

  @Test(
    "C9 an early answer ends the connection, whatever still comes",
    arguments: [
      "PUT /refuse HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000\r\n\r\n",
      put + "Content-Length: 1000000000\r\n\r\n" + String(repeating: "x", count: 2 << 20),
    ])
  func earlyAnswer(_ request: String) async throws {
    try await withServer { port, _ in
      let answer = try await RawClient.connect(to: port).talk([request, String(repeating: "x", count: 1 << 20)])
      #expect([[404], [413]].contains(answer.statuses))
      #expect(answer.lowercased().contains("connection: close"))
    }
  }

  @Test("Pipelined requests are answered in order, and bodies nobody asked for do not disturb")
  func pipelined() async throws {
    try await withServer { port, _ in
      let small = "PUT /refuse HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc"
      let last = Self.put + "Content-Length: 0\r\nConnection: close\r\n\r\n"
      let answer = try await ask(port, Self.put + "Content-Length: 2\r\n\r\nab" + small + last)
      #expect(answer.statuses == [201, 404, 201])
    }
  }

  @Test("A client that closes its side still gets the whole answer") func halfClosed() async throws {
    try await withServer { port, _ in
      let answer = try await ask(port, "GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n", closesOutput: true)
      #expect(answer.utf8.count > 64 * (64 << 10))
      #expect(answer.hasSuffix("0\r\n\r\n"))
    }
  }

  @Test(
    "C14 a body that is cut off is never taken for a whole one",
    arguments: [
      "Content-Length: 30\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
      "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n", "Content-Length: 30\r\n\r\n",
    ])
  func cutOff(_ request: String) async throws {
    try await withServer { port, _ in
      let answer = try await ask(port, Self.put + request, closesOutput: true)
      #expect(answer.statuses == [400] && answer.contains("\"code\":\"body_incomplete\""))
    }
  }

  @Test("C13 slow headers are closed, slow bodies get 408") func slow() async throws {
    try await withServer {
      $0.headerTimeout = .milliseconds(300)
      $0.bodyRateWindow = .milliseconds(300)
    } _: { port, _ in
      try await expect([], from: port, to: "")
      try await expect([], from: port, to: "GET / HTTP/1.1\r\nHost: loc")
      try await expect([408], from: port, to: Self.put + "Content-Length: 30\r\n\r\nabc")
      try await expect([100, 408], from: port, to: Self.put + "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n")
    }
  }

  @Test("What has begun before a shutdown is finished, and nothing begins after it") func shutdown() async throws {
    try await withServer { port, group in
      let answer = try await RawClient.connect(to: port).talk([Self.put + "Content-Length: 6\r\n\r\nabc", "def"]) {
        try await Task.sleep(for: .seconds(1))
        await group.triggerGracefulShutdown()
        var isRefused = false
        for _ in 0..<400 where !isRefused {
          try await Task.sleep(for: .milliseconds(25))
          do { _ = try await ask(port, "", closesOutput: true) } catch { isRefused = true }
        }
        #expect(isRefused)
      }
      #expect(answer.statuses == [201] && answer.contains("{\"bytes\":6}"))
      #expect(answer.lowercased().contains("connection: close"))
    }
  }
}
