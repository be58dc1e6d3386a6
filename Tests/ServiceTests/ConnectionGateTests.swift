// SPDX-License-Identifier: Apache-2.0

import IngestPipeline
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import Service

@Suite("The gate of a connection")
struct ConnectionGateTests {
  private let reads = ReadCounter()
  private let accesses = AccessTally()
  private let channel: EmbeddedChannel

  init() throws {
    channel = EmbeddedChannel()
    try channel.pipeline.syncOperations.addHandlers([reads, ConnectionGate(accesses)])
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    var head = HTTPRequestHead(version: .http1_1, method: .PUT, uri: "/")
    head.headers = ["host": "localhost", "content-length": "6"]
    try channel.writeInbound(HTTPServerRequestPart.head(head))
    reads.count = 0
  }

  @Test("C9 nothing is read before the body is wanted") func holdsReads() throws {
    channel.pipeline.read()
    #expect(reads.count == 0)
    try channel.triggerUserOutboundEvent(BodyDemand.begin).wait()
    #expect(reads.count == 1)
    channel.pipeline.read()
    #expect(reads.count == 2)
  }

  @Test("C14 a body's end is confirmed only when it has come") func confirmsEnd() throws {
    try channel.triggerUserOutboundEvent(BodyDemand.begin).wait()
    try channel.writeInbound(HTTPServerRequestPart.body(ByteBuffer(string: "abc")))
    #expect(throws: RequestProblem.self) { try channel.triggerUserOutboundEvent(BodyDemand.confirmEnd).wait() }
    try channel.writeInbound(HTTPServerRequestPart.body(ByteBuffer(string: "def")))
    try channel.writeInbound(HTTPServerRequestPart.end(nil))
    try channel.triggerUserOutboundEvent(BodyDemand.confirmEnd).wait()
  }

  @Test("What a handler turns away is counted, but not where the connection has answered already")
  func turnedAway() async throws {
    try channel.triggerUserOutboundEvent(TurnedAway(code: "not_found")).wait()
    #expect(try await accesses.counted() == ["not_found": 1])
    try channel.writeOutbound(HTTPServerResponsePart.head(HTTPResponseHead(version: .http1_1, status: .notFound)))
    try channel.triggerUserOutboundEvent(TurnedAway(code: "body_incomplete")).wait()
    #expect(try await accesses.counted() == [:])
  }

  @Test("What the connection refuses by itself is counted once") func refused() async throws {
    channel.pipeline.fireErrorCaught(RequestProblem(.requestTimeout))
    try channel.triggerUserOutboundEvent(TurnedAway(code: "body_incomplete")).wait()
    #expect(try await accesses.counted() == ["request_timeout": 1])
  }

  @Test("Who asks on while the last answer is sent gets no more time to take it for that") func asksOn() async throws {
    var configuration = ServiceConfiguration()
    configuration.headerTimeout = .milliseconds(1)
    let gate = ConnectionGate(accesses)
    let channel = EmbeddedChannel()
    try channel.pipeline.syncOperations.addHandlers([PaceKeeper(configuration, gate), gate])
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    let sent = channel.eventLoop.makePromise(of: Void.self)
    defer { sent.succeed() }
    gate.follow(sent.futureResult)
    channel.pipeline.fireUserInboundEventTriggered(ConnectionShouldEnd())
    try channel.writeInbound(
      HTTPServerRequestPart.head(HTTPRequestHead(version: .http1_1, method: .GET, uri: "/", headers: ["host": "a"])))
    try channel.writeInbound(HTTPServerRequestPart.end(nil))
    #expect(channel.isActive)
    try await Task.sleep(for: .milliseconds(5))
    channel.embeddedEventLoop.advanceTime(by: .seconds(1))
    #expect(!channel.isActive)
  }
}

/// Counts what reaches the connection.
///
/// One thread only, as all of an embedded channel.
private final class ReadCounter: ChannelOutboundHandler {
  typealias OutboundIn = Any

  var count = 0

  func read(context: ChannelHandlerContext) { count += 1 }
}
