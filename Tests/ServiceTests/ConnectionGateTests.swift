// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import Service

@Suite("The gate of a connection")
struct ConnectionGateTests {
  private let reads = ReadCounter()
  private let channel: EmbeddedChannel

  init() throws {
    channel = EmbeddedChannel()
    try channel.pipeline.syncOperations.addHandlers([reads, ConnectionGate()])
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
}

/// Counts what reaches the connection.
///
/// One thread only, as all of an embedded channel.
private final class ReadCounter: ChannelOutboundHandler {
  typealias OutboundIn = Any

  var count = 0

  func read(context: ChannelHandlerContext) { count += 1 }
}
