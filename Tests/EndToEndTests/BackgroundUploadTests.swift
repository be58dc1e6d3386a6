// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Uploads with `Prefer: respond-async`, which are answered before they are read.
@Suite("Uploads in the background")
struct BackgroundUploadTests {
  private struct Accepted {
    let id: String
    let status: String?
    let fields: String
  }

  /// Sends an upload that is not waited for.
  private func send(_ text: String, as name: String = "a.csv", _ options: [String] = [], to server: Server) async throws
    -> Accepted
  {
    let directory = try TemporaryDirectory()
    let file = try directory.write(name, text)
    let answer = try await server.curl(
      "/v1/uploads",
      ["-F", "file=@\(file.path)", "-H", "Prefer: respond-async", "-D", directory["fields"].path] + options)
    #expect(answer.status == 202)
    let body = try answer.object()
    let id = try #require(body["upload"] as? String)
    #expect(body["progress"] as? [String: Int] == ["bytes": 0, "total_bytes": text.utf8.count, "records": 0])
    let fields = try String(contentsOf: directory["fields"], encoding: .utf8).lowercased()
    return Accepted(id: id, status: body["status"] as? String, fields: fields)
  }

  /// Asks for an upload until it is no longer on its way.
  private func result(of id: String, from server: Server) async throws -> Server.Answer {
    while true {
      let answer = try await server.curl("/v1/uploads/\(id)")
      guard try answer.isOnItsWay else { return answer }
      // Nothing but asking tells; curl's and the runner's deadlines bound the wait.
      try await Task.sleep(for: .milliseconds(100))
    }
  }

