// SPDX-License-Identifier: Apache-2.0

import HummingbirdCore
import IngestPipeline
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// One client's connection: NIO's HTTP/1 handlers with `PaceKeeper` and `ConnectionGate` among them, and before them all
/// `EndNotice` and, where answers are repeated, `AnswerRepeater`.
///
/// Hummingbird's own channel has places for handlers only behind the translation of fields, where a second Host can no
/// longer be told from the first.
struct ServiceChannel: HTTPChannelHandler {
  typealias Value = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

  /// One field, name included.
  static let maximumFieldBytes = 16 << 10
  /// All fields of a request.
  static let maximumHeaderBytes = 32 << 10
  static let maximumFields = 100

  let responder: HTTPChannelHandler.Responder
  let configuration: ServiceConfiguration
  /// Counts the requests that are turned away.
  let accesses: AccessTally
  /// Nil where each request goes the whole way.
  var answers: ReadyAnswers?

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    channel.eventLoop.makeCompletedFuture {
      let pipeline = channel.pipeline.syncOperations
      var limits = NIOHTTPDecoderLimitConfiguration()
      limits.maxHeaderFieldSize = Self.maximumFieldBytes
      limits.maxHeaderListSize = Self.maximumHeaderBytes
      limits.maxHeaderFieldCount = Self.maximumFields
      var encoding = HTTPResponseEncoder.Configuration()
      encoding.automaticallySetFramingHeaders = false
      let gate = ConnectionGate(accesses)
      let pace = PaceKeeper(configuration, gate)
      try pipeline.addHandler(EndNotice(gate))
      if let answers { try pipeline.addHandler(AnswerRepeater(answers, pace: pace, gate: gate)) }
      try pipeline.configureHTTPServerPipeline(
        withPipeliningAssistance: true, withErrorHandling: false, withOutboundHeaderValidation: true,
        withEncoderConfiguration: encoding, withDecoderLimitConfiguration: limits)
      try pipeline.addHandler(pace)
      try pipeline.addHandler(gate)
      try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: false))
      return try NIOAsyncChannel(
        wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
    }
  }

  func handle(value: Value, logger: Logger) async { await handleHTTP(asyncChannel: value, logger: logger) }
}
