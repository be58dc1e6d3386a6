// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import HummingbirdCore
import IngestPipeline
import IngestTesting
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Testing

@testable import Service

/// What the connection's own tests answer with: the body's length for PUT, many bytes for GET.
struct CountingResponder: HTTPResponder {
  func respond(to request: Request, context: ServiceContext) async throws -> Response {
    do {
      if request.head.path == "/refuse" { throw RequestProblem(.notFound) }
      if request.head.path == "/large" {
        return Response(
          status: .ok,
          body: ResponseBody { writer in
            for _ in 0..<64 { try await writer.write(ByteBuffer(repeating: UInt8(ascii: "x"), count: 64 << 10)) }
            try await writer.finish(nil)
          })
      }
      var count: UInt64 = 0
      try await context.readBody(request.body) { chunk in
        count += UInt64(chunk.readableBytes)
        guard count <= 1 << 20 else { throw RequestProblem(.multipartTooLarge) }
      }
      return Response(json: Array("{\"bytes\":\(count)}".utf8), status: .created)
    } catch let problem as RequestProblem {
      context.turnAway(problem.code.rawValue)
      return Response(problem)
    }
  }
}

/// A server on a port of the system's choice, for as long as `body` runs; then it shuts down gracefully.
///
/// - Parameter accesses: counts what is turned away.
func withServer(
  countingIn accesses: AccessTally = AccessTally(), _ configure: (inout ServiceConfiguration) -> Void = { _ in },
  _ body: @escaping @Sendable (Int, ServiceGroup) async throws -> Void
) async throws {
  var configuration = ServiceConfiguration()
  configure(&configuration)
  let settings = configuration
  let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
  var logger = Logger(label: "test")
  logger.logLevel = .critical
  let application = Application(
    responder: CountingResponder(),
    server: HTTPServerBuilder { ServiceChannel(responder: $0, configuration: settings, accesses: accesses) },
    configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
    onServerRunning: { continuation.yield($0.localAddress?.port ?? 0) }, logger: logger)
  let group = ServiceGroup(services: [application], logger: logger)
  try await withThrowingTaskGroup(of: Void.self) { tasks in
    tasks.addTask { try await group.run() }
    for await port in ports {
      try await body(port, group)
      break
    }
    await group.triggerGracefulShutdown()
    try await tasks.waitForAll()
  }
}

/// One connection of a test's, byte by byte.
struct RawClient: Sendable {
  private let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>

  static func connect(to port: Int) async throws -> RawClient { RawClient(channel: try await channel(to: port)) }

  /// A connection whose two sides end apart.
  static func channel(to port: Int) async throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer> {
    try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(.allowRemoteHalfClosure, value: true)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
            wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
        }
      }
  }

  /// Sends the pieces, then reads until the server ends the connection.
  ///
  /// - Parameter between: runs between two pieces, with what has been answered so far.
  func talk(
    _ pieces: [String], closesOutput: Bool = false, between: @escaping @Sendable () async throws -> Void = {}
  ) async throws -> String {
    try await channel.executeThenClose { inbound, outbound in
      var answer = ""
      for (index, piece) in pieces.enumerated() {
        if index > 0 { try await between() }
        // The server may have closed its side already, and that is what the tests look at.
        try? await outbound.write(ByteBuffer(bytes: piece.latin1))
      }
      if closesOutput { outbound.finish() }
      do {
        for try await bytes in inbound { answer += String(buffer: bytes) }
      } catch is IOError {}
      return answer
    }
  }
}

/// Sends a whole request and returns the answer.
func ask(_ port: Int, _ request: String, closesOutput: Bool = false) async throws -> String {
  try await RawClient.connect(to: port).talk([request], closesOutput: closesOutput)
}

/// Sends a whole request, and expects answers with these statuses before the server ends the connection.
func expect(
  _ statuses: [Int], from port: Int, to request: String, sourceLocation: SourceLocation = #_sourceLocation
) async throws {
  let answer = try await ask(port, request)
  #expect(answer.statuses == statuses, "\(answer.prefix(200))", sourceLocation: sourceLocation)
}

extension String {
  /// The status codes of the answers in a connection's bytes.
  var statuses: [Int] {
    ranges(of: "HTTP/1.1 ").compactMap { Int(self[$0.upperBound...].prefix(3)) }
  }
}
