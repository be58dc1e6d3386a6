// SPDX-License-Identifier: Apache-2.0

import HTTPParsing
import HTTPTypes
import IngestPipeline
import NIOCore
import NIOHTTP1

/// Stands between the HTTP parser and Hummingbird, and decides what is read from a connection and when it ends.
///
/// - A request whose framing is ambiguous is answered here, and the connection closed.
/// - Nothing of a body is read before the handler asks for it, and only then `100 Continue` is sent.
/// - An answer that comes before the body's end closes the connection: the sending side at once, the receiving side
///   after `discardTime`, in which no more than about `discardedBytes` are read. A client that is still sending then
///   blocks and finds the answer; if both sides were closed at once, the system would send a reset, which can destroy
///   the answer before it is read. Hummingbird by itself would read the rest, whatever its length.
final class ConnectionGate: ChannelDuplexHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  static let discardedBytes = 1 << 20
  static let discardTime = TimeAmount.seconds(1)

  private enum Phase {
    case idle
    case exchange(Exchange)
    /// The last answer is on its way to the system; nothing is read.
    case finishing
    case lingering(discarded: Int)
    case closed
  }

  private let accesses: AccessTally
  private var phase = Phase.idle
  private var isReadHeld = false
  /// When the last answer has been handed to the system.
  private var lastAnswer: EventLoopFuture<Void>?

  /// - Parameter accesses: counts what is refused here, and what the handlers say that they turn away.
  init(_ accesses: AccessTally) { self.accesses = accesses }

  /// Whether no request is under way.
  var isIdle: Bool { if case .idle = phase { true } else { false } }

  /// Whether no request is answered any more.
  var isEnding: Bool {
    switch phase {
    case .idle, .exchange: false
    case .finishing, .lingering, .closed: true
    }
  }

  /// All that was written, also by other handlers, is handed to the system when `sent` completes.
  func follow(_ sent: EventLoopFuture<Void>) { lastAnswer = sent }

  // MARK: Requests

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch (phase, Self.unwrapInboundIn(data)) {
    case (.idle, .head(let head)): begin(head, context)
    case (.exchange(var exchange), .body(let bytes)):
      exchange.bodyArrived()
      phase = .exchange(exchange)
      context.fireChannelRead(Self.wrapInboundOut(.body(bytes)))
    case (.exchange(var exchange), .end(let trailers)):
      exchange.requestEnded()
      phase = .exchange(exchange)
      context.fireChannelRead(Self.wrapInboundOut(.end(trailers)))
    case (.lingering(let discarded), .body(let bytes)): phase = .lingering(discarded: discarded + bytes.readableBytes)
    default: break
    }
  }

  private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    let exchange = Exchange(head)
    phase = .exchange(exchange)
    if let problem = RequestFraming.problem(head) {
      refuse(problem, context)
    } else {
      context.fireChannelRead(Self.wrapInboundOut(.head(head)))
    }
  }

  func read(context: ChannelHandlerContext) {
    switch phase {
    case .exchange(let exchange) where !exchange.mayRead: isReadHeld = true
    case .finishing, .lingering: break
    default: context.read()
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    context.fireChannelReadComplete()
    // While the rest is thrown away nobody behind this handler asks for more.
    if case .lingering(let discarded) = phase, discarded < Self.discardedBytes { context.read() }
  }

  func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
    switch event {
    case BodyDemand.begin:
      wantBody(context)
      promise?.succeed()
    case BodyDemand.confirmEnd:
      if case .exchange(let exchange) = phase, exchange.isRequestComplete {
        promise?.succeed()
      } else {
        promise?.fail(RequestProblem(.bodyIncomplete))
      }
    case let turnedAway as TurnedAway:
      if case .exchange(let exchange) = phase, !exchange.isAnswered { count(turnedAway.code) }
      promise?.succeed()
    default: context.triggerUserOutboundEvent(event, promise: promise)
    }
  }

  private func count(_ code: String) {
    accesses.noteTurnedAway(code, by: UploadRequest.localPrincipal, at: .nowInMicroseconds)
  }

  private func wantBody(_ context: ChannelHandlerContext) {
    guard case .exchange(var exchange) = phase else { return }
    if exchange.wantBody() {
      let head = HTTPResponseHead(version: .http1_1, status: .continue)
      context.writeAndFlush(Self.wrapOutboundOut(.head(head)), promise: nil)
    }
    phase = .exchange(exchange)
    releaseRead(context)
  }

  private func releaseRead(_ context: ChannelHandlerContext) {
    guard isReadHeld else { return }
    isReadHeld = false
    context.read()
  }

  // MARK: Answers

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard case .exchange(var exchange) = phase else {
      // The connection has answered for itself already.
      promise?.fail(ChannelError.outputClosed)
      return
    }
    switch Self.unwrapOutboundIn(data) {
    case .head(var head):
      exchange.answer(&head)
      ServiceMetrics.answered(Int(head.status.code))
      phase = .exchange(exchange)
      context.write(Self.wrapOutboundOut(.head(head)), promise: promise)
    case .body(let bytes): context.write(Self.wrapOutboundOut(.body(bytes)), promise: promise)
    case .end(let trailers): endAnswer(exchange, trailers, promise, context)
    }
  }

  private func endAnswer(
    _ exchange: Exchange, _ trailers: HTTPHeaders?, _ promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext
  ) {
    let sent = context.eventLoop.makePromise(of: Void.self)
    sent.futureResult.cascade(to: promise)
    lastAnswer = sent.futureResult
    // Before the write: a pipelined request is delivered while the end of this answer is written.
    let ending = exchange.answerEnded()
    phase = ending == .keepAlive ? .idle : .finishing
    context.write(Self.wrapOutboundOut(.end(trailers)), promise: sent)
    context.triggerUserOutboundEvent(AnswerEvent.ended(ending), promise: nil)
    switch phase {
    case .idle: releaseRead(context)
    case .finishing: lingerOnceSent(context)
    default: break
    }
  }

  /// Answers in place of the handlers, and hears no more of the client.
  private func refuse(_ problem: RequestProblem, _ context: ChannelHandlerContext) {
    guard case .exchange(var exchange) = phase, !exchange.isAnswered else {
      close(context)
      return
    }
    count(problem.code.rawValue)
    let body = ProblemBody(problem)
    var head = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: body.status))
    for field in AnswerFields.problem(problem.fields, length: body.bytes.count) {
      head.headers.add(name: field.name.rawName, value: field.value)
    }
    exchange.endConnection()
    exchange.answer(&head)
    ServiceMetrics.answered(body.status)
    context.write(Self.wrapOutboundOut(.head(head)), promise: nil)
    context.write(Self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body.bytes)))), promise: nil)
    endAnswer(exchange, nil, nil, context)
  }

  // MARK: The end

  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    switch (mode, phase) {
    case (.output, .idle):
      promise?.succeed()
      lingerOnceSent(context)
    case (.output, .exchange): context.close(mode: .all, promise: promise)
    case (.output, _): promise?.succeed()
    // Whoever handled the request has gone; the client may still be reading the answer.
    case (.all, .finishing), (.all, .lingering): context.channel.closeFuture.cascade(to: promise)
    default: context.close(mode: mode, promise: promise)
    }
  }

  /// Ends the connection behind the answer that is under way.
  private func endConnection(_ context: ChannelHandlerContext) {
    switch phase {
    case .idle: lingerOnceSent(context)
    case .exchange(var exchange):
      exchange.endConnection()
      phase = .exchange(exchange)
    case .finishing, .lingering, .closed: break
    }
  }

  /// Waits for the last answer to be sent, then lingers.
  ///
  /// Where the client has closed its side, NIO would take the closing of ours for a closing of both, and drop what it
  /// has not yet sent.
  private func lingerOnceSent(_ context: ChannelHandlerContext) {
    phase = .finishing
    context.flush()
    let boundContext = context.loopBound
    let sent = lastAnswer ?? context.eventLoop.makeSucceededVoidFuture()
    sent.assumeIsolated().whenComplete { _ in
      if case .finishing = self.phase { self.linger(boundContext.value) }
    }
  }

  private func linger(_ context: ChannelHandlerContext) {
    phase = .lingering(discarded: 0)
    context.close(mode: .output, promise: nil)
    let boundContext = context.loopBound
    context.eventLoop.assumeIsolated().scheduleTask(in: Self.discardTime) { self.close(boundContext.value) }
    context.read()
  }

  private func close(_ context: ChannelHandlerContext) {
    if case .closed = phase { return }
    phase = .closed
    context.close(mode: .all, promise: nil)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard !(event is ConnectionShouldEnd) else { return endConnection(context) }
    context.fireUserInboundEventTriggered(event)
    // The client has taken the answer and says no more.
    if case .lingering = phase, event as? ChannelEvent == .inputClosed { close(context) }
  }

  func channelInactive(context: ChannelHandlerContext) {
    phase = .closed
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch phase {
    case .idle:
      guard let problem = Self.problem(error) else { return close(context) }
      phase = .exchange(Exchange(HTTPRequestHead(version: .http1_1, method: .GET, uri: "/")))
      refuse(problem, context)
    case .exchange:
      // First the answer, then the error: the handler that gets it must not answer a second time.
      if let problem = Self.problem(error) { refuse(problem, context) } else { close(context) }
      context.fireErrorCaught(error)
    case .finishing: break
    case .lingering, .closed: close(context)
    }
  }

  /// What to answer; nil where the connection itself has failed.
  private static func problem(_ error: any Error) -> RequestProblem? {
    switch error {
    case let problem as RequestProblem: problem
    case HTTPParserError.headerOverflow: RequestProblem(.headerTooLarge)
    case HTTPParserError.invalidEOFState: RequestProblem(.bodyIncomplete)
    case is HTTPParserError: RequestProblem(.messageMalformed)
    default: nil
    }
  }
}

/// What a handler tells the connection about an answer that is about to come: it turns the request away, by this code.
struct TurnedAway: Sendable {
  let code: String
}

/// What a handler tells the connection about the request's body.
enum BodyDemand: Sendable {
  /// The body is wanted: lets the client continue.
  case begin
  /// Fails unless the whole body has arrived. Hummingbird takes a connection's end for a body's end.
  case confirmEnd
}