  @Test("An upload is accepted with its address, and has the usual answer there once it is decided")
  func publish() async throws {
    let directory = try TemporaryDirectory()
    let server = try await Server.start(store: directory["store"])
    let accepted = try await send("id\n1\n2\n", to: server)
    #expect(accepted.status == "reading", "a worker is free")
    for field in [
      "location: /v1/uploads/\(accepted.id)\r\n", "preference-applied: respond-async\r\n",
      "cache-control: no-store\r\n",
    ] { #expect(accepted.fields.contains(field), "\(field)") }
    let answer = try await result(of: accepted.id, from: server)
    #expect(answer.status == 200)
    #expect((try answer.object()["upload"] as? [String: Any])?["id"] as? String == accepted.id)
    let tables = try #require(try answer.object()["tables"] as? [[String: Any]])
    #expect(tables.map { $0["rows"] as? Int } == [2])
    let refused = try await result(of: try await send("", to: server).id, from: server)
    #expect((try refused.object()["verdict"] as? [String: Any])?["code"] as? String == "empty")
  }

  @Test("While it is read, an upload says so; a worker that never ends is a refusal in the end")
  func reading() async throws {
    let directory = try TemporaryDirectory()
    let worker = ["--worker", try Binaries.misbehavingWorker()]
    // However long this test waits for its turn, the worker still waits: it ends by the test's hand.
    let server = try await Server.start(store: directory["store"], worker + ["--worker-seconds", "100"])
    let text = "attack:wait,b\n1,2\n"
    let accepted = try await send(text, to: server)
    let answer = try await server.curl("/v1/uploads/\(accepted.id)", "-D", directory["fields"].path)
    #expect(answer.status == 200)
    #expect(try answer.object()["status"] as? String == "reading")
    #expect((try answer.object()["progress"] as? [String: Int])?["total_bytes"] == text.utf8.count)
    let fields = try String(contentsOf: directory["fields"], encoding: .utf8).lowercased()
    #expect(fields.contains("retry-after: 1\r\n") && fields.contains("cache-control: no-store\r\n"))
    #expect(try await server.curl("/v1/tables").status == 200, "nobody else waits for it")
    while try await server.curl("/v1/uploads/\(accepted.id)").isOnItsWay { server.child.killWorkers() }
    let killed = try await server.curl("/v1/uploads/\(accepted.id)")
    // Who kills a worker so is taken for the kernel, where memory ran out.
    #expect((try killed.object()["verdict"] as? [String: Any])?["code"] as? String == "worker_memory")

    let strict = try await Server.start(store: directory["strict"], worker + ["--worker-seconds", "2"])
    let decided = try await result(of: try await send(text, to: strict).id, from: strict)
    #expect((try decided.object()["verdict"] as? [String: Any])?["code"] as? String == "worker_timeout")
  }

  @Test("What cannot be held is refused before it is accepted, on both ways; the place is free again afterwards")
  func busy() async throws {
    let directory = try TemporaryDirectory()
    let options = ["--worker", try Binaries.misbehavingWorker(), "--worker-seconds", "100", "--waiting-uploads", "1"]
    let server = try await Server.start(store: directory["store"], options)
    var ids: [String] = []
    for number in 0...ProcessInfo.processInfo.activeProcessorCount {
      let accepted = try await send("attack:wait,\(number)\n", to: server)
      #expect(accepted.status == (number < ProcessInfo.processInfo.activeProcessorCount ? "reading" : "queued"))
      ids.append(accepted.id)
    }
    let file = try directory.write("b.csv", "id\n1\n")
    for preference in ["respond-async", "wait=1"] {
      let answer = try await server.curl(
        "/v1/uploads", "-F", "file=@\(file.path)", "-H", "Prefer: \(preference)", "-D", directory["fields"].path)
      #expect(answer.status == 503)
      #expect(try answer.code() == "busy")
      #expect(try String(contentsOf: directory["fields"], encoding: .utf8).lowercased().contains("retry-after: 5\r\n"))
    }
    for id in ids {
      // However long the requests before took, the workers still wait: they end by the test's hand.
      while try await server.curl("/v1/uploads/\(id)").isOnItsWay { server.child.killWorkers() }
    }
    #expect(try await server.curl("/v1/uploads", "-F", "file=@\(file.path)").status == 201)
    let metrics = String(decoding: try await server.curl("/metrics").body, as: UTF8.self)
    #expect(metrics.contains("ingest_uploads_total{outcome=\"busy\"} 2\n"))
  }

  @Test("An upload that ends without a decision says why; a request that contradicts itself is never accepted")
  func failures() async throws {
    let directory = try TemporaryDirectory()
    let server = try await Server.start(store: directory["store"], ["--worker", try Binaries.misbehavingWorker()])
    #expect(try await server.curl("/v1/uploads/a.csv", "-T", "-", input: Data("id\n1\n".utf8)).status == 201)
    for (options, code, status) in [(["-H", "If-None-Match: *"], "name_exists", 412), ([], "storage_failed", 500)] {
      // A worker whose disk fails: our failure.
      let accepted = try await send(status == 500 ? "attack:full\n1\n" : "id\n1\n", options, to: server)
      let answer = try await result(of: accepted.id, from: server)
      #expect(answer.status == 200)
      #expect(try answer.object()["status"] as? String == "failed")
      let problem = try #require(try answer.object()["problem"] as? [String: Any])
      #expect(problem["code"] as? String == code && problem["status"] as? Int == status)
      #expect(!String(decoding: answer.body, as: UTF8.self).contains(directory.url.path), "C44")
    }
    let file = try directory.write("b.csv", "id\n1\n")
    let wrong = try await server.curl(
      "/v1/uploads?format=bogus", "-F", "file=@\(file.path)", "-H", "Prefer: respond-async")
    #expect(wrong.status == 400)
    #expect(try await server.curl("/v1/uploads/\(String(repeating: "0", count: 32))").status == 404)
    #expect(files(under: directory["store/scratch"]).isEmpty)
  }

  @Test("SIGTERM finishes what was accepted in the background too")
  func termination() async throws {
    let directory = try TemporaryDirectory()
    let options = ["--worker", try Binaries.misbehavingWorker(), "--worker-seconds", "2"]
    let server = try await Server.start(store: directory["store"], options)
    let accepted = try await send("attack:wait,b\n1,2\n", to: server)
    server.child.signal(SIGTERM)
    let ended = try await server.child.end()
    #expect(ended.status == 0, "\(ended.talk)")
    let next = try await Server.start(store: directory["store"])
    let decided = try await next.curl("/v1/uploads/\(accepted.id)")
    #expect((try decided.object()["verdict"] as? [String: Any])?["code"] as? String == "worker_timeout")
  }
}

extension Server.Answer {
  fileprivate var isOnItsWay: Bool {
    get throws { ["queued", "reading"].contains(try object()["status"] as? String) }
  }
}
