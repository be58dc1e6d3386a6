// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// The service shuts down: the connection ends once what is under way is answered and the system has all of it.
struct ConnectionShouldEnd: Sendable {}

/// Tells the gate, from next to the socket, that a connection comes to its end: that its client has closed its side, or
/// that the service shuts down.
///
/// The gate then waits for all that was written, by whichever handler. Of a shutdown it is told in place of NIO's own
/// handlers, which come before it: they would close an idle connection at once, and drop what its client has not taken
/// yet.
final class EndNotice: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = IOData

  private let gate: ConnectionGate

  init(_ gate: ConnectionGate) { self.gate = gate }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    let isShutdown = event is ChannelShouldQuiesceEvent
    if isShutdown || event as? ChannelEvent == .inputClosed {
      let sent = context.eventLoop.makePromise(of: Void.self)
      context.writeAndFlush(Self.wrapOutboundOut(.byteBuffer(ByteBuffer())), promise: sent)
      gate.follow(sent.futureResult)
    }
    context.fireUserInboundEventTriggered(isShutdown ? ConnectionShouldEnd() : event)
  }
}
