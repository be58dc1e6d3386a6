// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import IngestPipeline
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization
import Testing

@testable import Service

extension UploadRegistry.State {
  /// The state in one word, with the bytes where it goes on.
  fileprivate var text: String {
    switch self {
    case .queued(let progress): "queued \(progress.bytes)/\(progress.totalBytes)"
    case .reading(let progress): "reading \(progress.bytes)/\(progress.totalBytes)"
    case .failed(let problem): "failed \(problem.code.rawValue)"
    }
  }
}

@Suite("Registry of uploads")
struct UploadRegistryTests {
  @Test("An upload is there from its beginning to its end")
  func life() {
    let registry = UploadRegistry(places: 1, queue: 1)
    #expect(registry.begin("a", totalBytes: 9)?.text == "reading 0/9")
    #expect(registry.begin("b", totalBytes: 7)?.text == "queued 0/7", "the one worker is busy")
    #expect(registry.begin("c", totalBytes: 7) == nil, "beyond the places and the queue")
    #expect(registry.state(of: "c") == nil)
    registry.note("b", ReadProgress(bytes: 3, totalBytes: 7, records: 1))
    #expect(registry.state(of: "b")?.text == "reading 3/7")
    registry.end("a")
    #expect(registry.state(of: "a") == nil)
    registry.note("a", ReadProgress(bytes: 9, totalBytes: 9, records: 1))
    #expect(registry.state(of: "a") == nil, "a last word revives nothing")
    #expect(registry.begin("c", totalBytes: 7) != nil, "the place is free again")
  }

  @Test("A failure frees the place, is told for ten minutes, and is then forgotten") func failure() {
    let registry = UploadRegistry(places: 1, queue: 0)
    let start = ContinuousClock.now
    _ = registry.begin("a", totalBytes: 1)
    registry.fail("a", RequestProblem(.internalError), at: start)
    #expect(registry.begin("b", totalBytes: 1) != nil)
    #expect(registry.state(of: "a", at: start + .seconds(599))?.text == "failed internal_error")
    #expect(registry.state(of: "a", at: start + .seconds(600)) == nil)
    registry.fail("never begun", RequestProblem(.busy), at: start)
    #expect(registry.state(of: "never begun", at: start) == nil)
  }

  @Test("No more failures are kept than may be: the oldest goes first") func manyFailures() {
    var failed = FailedUploads()
    let start = ContinuousClock.now
    for number in 0...FailedUploads.most {
      failed.add("\(number)", RequestProblem(.nameTaken), at: start + .milliseconds(number))
    }
    #expect(failed.problem(of: "0", at: start) == nil)
    #expect(failed.problem(of: "1", at: start) != nil)
    #expect(failed.problem(of: "\(FailedUploads.most)", at: start) != nil)
  }

  @Test(
    "What is said of an upload on its way",
    arguments: [
      (
        UploadRegistry.State.queued(ReadProgress(bytes: 0, totalBytes: 9, records: 0)), "1",
        #"{"upload":"u","status":"queued","progress":{"bytes":0,"total_bytes":9,"records":0}}"#
      ),
      (
        .reading(ReadProgress(bytes: 99, totalBytes: 9, records: 4)), "1",
        #"{"upload":"u","status":"reading","progress":{"bytes":9,"total_bytes":9,"records":4}}"#
      ),
      (
        .failed(RequestProblem(.nameTaken)), nil,
        #"{"upload":"u","status":"failed","problem":{"type":"urn:ingest:problem:name_taken","#
          + #""title":"The table's name belongs to someone else","status":409,"code":"name_taken","#
          + #""detail":"The table's name belongs to someone else. Choose another name."}}"#
      ),
    ] as [(UploadRegistry.State, String?, String)])
  func answers(_ state: UploadRegistry.State, _ retryAfter: String?, _ text: String) async throws {
    let response = Response(state, upload: "u")
    #expect(response.status == .ok && response.headers[.retryAfter] == retryAfter)
    #expect(response.headers[.cacheControl] == "no-store" && response.headers[.contentType] == "application/json")
    let body = CollectedBody()
    try await response.body.write(CollectingWriter(body: body))
    #expect(String(decoding: body.bytes, as: UTF8.self) == text + "\n")
  }
}

@Suite("The preference respond-async")
struct AsyncPreferenceTests {
  @Test(
    "It is found among others, in any case",
    arguments: [
      ["respond-async"], ["Respond-Async"], ["respond-async, wait=10"], ["wait=10,respond-async"],
      ["handling=lenient", "respond-async"], ["a=\"x, y\" , respond-async; foo=bar"], ["respond-async=\"\""],
      ["\trespond-async "], [",,respond-async"],
    ])
  func stated(_ values: [String]) { #expect(isStated(values)) }

  @Test(
    "It is not found where it is not",
    arguments: [
      [], [""], ["wait=10"], ["respond-asynchronously"], ["a=\"respond-async\""], ["a=\"x, respond-async, y\""],
      ["a=\"x\\\", respond-async"], ["foo; respond-async"], ["respond-async=no"], ["return=minimal"],
    ])
  func absent(_ values: [String]) { #expect(!isStated(values)) }

  private func isStated(_ values: [String]) -> Bool {
    var fields = HTTPFields()
    for value in values {
      if let name = HTTPField.Name("Prefer") { fields.append(HTTPField(name: name, value: value)) }
    }
    return AsyncPreference.isStated(in: fields)
  }
}

@Suite("Work in the background")
struct BackgroundUploadsTests {
  @Test("What was begun is finished when the service ends, and nothing is taken afterwards")
  func shutdown() async throws {
    let background = BackgroundUploads()
    let group = ServiceGroup(services: [background], logger: .init(label: "test"))
    let done = Mutex(0)
    let (started, announce) = AsyncStream.makeStream(of: Void.self)
    let (goAhead, release) = AsyncStream.makeStream(of: Void.self)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      let isTaken = background.begin {
        announce.yield()
        for await _ in goAhead { break }
        done.withLock { $0 += 1 }
      }
      #expect(isTaken)
      for await _ in started { break }
      await group.triggerGracefulShutdown()
      #expect(done.withLock { $0 } == 0)
      release.yield()
      try await tasks.waitForAll()
    }
    #expect(done.withLock { $0 } == 1)
    #expect(!background.begin {})
  }
}
