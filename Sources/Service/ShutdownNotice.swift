// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// The service shuts down: the connection ends once what is under way is answered and the system has all of it.
struct ConnectionShouldEnd: Sendable {}

/// Tells the gate of a shutdown, next to the socket.
///
/// NIO's own handlers, which come before the gate, would close an idle connection at once, and drop what its client has
/// not taken yet.
final class ShutdownNotice: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = IOData

  private let gate: ConnectionGate

  init(_ gate: ConnectionGate) { self.gate = gate }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard event is ChannelShouldQuiesceEvent else { return context.fireUserInboundEventTriggered(event) }
    // Whoever wrote it: the system has all of it when this is sent.
    let sent = context.eventLoop.makePromise(of: Void.self)
    context.writeAndFlush(Self.wrapOutboundOut(.byteBuffer(ByteBuffer())), promise: sent)
    gate.follow(sent.futureResult)
    context.fireUserInboundEventTriggered(ConnectionShouldEnd())
  }
}
