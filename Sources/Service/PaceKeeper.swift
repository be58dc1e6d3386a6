// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1

/// Ends connections that `ConnectionPace` finds too slow.
///
/// Stands before the gate, which answers 408 where it still can.
final class PaceKeeper: ChannelDuplexHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  private let gate: ConnectionGate
  private let interval: TimeAmount
  private var pace: ConnectionPace
  private var isReading = false
  private var isHeaderOpen = false
  private var ticks: RepeatedTask?

  init(_ configuration: ServiceConfiguration, _ gate: ConnectionGate) {
    self.gate = gate
    pace = ConnectionPace(configuration, now: .now)
    let shortest = min(
      configuration.headerTimeout, configuration.bodyRateWindow, configuration.requestTimeout,
      configuration.responseStallTimeout)
    interval = TimeAmount(min(.seconds(1), shortest / 4))
  }

  func handlerAdded(context: ChannelHandlerContext) {
    let boundContext = context.loopBound
    let boundSelf = NIOLoopBound(self, eventLoop: context.eventLoop)
    ticks = context.eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
      boundSelf.value.judge(boundContext.value)
    }
  }

  func handlerRemoved(context: ChannelHandlerContext) { ticks?.cancel() }

  func channelInactive(context: ChannelHandlerContext) {
    ticks?.cancel()
    context.fireChannelInactive()
  }

  /// A request was answered of which this handler saw nothing.
  func answered() { pace.answered() }

  private func judge(_ context: ChannelHandlerContext) {
    switch pace.judge(at: .now, isReading: isReading, isWritable: context.channel.isWritable) {
    case .fine: break
    case .tooSlow:
      ticks?.cancel()
      context.fireErrorCaught(RequestProblem(.requestTimeout))
    case .abandoned:
      ticks?.cancel()
      context.close(mode: .all, promise: nil)
    }
  }

  func read(context: ChannelHandlerContext) {
    isReading = true
    context.read()
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    isReading = false
    context.fireChannelReadComplete()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    // What is discarded is no request: who still sends must have taken the last answer in time all the same.
    guard !gate.isEnding else { return context.fireChannelRead(data) }
    switch Self.unwrapInboundIn(data) {
    case .head: pace.headerArrived(at: .now)
    case .body(let bytes): pace.bodyArrived(bytes.readableBytes)
    case .end: pace.requestEnded()
    }
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    if case .end = Self.unwrapOutboundIn(data) { pace.answerEnded(at: .now) }
    context.write(data, promise: promise)
  }
}
