// SPDX-License-Identifier: Apache-2.0

import HTTPParsing
import IngestPipeline
import NIOCore

/// What a connection's handlers tell each other about its answers.
enum AnswerEvent: Sendable {
  /// The answer that follows may be sent again for as long as this holds.
  case repeatable(LookupBasis)
  /// The answer's last byte was written.
  case ended(Exchange.Ending)
}

/// Sends answers again that were sent for the same bytes before, without the parser and all that is behind it.
///
/// Stands next to the socket. It answers only where nothing of the connection is under way, and where what came are whole
/// requests; all else goes on untouched. Once it does not know where a request ends, or an answer ends the connection, it
/// has nothing more to do with it.
final class AnswerRepeater: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundIn = IOData
  typealias OutboundOut = IOData

  private enum Phase {
    /// All that came is answered.
    case idle
    /// So many requests are with the others, and nothing else.
    case waiting(requests: Int)
    /// Only the parser knows what came.
    case passing
  }

  private let answers: ReadyAnswers
  private let pace: PaceKeeper
  private let gate: ConnectionGate
  private var phase = Phase.idle
  private var recording: AnswerRecording?
  /// Of the bytes since the last end of reading: whether some were answered here, and whether some went on.
  private var hasAnswered = false
  private var hasPassed = false

  init(_ answers: ReadyAnswers, pace: PaceKeeper, gate: ConnectionGate) {
    self.answers = answers
    self.pace = pace
    self.gate = gate
  }

  // MARK: Requests

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var bytes = Self.unwrapInboundIn(data)
    guard mayAnswer(context) else { return pass(bytes, context) }
    // Most come alone.
    if answer(bytes, context) { return }
    while let length = BareRequests.length(bytes.readableBytesUInt8Span), length < bytes.readableBytes,
      let request = bytes.getSlice(at: bytes.readerIndex, length: length), mayAnswer(context),
      answer(request, context)
    {
      bytes.moveReaderIndex(forwardBy: length)
      if answer(bytes, context) { return }
    }
    pass(bytes, context)
  }

  /// Whether nothing is under way, and the client takes what it gets: who does not is left to those who wait for him.
  private func mayAnswer(_ context: ChannelHandlerContext) -> Bool {
    guard case .idle = phase else { return false }
    return gate.isIdle && context.channel.isWritable
  }

  private func answer(_ request: ByteBuffer, _ context: ChannelHandlerContext) -> Bool {
    guard let answer = answers.answer(to: request) else { return false }
    context.write(Self.wrapOutboundOut(.byteBuffer(answer.start)), promise: nil)
    if let rest = answer.rest { context.write(Self.wrapOutboundOut(.byteBuffer(rest)), promise: nil) }
    pace.answered()
    hasAnswered = true
    return true
  }

  private func pass(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
    recording = nil
    switch (phase, BareRequests.count(bytes.readableBytesUInt8Span)) {
    case (.passing, _), (_, nil): phase = .passing
    case (.idle, let requests?):
      phase = .waiting(requests: requests)
      if requests == 1 { recording = AnswerRecording(of: bytes) }
    case (.waiting(let others), let requests?): phase = .waiting(requests: others + requests)
    }
    hasPassed = true
    context.fireChannelRead(Self.wrapInboundOut(bytes))
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    if hasAnswered { context.flush() }
    let isDone = hasAnswered && !hasPassed
    hasAnswered = false
    hasPassed = false
    // Whoever wanted to read has got nothing yet.
    if isDone { context.read() } else { context.fireChannelReadComplete() }
  }

  // MARK: Answers

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    recording?.append(Self.unwrapOutboundIn(data))
    context.write(data, promise: promise)
  }

  func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
    switch event as? AnswerEvent {
    case .repeatable(let basis):
      recording?.basis = basis
      promise?.succeed()
    case .ended(let ending):
      ended(ending)
      promise?.succeed()
    case nil: context.triggerUserOutboundEvent(event, promise: promise)
    }
  }

  private func ended(_ ending: Exchange.Ending) {
    switch (phase, ending) {
    case (.waiting(requests: 1), .keepAlive):
      phase = .idle
      if let recording, let answer = recording.answer(countedBy: answers.accesses) {
        answers.keep(answer, for: recording.request)
      }
    case (.waiting(let requests), .keepAlive): phase = .waiting(requests: requests - 1)
    default: phase = .passing
    }
    recording = nil
  }
}

/// What went to the connection for one request.
private struct AnswerRecording {
  /// A copy that holds nothing else.
  let request: ByteBuffer
  /// Nil as long as nobody said that the answer may be sent again.
  var basis: LookupBasis?
  private var pieces: [ByteBuffer] = []
  private var bytes = 0

  /// - Returns: nil for a request that is not remembered.
  init?(of request: ByteBuffer) {
    guard request.readableBytes <= ReadyAnswers.largestRequest, request.readableBytesView.starts(with: "GET ".utf8)
    else { return nil }
    self.request = ByteBuffer(bytes: request.readableBytesView)
  }

  mutating func append(_ data: IOData) {
    guard basis != nil else { return }
    guard case .byteBuffer(let piece) = data, bytes + piece.readableBytes <= ReadyAnswers.largestAnswer else {
      basis = nil
      return
    }
    bytes += piece.readableBytes
    pieces.append(piece)
  }

  func answer(countedBy accesses: AccessTally) -> ReadyAnswer? {
    basis.flatMap { ReadyAnswer(pieces, basis: $0, cost: request.readableBytes, countedBy: accesses) }
  }
}
