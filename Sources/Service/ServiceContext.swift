// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import IngestPipeline
import Logging
import NIOCore

/// What a handler needs beside the request.
struct ServiceContext: InitializableFromSource {
  let logger: Logger
  private let channel: any Channel

  init(source: ApplicationRequestContextSource) {
    logger = source.logger
    channel = source.channel
  }

  /// Says that the answer to this request may be sent again for as long as `basis` holds.
  ///
  /// To be said before the answer is handed on, and only of one that comes of the request's bytes and the found table alone.
  func mayRepeatAnswer(while basis: LookupBasis) {
    channel.triggerUserOutboundEvent(AnswerEvent.repeatable(basis), promise: nil)
  }

  /// Says that the answer to this request turns it away, so that it is counted if it is given.
  ///
  /// To be said before the answer is handed on. Where the connection has answered for itself, it has counted that.
  func turnAway(_ code: String) { channel.triggerUserOutboundEvent(TurnedAway(code: code), promise: nil) }

  /// Hands the chunks of the request's body to `take`, in order.
  ///
  /// The client is told to continue here and not before, so that whatever can be refused by the header is.
  ///
  /// - Throws: what `take` throws; `body_incomplete` where the client left or the body was cut off.
  func readBody(_ body: RequestBody, _ take: (ByteBuffer) throws -> Void) async throws {
    try await tell(.begin)
    var chunks = body.makeAsyncIterator()
    while let chunk = try await next(&chunks) { try take(chunk) }
    try await tell(.confirmEnd)
  }

  private func next(_ chunks: inout RequestBody.AsyncIterator) async throws -> ByteBuffer? {
    do { return try await chunks.next() } catch { throw RequestProblem(.bodyIncomplete) }
  }

  private func tell(_ demand: BodyDemand) async throws {
    do {
      try await channel.triggerUserOutboundEvent(demand).get()
    } catch { throw RequestProblem(.bodyIncomplete) }
  }
}
