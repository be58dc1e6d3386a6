// SPDX-License-Identifier: Apache-2.0

import Catalog
import NIOCore
import Store
import Synchronization
import Testing
import Validation

@testable import Service

@Suite("Answers that are sent again")
struct AnswerRepeaterTests {
  private static func get(_ path: String, _ fields: String = "", host: String = "Host: localhost\r\n") -> String {
    "GET \(path) HTTP/1.1\r\n\(host)\(fields)\r\n"
  }

  private static let small = get("/v1/tables/small.json")
  private static let large = get("/v1/tables/large.json")
  private static let gzip = get("/v1/tables/large.csv", "Accept-Encoding: gzip\r\n")
  private static let description = get("/v1/tables/small")

  /// Requests that end a connection, or are refused, or of which only the parser knows where they end.
  private static let others: [(name: String, text: String)] = [
    ("nothing there", get("/v1/tables/none.json")), ("HEAD", "HEAD /v1/tables/small.json HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("HEAD that is right", "HEAD /v1/tables/small.json HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    ("another host", get("/v1/tables/small.json", host: "Host: evil.example\r\n")),
    ("no host", get("/v1/tables/small.json", host: "")),
    ("two hosts", get("/v1/tables/small.json", "Host: localhost\r\n")),
    ("a body in disguise", get("/v1/tables/small.json", "Content-Length: \(small.utf8.count)\r\n") + small),
    ("a body that ends", get("/v1/tables/small.json", "Content-Length: 0\r\n")),
    ("chunks", get("/v1/tables/small.json", "Transfer-Encoding: chunked\r\n") + "3\r\nabc\r\n0\r\n\r\n"),
    (
      "chunks and a length", get("/v1/tables/small.json", "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n") + "abc"
    ),
    ("a form", "POST /v1/tables HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc"),
    ("a method that changes something", "DELETE /v1/caches/none HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    ("an old version", "GET /v1/tables/small.json HTTP/1.0\r\nHost: localhost\r\n\r\n"),
    ("an end that is asked for", get("/v1/tables/small.json", "Connection: close\r\n")),
    ("another protocol", get("/v1/tables/small.json", "Connection: Upgrade\r\nUpgrade: h2c\r\n")),
    ("a wait", get("/v1/tables/small.json", "Expect: 100-continue\r\n")),
    ("another wait", get("/v1/tables/small.json", "Expect: 102-processing\r\n")),
    ("bare line feeds", "GET /v1/tables/small.json HTTP/1.1\nHost: localhost\n\n"),
    ("a folded line", get("/v1/tables/small.json", "Accept: a\r\n b\r\n")),
    ("an empty line ahead", "\r\n" + small), ("a bad escape", get("/v1/tables/%zz")),
    ("an unknown parameter", get("/v1/tables/small.json?x=1")), ("no HTTP", "hello\r\n\r\n"),
    ("a long header", get("/v1/tables/small.json", "X: \(String(repeating: "x", count: 20 << 10))\r\n")),
    ("a tag that is known", get("/v1/tables/small.json", "If-None-Match: *\r\n")),
    ("a streamed file", get("/v1/tables/small.arrow")),
    ("a part of it", get("/v1/tables/small.arrow", "Range: bytes=0-5\r\n")),
  ]

  private static let dialogues: [Dialogue] =
    [
      Dialogue("the same again and again", oneByOne: [small, small, small, description, description, small, small]),
      Dialogue("in turns", oneByOne: [small, large, gzip, small, large, gzip, description, large, gzip]),
      Dialogue(
        "known tags",
        oneByOne: (0..<2).flatMap { _ in
          ["/v1/tables/small.csv", "/v1/tables/small"].map { get($0, "If-None-Match: *\r\n") } + [small]
        }),
      Dialogue("all at once", [.send(small + small + description + large + small + gzip + small)]),
      Dialogue("more than the client takes at once", [.send(String(repeating: large, count: 40))]),
      Dialogue("one without waiting", [.send(small), .send(small), .send(large), .send(small)]),
    ]
    + others.flatMap { name, text in
      [
        Dialogue(
          "\(name), between",
          [.send(small), .awaitAnswers(1), .send(small), .awaitAnswers(2), .send(text), .send(small)]),
        Dialogue("\(name), in one piece", [.send(small), .awaitAnswers(1), .send(small + text + small + small)]),
        Dialogue(
          "\(name), cut in two", [.send(small + String(text.prefix(20))), .pause, .send(text.dropFirst(20) + small)]),
      ]
    }

  /// What two services on one store answer to all that, of which one sends answers again; returns how often it did.
  private func compare(
    _ served: ServedStore, _ dialogues: [Dialogue] = dialogues, between: @escaping @Sendable (Int) async throws -> Void
  ) async throws -> Int {
    let hits = Mutex(0)
    try await served.serve({ $0.repeatsAnswers = false }) { plain in
      try await served.serve { repeating in
        for dialogue in dialogues {
          let expected = try await dialogue.run(plain)
          #expect(!expected.isEmpty)
          // The first time there may be nothing to be sent again.
          for turn in 0..<2 {
            let answer = try await dialogue.run(repeating)
            #expect(answer == expected, "\(dialogue.name), turn \(turn): \(String(decoding: answer, as: UTF8.self))")
          }
          try await between(repeating)
        }
        let caches = try await ask(repeating, Self.get("/v1/caches", "Connection: close\r\n"))
        let answers = try #require(caches.firstRange(of: #""answers":{"entries":"#))
        let counted = try #require(caches[answers.upperBound...].firstRange(of: #""hits":"#))
        hits.withLock { $0 = Int(caches[counted.upperBound...].prefix { $0.isNumber }) ?? 0 }
      }
    }
    return hits.withLock { $0 }
  }

  @Test("C11 a client cannot tell, whatever it sends before, behind and between") func course() async throws {
    try await withServedStore { served in
      try await served.publish("small", number: 1, rows: 20)
      try await served.publish("large", number: 2, rows: 2_000)
      #expect(try await compare(served) { _ in } > 200)
    }
  }

  @Test("A client cannot tell when the caches are cleared all the time") func cleared() async throws {
    try await withServedStore { served in
      try await served.publish("small", number: 1, rows: 20)
      try await served.publish("large", number: 2, rows: 2_000)
      _ = try await compare(served, Array(Self.dialogues.prefix(6))) { port in
        let clear = "DELETE /v1/caches HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        let answer = try await ask(port, clear)
        #expect(answer.contains(#""answers""#))
      }
    }
  }

  @Test("A request that is cut at any byte is answered as if it were whole") func cuts() async throws {
    try await withServedStore { served in
      try await served.publish("small", number: 1, rows: 20)
      let bytes = Array((Self.small + Self.description).utf8)
      let cuts = (1...Self.small.utf8.count).map { cut in
        Dialogue(
          "cut at \(cut)",
          [
            .send(Self.small), .awaitAnswers(1), .send(String(decoding: bytes[..<cut], as: UTF8.self)), .pause,
            .send(String(decoding: bytes[cut...], as: UTF8.self)), .awaitAnswers(3), .send(Self.small),
          ])
      }
      #expect(try await compare(served, cuts) { _ in } >= cuts.count)
    }
  }

  @Test("The first request behind a change of the catalog is answered by what it is now, whoever changed it")
  func changes() async throws {
    try await withServedStore { served in
      try await served.publish("small", number: 1, rows: 2)
      try await served.serve { port in
        let client = Dialogue("twice", oneByOne: [Self.small, Self.small, Self.description, Self.description])
        let before = String(decoding: try await client.run(port), as: UTF8.self)
        #expect(before.statuses == [200, 200, 200, 200] && before.ranges(of: "{\"n\":1}").count == 2)
        try await served.publish("small", number: 2, first: 7, rows: 2)
        let after = String(decoding: try await client.run(port), as: UTF8.self)
        #expect(after.ranges(of: "{\"n\":8}").count == 2 && !after.contains("{\"n\":1}"))
        #expect(after.ranges(of: "\"version\":2").count == 2)
        let change = TableChange(try #require(TableName(exactly: "small")), by: "local", at: 9)
        #expect(try await served.store.catalog.delete(change, nil) != nil)
        let gone = String(decoding: try await client.run(port), as: UTF8.self)
        #expect(gone.statuses == [404, 404, 404, 404])
      }
    }
  }

  @Test("Who is answered again and again keeps his connection, and who says nothing loses it") func pace() async throws
  {
    try await withServedStore { served in
      try await served.publish("small", number: 1, rows: 2)
      try await served.serve({ $0.headerTimeout = .milliseconds(400) }) { port in
        let text = try await RawClient.connect(to: port).talk(Array(repeating: Self.small, count: 8)) {
          try await Task.sleep(for: .milliseconds(120))
        }
        #expect(text.statuses == Array(repeating: 200, count: 8))
      }
    }
  }

  @Test("Who takes his answers slowly when the service shuts down still gets them whole") func shutdown() async throws {
    let clients = try await shutDown { inbound, _ in
      var bytes: [UInt8] = []
      for try await part in inbound { bytes += part.readableBytesView }
      return Dialogue.answers(in: bytes)
    }
    for answers in try await clients.values { #expect(answers.count > 0 && answers.rest == 0) }
  }

  @Test("Who takes nothing cannot hold up a shutdown, whatever else he asks for") func endlessShutdown() async throws {
    // Beside other tests all of this takes long; who asks on in vain gives up in the end.
    let end = ContinuousClock.now + .seconds(300)
    let clients = try await shutDown {
      $0.headerTimeout = .milliseconds(500)
      $0.responseStallTimeout = .seconds(2)
    } _: { _, outbound in
      while ContinuousClock.now < end, !Task.isCancelled {
        try? await outbound.write(ByteBuffer(string: Self.small))
        try? await Task.sleep(for: .milliseconds(100))
      }
    }
    #expect(ContinuousClock.now < end)
    clients.cancel()
  }

  /// Shuts a service down while clients have not taken their answers; each reads and says after that what `end` does.
  private func shutDown<Result: Sendable>(
    _ configure: (inout ServiceConfiguration) -> Void = { _ in },
    _ end:
      @escaping @Sendable (
        NIOAsyncChannelInboundStream<ByteBuffer>, NIOAsyncChannelOutboundWriter<ByteBuffer>
      ) async throws -> Result
  ) async throws -> SlowClients<Result> {
    let clients = SlowClients<Result>()
    try await withServedStore { served in
      try await served.publish("large", number: 1, rows: 60_000)
      try await served.publish("small", number: 2, rows: 2)
      try await served.serve(configure) { port in
        // How much a socket takes nobody knows: with one of these numbers a part of the last answer is left over.
        for count in 1...12 { try await clients.add(RawClient.channel(to: port), asking: Self.large, count, end) }
      }
    }
    return clients
  }
}

/// Clients that ask one time after the other, and read nothing until half a second behind the last of them.
private final class SlowClients<Result: Sendable>: Sendable {
  private let tasks = Mutex<[Task<Result, any Error>]>([])

  var values: [Result] {
    get async throws {
      var values: [Result] = []
      for task in tasks.withLock({ $0 }) { values.append(try await task.value) }
      return values
    }
  }

  func cancel() { for task in tasks.withLock({ $0 }) { task.cancel() } }

  /// Returns once all is asked.
  func add(
    _ channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>, asking request: String, _ count: Int,
    _ end:
      @escaping @Sendable (
        NIOAsyncChannelInboundStream<ByteBuffer>, NIOAsyncChannelOutboundWriter<ByteBuffer>
      ) async throws -> Result
  ) async throws {
    let (asked, continuation) = AsyncStream.makeStream(of: Void.self)
    let task = Task {
      try await channel.executeThenClose { inbound, outbound in
        for _ in 0..<count {
          try await outbound.write(ByteBuffer(string: request))
          try await Task.sleep(for: .milliseconds(20))
        }
        continuation.finish()
        try await Task.sleep(for: .milliseconds(500))
        return try await end(inbound, outbound)
      }
    }
    tasks.withLock { $0.append(task) }
    for await _ in asked {}
  }
}
